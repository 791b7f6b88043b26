import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { sshNodes } from '../../src/adapters/ssh.ts';
import { exampleRepository } from '../example-repository.ts';
import { labHosts, resetHosts } from '../hosts.ts';
import { startWriter } from '../writer.ts';
import { seeded } from './random.ts';
import { playRound } from './round.ts';

/**
 * Changes under injuries: a client writes all the time, and after each round the cluster must be healthy without a human.
 * At the end every acknowledged write must be there. Exit status 1 when anything of that did not hold.
 */
const { values } = parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' } } });
const rounds = Number(values.rounds ?? 100);
const seed = Number(values.seed ?? 1);
const password = randomBytes(16).toString('hex');
const lab = labHosts();
const folder = await mkdtemp(join(tmpdir(), 'redisops-chaos-'));
const nodes = sshNodes({ user: lab.sshUser, privateKeyFile: lab.keyFile, knownHostsFile: lab.knownHostsFile });
const ports = { nodes, clock: { now: () => new Date() } };
const random = seeded(seed);

/** Some changes are live, some need a restart of every node. */
async function ask(round: number): Promise<void> {
  const restarts = round % 3 !== 0;
  const variables = [
    `redis_maxmemory: ${200 + round}mb`,
    'redis_config:',
    `  databases: ${restarts ? 16 + (round % 40) : 16}`,
    '  repl-diskless-sync-delay: 0',
  ];
  const files = exampleRepository({ password, replication: true, variables });
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function play(): Promise<boolean> {
  await resetHosts();
  await ask(0);
  await playRound(folder, null, ports);
  const addresses = lab.hosts.map(({ address }) => address);
  const writer = startWriter({ addresses, port: 6379, password, intervalMs: 5 });
  const failure = await playRounds().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : 'failed'),
  );
  const { acknowledged, lost, longestGapMs } = await writer.finish();
  if (failure !== null) tell(`✖ ${failure}`);
  tell(
    `${lost === 0 ? '✔' : '✖'} acknowledged writes lost: ${lost} of ${acknowledged}; longest gap ${longestGapMs} ms`,
  );
  return failure === null && lost === 0;
}

/** @throws Error for the first round that does not end well. */
async function playRounds(): Promise<void> {
  for (let round = 1; round <= rounds; round += 1) {
    await ask(round);
    const { injury, atMs, workers, applied } = await playRound(folder, random, ports);
    tell(`round ${round}: ${injury} at ${atMs} ms; ${workers.join(', then ')}; applied ${applied}`);
  }
}

try {
  if (!(await play())) process.exitCode = 1;
} finally {
  await nodes.close();
  await rm(folder, { recursive: true });
}
