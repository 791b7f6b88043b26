import type { NodeAddress } from '../domain/desired.ts';
import type { Endpoint } from '../domain/replication/endpoint.ts';
import type { Secret, SensitiveText } from '../domain/secret.ts';
import type { Script } from '../domain/shell.ts';

/** The way to the nodes. Connections are kept and shared; `close` ends them all. */
export interface Nodes {
  /** Fails with SSH_UNREACHABLE, SSH_TIMEOUT, SSH_HOST_KEY or SSH_AUTH. */
  connect(node: NodeAddress): Promise<NodeSession>;
  /** Looks at what every connection needs on this machine. @throws SETTINGS_INVALID */
  checkHere?(): Promise<void>;
  /**
   * Subscribes to everything that a Redis or Sentinel on the node’s `redisPort` publishes. Fails as `connect` and
   * `NodeSession.redis` do.
   */
  listen?(
    node: NodeAddress,
    password: Secret | undefined,
    take: (channel: string, message: string) => void,
  ): Promise<Listening>;
  close(): Promise<void>;
}

export interface Listening {
  /** Resolves once the subscription is lost or closed: no more messages come. */
  ended: Promise<void>;
  /** Fails if the other end no longer answers. */
  ping(): Promise<void>;
  close(): void;
}

export interface CommandOptions {
  /** Positional parameters of the script: `$1`, `$2`, … Secrets go to `input`. */
  parameters?: readonly string[];
  /** The script’s stdin; the way for secrets. */
  input?: SensitiveText | string;
  /** Milliseconds; 15,000 by default. */
  timeoutMs?: number;
}

export interface CommandResult {
  status: number;
  stdout: string;
  stderr: string;
}

export type StreamResult = Omit<CommandResult, 'stdout'>;

/** One node, over one SSH connection. */
export interface NodeSession {
  readonly node: NodeAddress;
  /**
   * Runs a shell script as root (`sudo -n`). A non-zero status is a result, not an error. Fails with SUDO_REFUSED,
   * COMMAND_TIMEOUT or an SSH code.
   */
  run(script: Script, options?: CommandOptions): Promise<CommandResult>;
  /** Like `run`, for output of any length: `take` gets each chunk of stdout, and the node waits until it returns. */
  stream(script: Script, options: CommandOptions, take: (chunk: Uint8Array) => Promise<void>): Promise<StreamResult>;
  /** Starts a process that lives as long as its heartbeats, and so no longer than the connection: see `domain/hold.ts`. */
  hold(script: Script, options?: CommandOptions): Promise<Hold>;
  /**
   * Starts a script that prints a NUL once it reads, then answers each line of its input, each answer ended by a NUL. The
   * time limit is for each.
   */
  talk(script: Script, options?: CommandOptions): Promise<Talk>;
  /**
   * Connects to the node’s Redis through SSH; or to another endpoint, as the node reaches it. Fails with
   * REDIS_UNREACHABLE, REDIS_AUTH_FAILED or REDIS_TIMEOUT.
   */
  redis(password: Secret | undefined, at?: Endpoint): Promise<RedisLink>;
}

/** A script that printed its first line and keeps running until `release`, or until the connection is lost. */
export interface Hold {
  firstLine: string;
  /** Aborted when the hold ends before `release`: the script, the connection, or the node’s patience ended. */
  lost: AbortSignal;
  release(): Promise<void>;
}

/** A script that waits for lines: nothing has to start when one is sent. */
export interface Talk {
  /** In turn. @throws COMMAND_FAILED with its words if the script ended; COMMAND_TIMEOUT, SSH_UNREACHABLE. */
  ask(line: string): Promise<string>;
  close(): void;
}

export type RedisReply = string | number | null | readonly RedisReply[];

/**
 * Commands sent without waiting go out in one batch, in order. An error reply fails with the code of what it
 * means (`domain/redis/error-reply.ts`), a missing reply with REDIS_TIMEOUT.
 */
export interface RedisLink {
  command(name: string, ...parameters: readonly (string | Secret)[]): Promise<RedisReply>;
  /** MULTI … EXEC: all or none, with nothing between. */
  transaction(commands: readonly (readonly string[])[]): Promise<readonly RedisReply[]>;
  close(): void;
}
