import type { ContenderName } from './contender.ts';
import type { RoundSample } from './round.ts';
import type { StartSample } from './starts.ts';

/** All rounds of a contender: medians in seconds; writes of all rounds together. */
export interface Figures {
  status: number;
  firstApply: number;
  nothingToChange: number;
  /** Without verification; with it, for contenders that always verify. */
  nothingUnverified: number;
  maxmemory: number;
  writes: Writes;
  restart: number;
  restartWrites: Writes;
  /** Milliseconds; the median over the rounds of the longest gap in each. */
  gapMs: number;
}

/** Medians over all rounds, in seconds. */
export type Starts = Readonly<Record<keyof StartSample, number>>;

export interface Writes {
  acknowledged: number;
  lost: number;
  refused: number;
  longestGapMs: number;
}

export type Results = Readonly<Record<ContenderName, Figures>>;

/** A claim, and whether it held in this run. */
export interface Target {
  claim: string;
  wanted: number;
  got: number;
  held: boolean;
  /** An upper bound; default: a lower one. */
  atMost?: true;
}

const QUICK_STATUS_SECONDS = 0.06;
/** Fewer acknowledged writes per round prove nothing. */
const LEAST_WRITES = 50;

export function figuresOf(samples: readonly RoundSample[]): Figures {
  const nothingToChange = samples.flatMap((sample) => sample.nothingToChange);
  const unverified = samples.flatMap((sample) => sample.nothingUnverified);
  return {
    status: median(samples.flatMap(({ status }) => status)),
    firstApply: median(samples.map(({ firstApply }) => firstApply)),
    nothingToChange: median(nothingToChange),
    nothingUnverified: median(unverified.length > 0 ? unverified : nothingToChange),
    maxmemory: median(samples.map(({ maxmemory }) => maxmemory)),
    writes: together(samples.map(({ writes }) => writes)),
    restart: median(samples.map(({ restart }) => restart)),
    restartWrites: together(samples.map(({ restartWrites }) => restartWrites)),
    gapMs: median(
      samples.map(({ writes, restartWrites }) => Math.max(writes.longestGapMs, restartWrites.longestGapMs)),
    ),
  };
}

export function startsOf(samples: readonly StartSample[]): Starts {
  const medianOf = (name: keyof StartSample): number => median(samples.flatMap((sample) => sample[name]));
  return { node: medianOf('node'), help: medianOf('help'), ssh: medianOf('ssh'), status: medianOf('status') };
}

function together(writes: readonly Writes[]): Writes {
  return {
    acknowledged: sum(writes.map(({ acknowledged }) => acknowledged)),
    lost: sum(writes.map(({ lost }) => lost)),
    refused: sum(writes.map(({ refused }) => refused)),
    longestGapMs: Math.max(0, ...writes.map(({ longestGapMs }) => longestGapMs)),
  };
}

/**
 * Ansible keeps its connections, so it is compared with the bot, which does too. If nothing is to change, Ansible may
 * also skip its verification; the bot never does. Neither way of using redisops may lose writes.
 */
export function targetsOf(results: Results, starts: Starts): readonly Target[] {
  const { ansible, bot } = results;
  const ways = [bot, results['command-line']];
  const lost = sum(ways.map(({ writes, restartWrites }) => writes.lost + restartWrites.lost));
  const fewest = Math.min(
    ...ways.flatMap(({ writes, restartWrites }) => [writes.acknowledged, restartWrites.acknowledged]),
  );
  return [
    statusTarget(ansible.status / bot.status, bot.status),
    atLeast('apply, nothing to change: times faster', 40, ansible.nothingToChange / bot.nothingToChange),
    atLeast('  than Ansible without verifying', 15, ansible.nothingUnverified / bot.nothingToChange),
    atLeast('first apply: times faster', 2, ansible.firstApply / bot.firstApply),
    atLeast('change of maxmemory: times faster', 20, ansible.maxmemory / bot.maxmemory),
    atLeast('restart of all three nodes: times faster', 5, ansible.restart / bot.restart),
    atMost('restart of all three nodes: seconds', 3, bot.restart),
    atMost('longest write gap, median of the rounds: milliseconds', 20, bot.gapMs),
    atMost('redisops --help: times node -e 0', 2, starts.help / starts.node),
    atMost('redisops status, cold: times ssh HOST true on three hosts', 1.5, starts.status / starts.ssh),
    atLeast('acknowledged writes that the claim of none lost rests on', LEAST_WRITES, fewest),
    { claim: 'acknowledged writes lost', wanted: 0, got: lost, held: lost === 0 },
  ];
}

/** Below 60 ms, other work on the machine decides the ratio. */
function statusTarget(ratio: number, seconds: number): Target {
  const isQuick = seconds <= QUICK_STATUS_SECONDS;
  return {
    claim: 'status of three nodes: times faster, or within 60 ms',
    wanted: 16,
    got: ratio,
    held: ratio >= 16 || isQuick,
  };
}

function atMost(claim: string, wanted: number, got: number): Target {
  return { claim, wanted, got, held: got <= wanted, atMost: true };
}

function atLeast(claim: string, wanted: number, got: number): Target {
  return { claim, wanted, got, held: got >= wanted };
}

/** @throws RangeError without values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('a median of nothing');
  return (lower + upper) / 2;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
