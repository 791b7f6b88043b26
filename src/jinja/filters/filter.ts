import type { Evaluator } from '../evaluate.ts';
import type { Arguments, Value } from '../values/value.ts';

export type Filter = (value: Value, given: Arguments, evaluator: Evaluator) => Value;
export type Filters = Readonly<Record<string, Filter>>;
