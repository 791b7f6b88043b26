import type { ArithmeticSign, CompareSign } from '../values/operators.ts';
import type { Value } from '../values/value.ts';

/** A parsed template. Every part knows its line. */
export type Expression = { line: number } & (
  | { kind: 'constant'; value: Value; quoted: boolean }
  | { kind: 'name'; name: string }
  | { kind: 'list' | 'tuple'; items: readonly Expression[] }
  | { kind: 'dict'; pairs: readonly { key: Expression; value: Expression }[] }
  | { kind: 'attribute'; of: Expression; name: string }
  | { kind: 'item'; of: Expression; key: Expression }
  | { kind: 'slice'; of: Expression; from: Expression | null; to: Expression | null; step: Expression | null }
  | { kind: 'call'; of: Expression; given: CallArguments }
  | { kind: 'filter'; of: Expression; name: string; given: CallArguments }
  | { kind: 'test'; of: Expression; name: string; given: CallArguments }
  | { kind: 'not' | 'negative' | 'positive'; of: Expression }
  | { kind: 'and' | 'or'; left: Expression; right: Expression }
  | { kind: 'arithmetic'; sign: ArithmeticSign; left: Expression; right: Expression }
  | { kind: 'concat'; parts: readonly Expression[] }
  | { kind: 'compare'; first: Expression; rest: readonly { sign: CompareSign; with: Expression }[] }
  | { kind: 'condition'; test: Expression; met: Expression; otherwise: Expression | null }
);

export interface CallArguments {
  positional: readonly Expression[];
  named: readonly { name: string; value: Expression }[];
  spread: Expression | null;
  spreadNamed: Expression | null;
}

export const NO_ARGUMENTS: CallArguments = { positional: [], named: [], spread: null, spreadNamed: null };

/** The target of an assignment. */
export type Target =
  | { kind: 'name'; name: string }
  | { kind: 'attribute'; of: string; name: string }
  | { kind: 'several'; targets: readonly Target[] };

export interface Parameter {
  name: string;
  default: Expression | null;
}

export interface FilterCall {
  name: string;
  given: CallArguments;
  line: number;
}

export type Statement = { line: number } & (
  | { kind: 'text'; text: string }
  | { kind: 'print' | 'do'; value: Expression }
  | { kind: 'break' | 'continue' }
  | { kind: 'if'; branches: readonly { test: Expression; body: Body }[]; otherwise: Body }
  | {
      kind: 'for';
      target: Target;
      of: Expression;
      test: Expression | null;
      body: Body;
      otherwise: Body;
      recursive: boolean;
      /** Unless the body mentions it, an included file does not see `loop` either. */
      namesLoop: boolean;
    }
  | { kind: 'set'; target: Target; value: Expression }
  | { kind: 'set block'; target: Target; filters: readonly FilterCall[]; body: Body }
  | { kind: 'macro'; name: string; parameters: readonly Parameter[]; body: Body }
  | { kind: 'call block'; parameters: readonly Parameter[]; call: Expression; body: Body }
  | { kind: 'filter block'; filters: readonly FilterCall[]; body: Body }
  | { kind: 'include'; names: readonly string[]; mayBeMissing: boolean }
  | { kind: 'import'; name: string; withContext: boolean; as: string }
  | { kind: 'import names'; name: string; withContext: boolean; names: readonly { name: string; as: string }[] }
  | { kind: 'with'; variables: readonly { target: Target; value: Expression }[]; body: Body }
);

export type Body = readonly Statement[];
