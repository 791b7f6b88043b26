import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { exampleRepository } from '../../lab/example-repository.ts';
import { labHosts, onHost, resetHosts } from '../../lab/hosts.ts';
import { runProgram, type ProgramResult } from '../../lab/run-program.ts';
import { writeFiles } from '../../lab/write-files.ts';
import { PASSWORD } from './lab-cluster.ts';
import { note } from './pool/transcript.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const HOSTS = ['redis-01', 'redis-02', 'redis-03'];

/** The built program as a person has it: a checkout, a key, and a terminal. */
export interface Program {
  folder: string;
  stateDirectory: string;
  /** Adds or replaces these files in the checkout. */
  write(files: Readonly<Record<string, string | Buffer>>): Promise<void>;
  /** Sets the checkout to the example repository with these variables and directives. */
  asks(options?: Asked): Promise<void>;
  /** Makes the nodes match the checkout. @throws if that fails. */
  applies(): Promise<void>;
  /** For starting it differently. */
  command(argv: readonly string[]): { argv: readonly string[]; environment: NodeJS.ProcessEnv };
  /** A process that is ended early. */
  start(argv: readonly string[]): ChildProcess;
  run(argv: readonly string[], environment?: Readonly<Record<string, string>>): Promise<ProgramResult>;
  /** The answer with --json, whatever the status. @throws if it does not have this shape. */
  json<T>(shape: z.ZodType<T>, ...argv: readonly string[]): Promise<T>;
  close(): Promise<void>;
}

export interface Asked {
  variables?: readonly string[];
  directives?: Readonly<Record<string, string | number>>;
  password?: string;
}

/** Replicas in tests do not wait for others. */
const DIRECTIVES = { 'repl-diskless-sync-delay': 0 };

export function repositoryFor({ variables = [], directives = {}, password = PASSWORD }: Asked) {
  const config = Object.entries({ ...DIRECTIVES, ...directives }).map(([name, value]) => `  ${name}: ${value}`);
  return exampleRepository({
    password: password.replaceAll('"', '\\"'),
    replication: true,
    variables: [...variables, 'redis_config:', ...config],
  });
}

/** The program with its own repository and state. */
export async function openProgram(): Promise<Program> {
  const home = await mkdtemp(join(tmpdir(), 'redisops-program-'));
  const folder = join(home, 'checkout');
  const stateDirectory = join(home, 'state');
  await mkdir(stateDirectory, { mode: 0o700 });
  const { keyFile, knownHostsFile } = labHosts();
  const write: Program['write'] = async (files) => {
    await writeFiles(folder, files);
  };
  const parametersOf = (argv: readonly string[]) => [join(ROOT, 'dist/src/cli.js'), ...argv, '--repo', folder];
  const own = {
    PATH: process.env['PATH'],
    HOME: home,
    SSH_PRIVATE_KEY_FILE: keyFile,
    SSH_KNOWN_HOSTS_FILE: knownHostsFile,
    STATE_DIR: stateDirectory,
  };
  const run: Program['run'] = async (argv, environment = {}) => {
    const answer = await runProgram([process.execPath, ...parametersOf(argv)], {
      environment: { ...own, ...environment },
    });
    const { code, stdout, stderr } = answer;
    note(`$ redisops ${argv.join(' ')}   (status ${code})\n${stdout}${stderr}`);
    return answer;
  };
  return {
    folder,
    stateDirectory,
    write,
    asks: (options = {}) => write(repositoryFor(options)),
    async applies() {
      const { code, stdout, stderr } = await run(['apply', '--yes', '--json']);
      if (code !== 0) throw new Error(`The nodes did not become as asked: ${stdout}${stderr}`);
    },
    command: (argv) => ({ argv: [process.execPath, ...parametersOf(argv)], environment: own }),
    start(argv) {
      const child = spawn(process.execPath, parametersOf(argv), { env: own });
      note(`$ redisops ${argv.join(' ')} &`);
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => note(text.toString()));
      return child;
    },
    run,
    json: async (shape, ...argv) => shape.parse(JSON.parse((await run([...argv, '--json'])).stdout)),
    close: () => rm(home, { recursive: true }),
  };
}

/** The program, with a healthy cluster that it made from fresh hosts. @throws if that fails. */
export async function openHealthyCluster(asked: Asked = {}): Promise<Program> {
  await resetHosts();
  const program = await openProgram();
  await program.asks(asked);
  await program.applies();
  return program;
}

/** Fails if the command fails: a test must not begin on an unexpected host. */
export async function on(host: string, command: string): Promise<string> {
  const { code, stdout, stderr } = await onHost(host, command);
  if (code !== 0) throw new Error(`${host}: ${command}: status ${code}: ${stderr}`);
  return stdout.trim();
}

/**
 * Everything a change could affect on the hosts: files by content and time, the unit by its process, Redis by its
 * directives.
 */
export async function fingerprint(password = PASSWORD): Promise<readonly string[]> {
  const script = `
IFS= read -r REDISCLI_AUTH; export REDISCLI_AUTH
for file in /etc/redis/* /etc/systemd/system/redis-server.service.d/* /data/redis; do
  stat -c '%n %U %G %a %Z' "$file" 2>/dev/null && sha256sum "$file" 2>/dev/null
done
systemctl show redis-server -p MainPID,NRestarts,ActiveState
redis-cli --no-auth-warning CONFIG GET '*' 2>/dev/null
redis-cli --no-auth-warning ROLE 2>/dev/null | grep -vE '^[0-9]+$'
exit 0`;
  // Redis keeps its own files in the data directory; its own change time moves with them.
  return Promise.all(
    HOSTS.map(async (host) => {
      const { stdout } = await onHost(host, ['bash', '-c', script], { stdin: `${password}\n` });
      return stdout.replaceAll(/^(\/data\/redis .*) \d+$/gm, '$1');
    }),
  );
}
