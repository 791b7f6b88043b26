import { Atom, TemplateMistake, type Value } from '../../jinja/index.ts';
import type { ScalarType } from './value.ts';

const MOST_DIGITS = 300;

/** The value that PyYAML’s SafeConstructor makes of a scalar of that type. @throws TemplateMistake */
export function constructed(type: ScalarType, source: string): Value {
  if (type !== 'binary' && source.length > MOST_DIGITS)
    throw new TemplateMistake('has a number of more than 300 digits');
  switch (type) {
    case 'null':
      return null;
    case 'bool':
      return boolean(source);
    case 'int':
      return integer(source);
    case 'float':
      return float(source);
    case 'json':
      return /^-?\d+$/.test(source) ? BigInt(source) : Number(source);
    case 'timestamp':
      return timestamp(source);
    case 'binary':
      return Atom.bytes(Buffer.from(source.replaceAll(/\s/g, ''), 'base64'));
  }
}

function boolean(source: string): boolean {
  if (/^(?:yes|true|on)$/i.test(source)) return true;
  if (/^(?:no|false|off)$/i.test(source)) return false;
  throw new TemplateMistake('is tagged !!bool, but is none');
}

/** 1:30 is 90, 0755 is octal, as in YAML 1.1. */
function integer(source: string): bigint {
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/.exec(source.replaceAll('_', '')) ?? [];
  const size = sizeOf(digits);
  return sign === '-' ? -size : size;
}

function sizeOf(digits: string): bigint {
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits.slice(1)}`);
  if (/^\d+(?::\d+)+$/.test(digits)) return digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
  if (/^(?:0b[01]+|0x[\da-f]+|\d+)$/i.test(digits)) return BigInt(digits);
  throw new TemplateMistake('is tagged !!int, but is none');
}

function float(source: string): number {
  const [, sign = '', size = ''] = /^([-+]?)(.*)$/.exec(source.replaceAll('_', '').toLowerCase()) ?? [];
  return sign === '-' ? -magnitude(size) : magnitude(size);
}

function magnitude(size: string): number {
  if (size === '.nan') return NaN;
  if (size === '.inf') return Infinity;
  const parts = size.split(':');
  if (parts.length > 1) return parts.reduce((sum, part) => sum * 60 + Number(part), 0);
  const value = Number(size);
  if (size === '' || Number.isNaN(value)) throw new TemplateMistake('is tagged !!float, but is none');
  return value;
}

const TIMESTAMP =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(?:(Z)|([-+])(\d\d?)(?::(\d\d))?))?)?$/;

/** A date or datetime, as PyYAML’s construct_yaml_timestamp makes it. */
function timestamp(source: string): Value {
  const match = TIMESTAMP.exec(source);
  if (!match) throw new TemplateMistake('is tagged !!timestamp, but is none');
  const [
    ,
    year = '',
    month = '',
    day = '',
    hour,
    minute = '0',
    second = '0',
    fraction = '',
    utc,
    sign,
    hours,
    minutes,
  ] = match;
  const date = [year, month, day].map(Number);
  const time = [hour ?? '0', minute, second].map(Number);
  if (!isReal(date, time)) throw new TemplateMistake('is a date that does not exist');
  if (hour === undefined) return Atom.date(date);
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * (sign === '-' ? -1 : 1);
  const zone = utc !== undefined || sign !== undefined ? offset : null;
  return Atom.datetime(date, [...time, Number(fraction.slice(0, 6).padEnd(6, '0'))], zone);
}

function isReal([year = 0, month = 0, day = 0]: readonly number[], [h = 0, m = 0, s = 0]: readonly number[]): boolean {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day && h < 24 && m < 60 && s < 60;
}
