import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sshNodes } from '../../src/adapters/ssh/ssh.ts';
import { isFinal } from '../../src/domain/run/run.ts';
import { exampleRepository } from '../example-repository.ts';
import { writeFiles } from '../write-files.ts';
import { labHosts, onHost, resetHosts } from '../hosts.ts';
import { startWriter } from '../writer.ts';
import { startProduct, type Product } from './product.ts';
import { seeded } from './random.ts';
import { startReader } from './reader.ts';
import { playRound } from './round.ts';
import { realClock } from '../../src/time/real-clock.ts';

/**
 * Merges under injuries: one client writes all the time, another reads back. After each round the cluster must be healthy and as
 * asked without a human; at the end every acknowledged write must be there, and every merge have one run that is over.
 * Exit status 1 when anything of that did not hold.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string' },
    persistent: { type: 'boolean' },
  },
});
const rounds = Number(values.rounds ?? 100);
const choice = { only: values.only ?? null, persistent: values.persistent ?? false };
const password = randomBytes(16).toString('hex');
const lab = labHosts();
const folder = await mkdtemp(join(tmpdir(), 'redisops-chaos-'));
const nodes = sshNodes({ user: lab.sshUser, privateKeyFile: lab.keyFile, knownHostsFile: lab.knownHostsFile });
const ports = { nodes, clock: realClock };
const random = seeded(Number(values.seed ?? 1));
/** A disk of its own, to be filled; also after a reboot. */
const DISK = '/data/redis';
const NO_DISK = `umount ${DISK} 2>/dev/null; rm -f /etc/tmpfiles.d/chaos.conf; sed -i '\\,^tmpfs ${DISK} ,d' /etc/fstab`;
const A_DISK = `echo 'tmpfs ${DISK} tmpfs size=48m,uid=redis,gid=redis,mode=750' >>/etc/fstab && mkdir -p ${DISK} && mount ${DISK}`;
/** As on a disk that keeps its folders. */
const ITS_FOLDER = `echo 'd ${DISK}/appendonlydir 0750 redis redis' >/etc/tmpfiles.d/chaos.conf`;

/** What a master acknowledged right before its death and had neither written nor sent (`appendfsync everysec`: a second, or two). */
function isOfRedis(acknowledgedAt: number, death: number): boolean {
  return acknowledgedAt > death - 2000 && acknowledgedAt < death + 1000;
}

/** Some changes are live, some need a restart of every node. */
async function ask(round: number): Promise<readonly string[]> {
  const variables = [
    `redis_maxmemory: ${200 + round}mb`,
    'redis_config:',
    `  databases: ${round % 3 === 0 ? 16 : 16 + (round % 40)}`,
    '  repl-diskless-sync-delay: 0',
    ...(choice.persistent ? ['  appendonly: "yes"'] : []),
  ];
  const files = exampleRepository({ password, replication: true, variables });
  await writeFiles(folder, files);
  return variables;
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function play(product: Product): Promise<boolean> {
  const stage = { ...ports, product, folder };
  await playRound(0, await ask(0), null, choice, stage);
  const client = { addresses: lab.hosts.map(({ address }) => address), port: 6379, password };
  const writer = startWriter({ ...client, intervalMs: 5 });
  const reader = startReader({ ...client, acknowledged: writer.acknowledged });
  const failure = await playRounds().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : 'failed'),
  );
  const { reads, wrong, missing } = await reader.finish();
  const { acknowledged, lost: all, longestGapMs } = await writer.finish();
  const ofRedis = writer.lostAt.filter((at) => product.masterDeaths.some((death) => isOfRedis(at, death))).length;
  const lost = all - ofRedis;
  if (failure !== null) tell(`✖ ${failure}`);
  const mark = (holds: boolean): string => (holds ? '✔' : '✖');
  tell(`${mark(lost === 0)} acknowledged writes lost: ${lost} of ${acknowledged}; longest gap ${longestGapMs} ms`);
  if (product.masterDeaths.length > 0)
    tell(`  ${ofRedis} more were lost by Redis itself, as its master was killed ${product.masterDeaths.length} times`);
  tell(`${mark(wrong === 0)} wrong answers: ${wrong} of ${reads}; from a master that was none any more: ${missing}`);
  const strays = await wrongRuns();
  tell(`${mark(strays.length === 0)} merges without one run that is over: ${strays.join(', ') || 'none'}`);
  return failure === null && lost === 0 && wrong === 0 && strays.length === 0;

  /** @throws Error for the first round that does not end well. */
  async function playRounds(): Promise<void> {
    for (let round = 1; round <= rounds; round += 1) {
      const { injury, atMs, runs, attempts, retries, tookMs } = await playRound(
        round,
        await ask(round),
        random,
        choice,
        stage,
      );
      const workers = attempts === 1 ? '' : `; taken up ${attempts} times`;
      const again = retries === 0 ? '' : `, planned again ${retries} times`;
      tell(
        `round ${round}: ${injury} at ${atMs} ms: ${runs.join(', then ')}${workers}${again}; ${Math.round(tookMs / 1000)} s`,
      );
    }
  }

  async function wrongRuns(): Promise<readonly string[]> {
    const runs = await product.runs();
    const merges = runs.flatMap(({ origin }) => origin.pullRequest ?? []);
    const doubled = merges.filter((pullRequest, at) => merges.indexOf(pullRequest) !== at);
    const open = runs.filter(({ status }) => !isFinal(status)).map(({ run }) => run);
    return [...open, ...doubled.map((pullRequest) => `#${pullRequest} twice`)];
  }
}

await resetHosts();
for (const { name } of lab.hosts) await onHost(name, `${NO_DISK}; ${A_DISK}; ${ITS_FOLDER}`);
const product = await startProduct(password);
try {
  if (!(await play(product))) process.exitCode = 1;
} finally {
  await product.close();
  await nodes.close();
  // What is on a disk that is taken away is gone: nobody needs it any more.
  for (const { name } of lab.hosts) await onHost(name, `systemctl stop redis-server; ${NO_DISK}`);
  await rm(folder, { recursive: true });
}
