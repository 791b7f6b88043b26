import { floatOf, integerOf } from '../values/number-text.ts';
import { bind, defined, integer, string } from '../values/arguments.ts';
import type { Filters } from './filter.ts';
import { TemplateMistake, notSupported } from '../mistake.ts';
import { isTrue, numberOf } from '../values/operators.ts';
import { fixedDigits } from '../values/rounding.ts';
import type { Value } from '../values/value.ts';

function toInteger(value: Value, fallback: Value, base: number): Value {
  if (typeof value === 'string') {
    const whole = integerOf(value, base);
    if (whole !== null) return whole;
  }
  if (typeof value === 'bigint' || typeof value === 'boolean') return BigInt(value);
  const float = floatOf(defined(value));
  if (float === null || Number.isNaN(float)) return fallback;
  if (!Number.isFinite(float)) throw new TemplateMistake('makes a whole number of infinity');
  return BigInt(Math.trunc(float));
}

function rounded(value: Value, precision: number, method: string): Value {
  const number = numberOf(defined(value));
  if (number === null) throw new TemplateMistake('rounds something that is no number');
  if (method === 'ceil' || method === 'floor') {
    const factor = 10 ** precision;
    // Python’s int ** negative is a float, and so is the quotient.
    return Math[method](Number(number) * factor) / factor;
  }
  if (method !== 'common') throw new TemplateMistake('rounds in a way that is not known');
  if (precision < 0) throw notSupported('rounding to tens and more');
  return typeof number === 'bigint' ? number : Number(fixedDigits(number, precision));
}

const UNITS = 'BKMGTPEZY';

/** Ansible’s human_to_bytes. */
function bytesOf(value: Value, unit: Value): bigint {
  const text = typeof value === 'string' ? value : String(numberOf(defined(value)));
  const match = /^\s*(\d{0,30}\.?\d{0,30})\s*([A-Za-z]+)?/.exec(text);
  const number = Number(match?.[1] === '' ? NaN : match?.[1]);
  if (!match || Number.isNaN(number)) throw new TemplateMistake('reads a size that is none');
  const written = match[2] ?? (unit === null ? '' : string(unit));
  const power = written === '' ? 0 : UNITS.indexOf(written.charAt(0).toUpperCase());
  const isKnown = written === '' || /^.(?:b|yte|ytes)?$/i.test(written) || /^[a-z]+bytes?$/i.test(written);
  if (power < 0 || !isKnown || /^.b$/.test(written))
    throw new TemplateMistake('reads a size with a unit that is not known');
  return BigInt(fixedDigits(number * 1024 ** power, 0));
}

/** Ansible’s human_readable: two decimals, in the largest unit that fits. */
function readable(size: bigint | number, bits: boolean, unit: string | null): string {
  const powers = Array.from(UNITS, (_, power) => power).toReversed();
  const limit = (power: number): number => 1024 ** power;
  const found = powers.find((power) =>
    unit === null ? Number(size) >= limit(power) : unit.toUpperCase() === UNITS[power],
  );
  const power = found ?? 0;
  const name = power === 0 ? (bits ? 'bits' : 'Bytes') : `${UNITS[power] ?? ''}${bits ? 'b' : 'B'}`;
  return `${fixedDigits(Number(size) / limit(power), 2)} ${name}`;
}

export const NUMBER_FILTERS: Filters = {
  int(value, given) {
    const { default: fallback = 0n, base = 10n } = bind(given, ['default', 'base']);
    const radix = integer(base);
    if (radix < 2 || radix > 36) throw notSupported('that base of a number');
    return toInteger(value, fallback, radix);
  },
  float(value, given) {
    const { default: fallback = 0 } = bind(given, ['default']);
    return floatOf(defined(value)) ?? fallback;
  },
  abs(value, given) {
    bind(given, []);
    const number = numberOf(defined(value));
    if (number === null) throw new TemplateMistake('asks for the size of something that is no number');
    return number < 0 ? -number : number;
  },
  round(value, given) {
    const { precision = 0n, method = 'common' } = bind(given, ['precision', 'method']);
    return rounded(value, integer(precision), string(method));
  },
  bool(value, given) {
    bind(given, []);
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value === 'string') return ['yes', 'on', '1', 'true'].includes(value.toLowerCase());
    const number = numberOf(defined(value));
    return number !== null && Number(number) === 1;
  },
  human_readable(value, given) {
    const { isbits = false, unit = null } = bind(given, ['isbits', 'unit']);
    const number = numberOf(defined(value));
    if (number === null) throw new TemplateMistake('makes a size of something that is no number');
    return readable(number, isTrue(isbits), unit === null ? null : string(unit));
  },
  human_to_bytes(value, given) {
    const { default_unit: unit = null, isbits = false } = bind(given, ['default_unit', 'isbits']);
    if (isTrue(isbits)) throw notSupported('human_to_bytes of bits');
    return bytesOf(value, unit);
  },
};
