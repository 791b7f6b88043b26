import { TemplateMistake } from '../mistake.ts';

/** A number’s digits, rounded exactly, halves to even: like Python’s `round` and `%.2f`. */
export function fixedDigits(value: number, digits: number): string {
  if (digits < 0 || digits > 30) throw new TemplateMistake('rounds to more than 30 digits');
  if (Math.abs(value) >= 1e21) throw new TemplateMistake('rounds too large a number');
  const rounded = value.toFixed(digits);
  // All digits of a double, up to JavaScript’s limit.
  const rest = value
    .toFixed(Math.min(100, digits + 60))
    .replace(/^.*\./, '')
    .slice(digits);
  const last = Number(rounded.replace('.', '').at(-1));
  if (!/^50*$/.test(rest) || last % 2 === 0) return rounded;
  // JavaScript rounds halves up.
  const towardsZero = value > 0;
  const scaled = BigInt(rounded.replace('.', '')) - (towardsZero ? 1n : -1n);
  const text = String(scaled < 0n ? -scaled : scaled).padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return `${value < 0 ? '-' : ''}${whole}${digits > 0 ? `.${text.slice(-digits)}` : ''}`;
}
