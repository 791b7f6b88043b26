import { spawn, type ChildProcess } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { propose, type OperationPorts } from '../../src/operation.ts';
import { checkout } from '../../src/adapters/checkout.ts';
import { verify } from '../../src/verify/verify.ts';
import { readDesired } from '../../src/desired/read-desired.ts';
import { until } from '../until.ts';
import { NO_INJURY, anyInjury } from './injury.ts';
import type { Random } from './random.ts';

/** What one round did, and how the cluster was left. */
export interface Round {
  injury: string;
  atMs: number;
  /** How each worker of the run ended: `DONE`, or `died`. */
  workers: readonly string[];
  /** Whether a second run had to do what the first left: after a step that failed, a run has ended. */
  applied: 'at once' | 'by a further run';
}

const MOST_WORKERS = 4;
const MOST_RUNS = 3;
/** The injury comes within that time of the worker’s beginning: first its own start, then the run. */
const WITHIN_MS = 3200;
const HEALTHY_WITHIN_SECONDS = 90;

/** Applies what the folder asks while something happens, by chance or nothing; ends with a healthy cluster, or throws. */
export async function playRound(folder: string, random: Random | null, ports: OperationPorts): Promise<Round> {
  const injury = random ? anyInjury(random) : NO_INJURY;
  const atMs = random?.below(WITHIN_MS) ?? 0;
  const workers: string[] = [];
  const hurt = async (worker: ChildProcess): Promise<void> => {
    await delay(atMs);
    await injury.inflict(worker);
  };
  for (let run = 0; run < MOST_RUNS; run += 1) {
    const done = await oneRun(folder, ports, workers, run === 0 ? hurt : null);
    await untilHealthy(folder, ports);
    if (done) return { injury: injury.name, atMs, workers, applied: run === 0 ? 'at once' : 'by a further run' };
  }
  throw new Error(`${injury.name} at ${atMs} ms: not applied by ${MOST_RUNS} runs: ${workers.join(', ')}`);
}

type Hurt = (worker: ChildProcess) => Promise<void>;

/** A run with as many workers as it takes: the next goes on where one died. Answers whether it was done. */
async function oneRun(folder: string, ports: OperationPorts, workers: string[], hurt: Hurt | null): Promise<boolean> {
  const { plan } = await propose({ kind: 'converge' }, checkout(folder), undefined, ports);
  if (plan.blockers.length > 0) throw new Error(`blocked: ${plan.blockers.map(({ message }) => message).join('; ')}`);
  await writeFile(join(folder, 'plan.json'), JSON.stringify(plan));
  await rm(join(folder, 'journal'), { force: true });
  for (let worker = 0; worker < MOST_WORKERS; worker += 1) {
    const end = await oneWorker(folder, worker === 0 ? hurt : null);
    workers.push(end);
    if (end !== 'died') return /^(?:DONE|NOTHING_TO_DO)$/.test(end.split(':')[0] ?? '');
  }
  throw new Error(`${MOST_WORKERS} workers of one run died`);
}

async function oneWorker(folder: string, hurt: Hurt | null): Promise<string> {
  const program = resolve(import.meta.dirname, 'worker.js');
  const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  const ended = new Promise<number | null>((settle) => child.once('close', settle));
  await Promise.all([hurt?.(child), ended]);
  if ((await ended) !== 0) return 'died';
  const found = /"code":"(\w+)","message":"(.*)"\}/.exec(said);
  return found?.[1] === 'DONE' || found?.[1] === 'NOTHING_TO_DO' ? found[1] : `${found?.[1]}: ${found?.[2]}`;
}

async function untilHealthy(folder: string, { nodes }: OperationPorts): Promise<void> {
  const desired = await readDesired(checkout(folder), {});
  let why = '';
  await until('the cluster is healthy', HEALTHY_WITHIN_SECONDS, async () => {
    const { verdict, reasons } = await verify(desired, nodes);
    why = reasons.map(({ message }) => message).join('; ');
    return verdict === 'healthy' ? true : null;
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${why}`, { cause: error });
  });
}
