import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { labHosts, resetHosts } from '../lab/hosts.ts';
import { startWriter } from '../lab/writer.ts';
import { hostLine } from './machine.ts';
import { referee } from './referee.ts';
import { makeRepository } from './repository.ts';

const VALUE_BYTES = 20_000;
const VALUES_AT_ONCE = 500;
const WRITE_EVERY_MS = 5;
/** Each may need a full synchronization. */
const ARRIVAL_MS = 600_000;

const DATABASES = 32;
const NEEDS_RESTART = ['redis_config:', `  databases: ${DATABASES}`];

const { values } = parseArgs({ options: { gigabytes: { type: 'string', default: '5' } } });
const bytes = Number(values.gigabytes) * 1e9;
if (!(bytes > 0)) throw new RangeError('--gigabytes takes a number above 0');

const lab = labHosts();
const repository = await makeRepository(randomBytes(16).toString('hex'));
const state = await mkdtemp(join(tmpdir(), 'redisops-large-'));
const judge = referee(repository, lab);
console.log(`${new Date().toISOString()}, ${hostLine()}`);
try {
  await resetHosts();
  await redisops('apply', '--yes');
  console.log(`\n${await fill()} on each host`);
  await repository.ask(NEEDS_RESTART);
  await underWriter('a restart of all three nodes', 'apply', '--yes');
  await judge.expectRunning('databases', String(DATABASES));
  await underWriter('a full synchronization of redis-03', 'resync', 'redis-03', '--yes');
} finally {
  await judge.close();
  await repository.remove();
  await rm(state, { recursive: true });
}

/** Writes incompressible values up to this size; returns Redis’s figures. */
async function fill(): Promise<string> {
  const master = new Redis({ host: lab.hosts[0]?.address ?? '', port: 6379, password: repository.password });
  try {
    const count = Math.ceil(bytes / VALUE_BYTES);
    for (let key = 0; key < count; key += VALUES_AT_ONCE) {
      const batch = master.pipeline();
      for (let at = key; at < Math.min(count, key + VALUES_AT_ONCE); at += 1)
        batch.set(`large:${at}`, randomBytes(VALUE_BYTES));
      await batch.exec();
    }
    if ((await master.wait(2, ARRIVAL_MS)) !== 2) throw new Error('The data did not arrive on both replicas.');
    const [, memory = '?'] = /used_memory_human:(\S+)/.exec(await master.info('memory')) ?? [];
    return `${count} keys, ${memory}`;
  } finally {
    master.disconnect();
  }
}

async function underWriter(what: string, ...words: readonly string[]): Promise<void> {
  const addresses = lab.hosts.map(({ address }) => address);
  const writer = startWriter({ addresses, port: 6379, password: repository.password, intervalMs: WRITE_EVERY_MS });
  const started = performance.now();
  await redisops(...words);
  const seconds = (performance.now() - started) / 1000;
  const { acknowledged, lost, longestGapMs } = await writer.finish();
  await judge.expectHealthy();
  const isHeld = lost === 0;
  console.log(
    `\n${isHeld ? '✔' : '✖'} ${what}: ${seconds.toFixed(1)} s; ${lost} of ${acknowledged} acknowledged writes lost, longest gap ${longestGapMs} ms`,
  );
  if (!isHeld) process.exitCode = 1;
}

/** As a person would; shows the output. @throws Error if it fails. */
async function redisops(...words: readonly string[]): Promise<void> {
  console.log(`\n$ redisops ${words.join(' ')}`);
  const program = resolve(import.meta.dirname, '../src/cli.js');
  const env = {
    ...process.env,
    SSH_USER: lab.sshUser,
    SSH_PRIVATE_KEY_FILE: lab.keyFile,
    SSH_KNOWN_HOSTS_FILE: lab.knownHostsFile,
    STATE_DIR: state,
  };
  const child = spawn(process.execPath, [program, ...words, '--repo', repository.path], { env, stdio: 'inherit' });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`redisops ${words.join(' ')} ended with status ${String(status)}.`);
}
