import { literalOf, type Reading, type Value } from '../../jinja/index.ts';
import { constructed } from '../yaml/constructed.ts';
import type { Scalar } from '../yaml/value.ts';

/** A scalar as read by PyYAML, or by Ansible from an INI inventory. @throws TemplateMistake */
export function pythonScalar({ value, source, notation, type }: Scalar, reading: Reading): Value {
  if (notation === 'ini') {
    const literal = literalOf(source, reading);
    return literal === undefined ? source : literal;
  }
  if (type !== undefined) return constructed(type, source);
  return value === null || typeof value === 'boolean' ? value : String(value);
}
