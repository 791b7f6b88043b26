import { setTimeout as delay } from 'node:timers/promises';
import { resetHosts, type Lab } from '../lab/hosts.ts';
import { startWriter, type WriterFigures } from '../lab/writer.ts';
import type { Contender } from './contender.ts';
import type { Referee } from './referee.ts';
import type { Repository } from './repository.ts';

/** A contender’s seconds in one round. */
export interface RoundSample {
  firstApply: number;
  nothingToChange: readonly number[];
  /** Empty for contenders that always verify. */
  nothingUnverified: readonly number[];
  status: readonly number[];
  maxmemory: number;
  writes: WriterFigures;
  /** A start-only directive, on all three nodes. */
  restart: number;
  restartWrites: WriterFigures;
}

export interface Course {
  repository: Repository;
  lab: Lab;
  referee: Referee;
}

const STATUS_TIMES = 5;
const NOTHING_TIMES = 3;
const WRITE_EVERY_MS = 5;
/** Milliseconds of writing before and after the change. */
const WRITING_AROUND_MS = 500;
const MAXMEMORY_BYTES = 256 * 1024 * 1024;
const DATABASES = 32;

/** One contender from bare hosts to the last change. Work left undone fails the bench. */
export async function playRound(contender: Contender, { repository, lab, referee }: Course): Promise<RoundSample> {
  await repository.ask([]);
  await resetHosts();
  const firstApply = await seconds(() => expectApply(contender.apply(), 'changed'));
  await referee.expectHealthy();
  const nothingToChange = await several(NOTHING_TIMES, () => expectApply(contender.apply(), 'unchanged'));
  const { applyUnverified } = contender;
  const nothingUnverified = applyUnverified
    ? await several(NOTHING_TIMES, () => expectApply(applyUnverified(), 'unchanged'))
    : [];
  const status = await several(STATUS_TIMES, () => contender.status());

  const underWriter = (lines: readonly string[]) => changeUnderWriter(contender, { repository, lab, referee }, lines);
  const maxmemory = await underWriter(['redis_maxmemory: 256mb']);
  await referee.expectRunning('maxmemory', String(MAXMEMORY_BYTES));
  const restart = await underWriter(['redis_maxmemory: 256mb', 'redis_config:', `  databases: ${DATABASES}`]);
  await referee.expectRunning('databases', String(DATABASES));
  return {
    firstApply,
    nothingToChange,
    nothingUnverified,
    status,
    maxmemory: maxmemory.seconds,
    writes: maxmemory.writes,
    restart: restart.seconds,
    restartWrites: restart.writes,
  };
}

async function changeUnderWriter(
  contender: Contender,
  { repository, lab, referee }: Course,
  lines: readonly string[],
): Promise<{ seconds: number; writes: WriterFigures }> {
  const writer = startWriter({
    addresses: lab.hosts.map(({ address }) => address),
    port: 6379,
    password: repository.password,
    intervalMs: WRITE_EVERY_MS,
  });
  await delay(WRITING_AROUND_MS);
  await repository.ask(lines);
  const taken = await seconds(() => expectApply(contender.apply(), 'changed'));
  await delay(WRITING_AROUND_MS);
  const writes = await writer.finish();
  await referee.expectHealthy();
  return { seconds: taken, writes };
}

type ApplyOutcome = 'changed' | 'unchanged';

async function expectApply(apply: Promise<ApplyOutcome>, expected: ApplyOutcome): Promise<void> {
  const outcome = await apply;
  if (outcome !== expected) throw new Error(`The apply left the nodes ${outcome}, not ${expected}.`);
}

async function several(times: number, work: () => Promise<void>): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let time = 0; time < times; time += 1) taken.push(await seconds(work));
  return taken;
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
