import { setTimeout as delay } from 'node:timers/promises';
import { checkout } from '../../src/adapters/disk/checkout.ts';
import { isFinal, type RunRecord } from '../../src/domain/run/run.ts';
import { actionsOf } from '../../src/domain/plan.ts';
import { propose, type OperationPorts } from '../../src/operation.ts';
import { readDesired } from '../../src/desired/read-desired.ts';
import { verify } from '../../src/verify/verify.ts';
import { until } from '../until.ts';
import { NO_INJURY, anyInjury, type Choice } from './injury.ts';
import type { Product } from './product.ts';
import type { Random } from './random.ts';

/** What one round did, and how the cluster was left. */
export interface Round {
  injury: string;
  atMs: number;
  /** How each run ended: its code. */
  runs: readonly string[];
  /** Workers that the first run took. */
  attempts: number;
  /** How often it was planned again by itself. */
  retries: number;
  tookMs: number;
}

export interface Stage extends OperationPorts {
  product: Product;
  /** A checkout that says what the branch says. */
  folder: string;
}

const MOST_RUNS = 4;
/** The injury comes within that time of the merge. */
const WITHIN_MS = 4000;
const ENDS_WITHIN_SECONDS = 180;
const HEALTHY_WITHIN_SECONDS = 90;

/** Merges a change while something happens, by chance or nothing. @throws when the cluster is not as asked and healthy after it. */
export async function playRound(
  number: number,
  variables: readonly string[],
  random: Random | null,
  choice: Choice,
  stage: Stage,
): Promise<Round> {
  const startedAt = performance.now();
  const injury = random ? anyInjury(random, choice) : NO_INJURY;
  const atMs = random?.below(WITHIN_MS) ?? 0;
  const pullRequest = await stage.product.merge(`Round ${number}`, variables);
  const run = await until('the run of the merge', 30, () => stage.product.runOf(pullRequest));
  const [first] = await Promise.all([ended(run, stage), delay(atMs).then(() => injury.inflict(stage.product))]);
  const ends = [first];
  const name = `${injury.name} at ${atMs} ms`;
  await settled(name, stage);
  while (!(await isAsAsked(stage))) {
    if (ends.length === MOST_RUNS) throw new Error(`${name}: not as asked after ${ends.map(told).join(', then ')}`);
    ends.push(await appliedAgain(stage));
    await settled(name, stage);
  }
  const tookMs = Math.round(performance.now() - startedAt);
  return {
    injury: injury.name,
    atMs,
    runs: ends.map(told),
    attempts: first.attempt ?? 1,
    retries: first.retries ?? 0,
    tookMs,
  };
}

/** Somebody says yes where somebody must. */
async function ended({ run }: RunRecord, { product }: Stage): Promise<RunRecord> {
  let last = '';
  return until(`the end of ${run}`, ENDS_WITHIN_SECONDS, async () => {
    const record = await product.run(run);
    if (!record) throw new Error(`the run ${run} is gone`);
    last = record.status;
    if (isFinal(record.status)) return record;
    if (record.status === 'awaiting-approval') {
      await product.approve();
      await delay(1000);
    }
    return null;
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}: it is ${last}`, { cause: error });
  });
}

async function appliedAgain(stage: Stage): Promise<RunRecord> {
  const before = new Set((await stage.product.runs()).map(({ run }) => run));
  const record = await until('a further run', 60, async () => {
    if (!(await stage.product.apply())) return null;
    await delay(2000);
    return (await stage.product.runs()).find(({ run }) => !before.has(run)) ?? null;
  });
  return ended(record, stage);
}

async function isAsAsked({ folder, ...ports }: Stage): Promise<boolean> {
  const { plan } = await propose({ kind: 'converge' }, checkout(folder), undefined, ports);
  if (plan.blockers.length > 0) throw new Error(`blocked: ${plan.blockers.map(({ message }) => message).join('; ')}`);
  return actionsOf(plan).length === 0;
}

/** Without anybody’s doing. */
async function settled(name: string, { folder, nodes }: Stage): Promise<void> {
  const desired = await readDesired(checkout(folder), {});
  let why = '';
  await until('the cluster is healthy', HEALTHY_WITHIN_SECONDS, async () => {
    const { verdict, reasons } = await verify(desired, nodes);
    why = reasons.map(({ message }) => message).join('; ');
    return verdict === 'healthy' ? true : null;
  }).catch((error: unknown) => {
    throw new Error(`${name}: ${String(error)}: ${why}`, { cause: error });
  });
}

function told({ code, message }: RunRecord): string {
  return code === 'DONE' || code === 'NOTHING_TO_DO' ? code : `${code} (${message?.slice(0, 160)})`;
}
