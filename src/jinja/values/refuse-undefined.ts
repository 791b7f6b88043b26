import type { Budget } from '../budget.ts';
import { TemplateMistake } from '../mistake.ts';
import { Dict, List, Undefined, type Value } from './value.ts';

/** Ansible also checks inside lists and mappings before printing them. */
export function refuseUndefined(value: Value, budget: Budget, depth: number): void {
  budget.spend();
  if (value instanceof Undefined && !value.isEmpty) throw value.mistake();
  if (depth > 60) throw new TemplateMistake('is nested too deeply');
  const inner = value instanceof Dict ? value.values() : value instanceof List ? value.items : [];
  for (const each of inner) refuseUndefined(each, budget, depth + 1);
}
