import { AbstractConnector, Redis } from 'ioredis';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { NodeAddress } from '../../domain/desired.ts';
import { RedisopsError } from '../../domain/error.ts';
import { nodeWords } from '../../domain/node-words.ts';
import { Secret } from '../../domain/secret.ts';
import type { RedisLink, RedisReply } from '../../ports/nodes.ts';

const COMMAND_TIMEOUT_MS = 5000;
/** What Redis answers to AUTH where no password is set: we are in all the same (Redis 7.0, acl.c). */
const NO_PASSWORD_SET = /AUTH <password> called without any password configured/;

/**
 * Redis over any stream, no retries. A node that is loading, or refuses writes, can still be read.
 * @throws REDIS_AUTH_FAILED, REDIS_TIMEOUT, REDIS_CONNECTION_LOST or REDIS_ERROR.
 */
export async function openRedis(
  stream: Duplex,
  node: NodeAddress,
  password: Secret | undefined,
  commandTimeoutMs: number = COMMAND_TIMEOUT_MS,
): Promise<RedisLink> {
  const link = linkOver(clientOn(stream, commandTimeoutMs), node, password);
  try {
    await authenticate(link, node, password);
    return link;
  } catch (error) {
    link.close();
    throw error;
  }
}

function clientOn(stream: Duplex, commandTimeout: number): Redis {
  class StreamConnector extends AbstractConnector {
    constructor() {
      super(0);
    }

    override connect(): Promise<Socket> {
      this.connecting = true;
      this.stream = asSocket(stream);
      return Promise.resolve(this.stream);
    }
  }
  // ioredis listens only once it is connected.
  stream.on('error', () => {});
  const redis = new Redis({
    Connector: StreamConnector,
    // A node that is loading must be readable.
    enableReadyCheck: false,
    disableClientInfo: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    commandTimeout,
    protocol: 2,
  });
  // Every command reports its own failure.
  redis.on('error', () => {});
  return redis;
}

/** ioredis takes its stream for a socket and sets what only a socket has. */
function asSocket(stream: Duplex): Socket {
  const nothing = (): Duplex => stream;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of a socket it uses no more than these and a stream.
  return Object.assign(stream, { setNoDelay: nothing, setKeepAlive: nothing, setTimeout: nothing }) as never;
}

async function authenticate(link: RedisLink, node: NodeAddress, password: Secret | undefined): Promise<void> {
  try {
    // Without a password in Git, a PING shows whether the node wants one.
    await (password ? link.command('AUTH', password) : link.command('PING'));
  } catch (error) {
    if (!(error instanceof RedisopsError) || error.code !== 'REDIS_ERROR') throw error;
    if (NO_PASSWORD_SET.test(error.message) || /: (?:-?LOADING|-?MASTERDOWN) /.test(error.message)) return;
    if (!/WRONGPASS|NOAUTH|invalid password/.test(error.message)) throw error;
    const message = password
      ? `Redis on ${node.name} refuses the password that Git has.`
      : `Redis on ${node.name} wants a password, and Git has none.`;
    throw new RedisopsError('REDIS_AUTH_FAILED', message, {
      hint: 'Is redis_password right? Changing a password that is in use is not available yet.',
    });
  }
}

function linkOver(redis: Redis, node: NodeAddress, password: Secret | undefined): RedisLink {
  const secrets = password ? [password] : [];
  return {
    async command(name, ...parameters) {
      const plain = parameters.map((parameter) => (parameter instanceof Secret ? parameter.reveal() : parameter));
      const hidden = [...secrets, ...parameters.filter((parameter) => parameter instanceof Secret)];
      try {
        return replyOf(await redis.call(name, ...plain));
      } catch (error) {
        throw commandError(error, name, node, hidden);
      }
    },
    async transaction(commands) {
      const batch = redis.multi();
      for (const [name = '', ...parameters] of commands) batch.call(name, ...parameters);
      try {
        const answers = (await batch.exec()) ?? [];
        return answers.map(([error, answer]) => {
          if (error) throw error;
          return replyOf(answer);
        });
      } catch (error) {
        throw commandError(error, 'EXEC', node, secrets);
      }
    },
    close: () => redis.disconnect(),
  };
}

function replyOf(value: unknown): RedisReply {
  if (Array.isArray(value)) return value.map(replyOf);
  if (value === null || typeof value === 'number' || typeof value === 'string') return value;
  throw new TypeError(`Redis answered with a ${typeof value}`);
}

/** ioredis’s errors carry the command with its arguments, secrets and all: only their text is kept. */
function commandError(error: unknown, command: string, node: NodeAddress, secrets: readonly Secret[]): RedisopsError {
  const text = nodeWords(error instanceof Error ? error.message : String(error), secrets);
  const isReply = error instanceof Error && error.name === 'ReplyError';
  if (isReply || /^[A-Z]{3,} /.test(text))
    return new RedisopsError('REDIS_ERROR', `Redis on ${node.name} answered ${command}: ${text}`, {
      hint: 'This is Redis’s own word; its log may say more.',
    });
  if (text === 'Command timed out')
    return new RedisopsError('REDIS_TIMEOUT', `Redis on ${node.name} did not answer ${command} in time.`, {
      hint: 'Redis may hang, or a command or a fork may block it: look at its log and load.',
    });
  return new RedisopsError('REDIS_CONNECTION_LOST', `The connection to Redis on ${node.name} was lost (${command}).`, {
    hint: 'Is Redis running? Look at the unit and its log.',
  });
}
