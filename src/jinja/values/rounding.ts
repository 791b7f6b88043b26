import { TemplateMistake } from '../mistake.ts';

/** The digits of a number, rounded exactly, halves to the even digit: as Python’s `round` and `%.2f`. */
export function fixedDigits(value: number, digits: number): string {
  if (digits < 0 || digits > 30) throw new TemplateMistake('rounds to more than 30 digits');
  if (Math.abs(value) >= 1e21) throw new TemplateMistake('rounds too large a number');
  const rounded = value.toFixed(digits);
  // All the digits that a double has, where that is not more than JavaScript gives.
  const rest = value
    .toFixed(Math.min(100, digits + 60))
    .replace(/^.*\./, '')
    .slice(digits);
  const last = Number(rounded.replace('.', '').at(-1));
  if (!/^50*$/.test(rest) || last % 2 === 0) return rounded;
  // JavaScript takes a half to the larger one.
  const towardsZero = value > 0;
  const scaled = BigInt(rounded.replace('.', '')) - (towardsZero ? 1n : -1n);
  const text = String(scaled < 0n ? -scaled : scaled).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return `${value < 0 ? '-' : ''}${whole}${digits > 0 ? `.${text.slice(-digits)}` : ''}`;
}
