import { literalOf, TemplateMistake, type Reading, type Value } from '../../jinja/index.ts';
import type { Scalar } from '../yaml/value.ts';

const BOOLEAN = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const INTEGER = /^[-+]?(?:0b[01_]+|0[0-7_]+|0x[\da-fA-F_]+|0|[1-9][\d_]*)$/;
const MOST_DIGITS = 300;
const SIXTIES = /^[-+]?[1-9][\d_]*(?::[0-5]?\d)+$/;
const FLOAT =
  /^(?:[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]\d+)?|\.\d[\d_]*(?:[eE][-+]\d+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** A scalar as read by PyYAML, or by Ansible from an INI inventory. */
export function pythonScalar({ value, source, notation }: Scalar, reading: Reading): Value {
  if (notation === 'ini') {
    const literal = literalOf(source, reading);
    return literal === undefined ? source : literal;
  }
  if (typeof value === 'string') return value;
  if (source.length > MOST_DIGITS) throw new TemplateMistake('has a number of more than 300 digits');
  if (value === null) return null;
  if (BOOLEAN.test(source)) return /^(?:yes|true|on)$/i.test(source);
  if (INTEGER.test(source)) return integerOf(source);
  if (SIXTIES.test(source)) return sixtiesOf(source);
  return FLOAT.test(source) ? floatOf(source) : source;
}

function integerOf(source: string): bigint {
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/.exec(source.replaceAll('_', '')) ?? [];
  const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  const size = BigInt(octal);
  return sign === '-' ? -size : size;
}

/** 1:30 is 90, as in YAML 1.1. */
function sixtiesOf(source: string): bigint {
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/.exec(source.replaceAll('_', '')) ?? [];
  const size = digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
  return sign === '-' ? -size : size;
}

function floatOf(source: string): number {
  const plain = source.replaceAll('_', '').toLowerCase();
  if (plain === '.nan') return NaN;
  if (plain.endsWith('.inf')) return plain.startsWith('-') ? -Infinity : Infinity;
  return Number(plain);
}
