import type { Budget } from '../budget.ts';
import type { Arguments, Value } from '../values/value.ts';

/** What a filter may use of its evaluation. */
export interface Evaluation {
  readonly budget: Budget;
  /** Another filter by name. @throws TemplateMistake */
  filter(name: string, value: Value, given: Arguments): Value;
  /** The result depends on the value, though it need not be a part of it. */
  readonly reads: (value: Value) => void;
}

export type Filter = (value: Value, given: Arguments, evaluation: Evaluation) => Value;
export type Filters = Readonly<Record<string, Filter>>;
