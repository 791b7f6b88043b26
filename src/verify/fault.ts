import type { Code } from '../domain/code.ts';
import { worst, type Judgement, type Verdict } from '../domain/verdict.ts';

/** A reason why the cluster is not healthy, and how bad that is. */
export interface Fault {
  verdict: Exclude<Verdict, 'healthy'>;
  code: Code;
  node: string | null;
  message: string;
}

export function judgementOf(faults: readonly Fault[]): Judgement {
  return {
    verdict: worst(faults.map(({ verdict }) => verdict)),
    reasons: faults.map(({ code, node, message }) => ({ code, node, message })),
  };
}
