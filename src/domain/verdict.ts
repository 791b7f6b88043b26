import type { Code } from './code.ts';

/** From best to worst. A cluster is as healthy as its worst node; unknown ranks worst. */
export const VERDICTS = ['healthy', 'degraded', 'down', 'unknown'] as const;

export type Verdict = (typeof VERDICTS)[number];

export interface Judgement {
  verdict: Verdict;
  /** Empty if healthy. */
  reasons: readonly Reason[];
}

export interface Reason {
  code: Code;
  node: string | null;
  message: string;
  /** The remedy, if the reason alone determines it. */
  hint?: string;
}

/** A reason and its severity. */
export interface Fault extends Reason {
  verdict: Exclude<Verdict, 'healthy'>;
}

export function judgementOf(faults: readonly Fault[]): Judgement {
  return {
    verdict: worst(faults.map(({ verdict }) => verdict)),
    reasons: faults.map(({ code, node, message, hint }) => ({ code, node, message, ...(hint ? { hint } : {}) })),
  };
}

export function worst(verdicts: readonly Verdict[]): Verdict {
  const rank = Math.max(0, ...verdicts.map((verdict) => VERDICTS.indexOf(verdict)));
  return VERDICTS[rank] ?? 'unknown';
}
