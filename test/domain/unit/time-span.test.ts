import { expect, it } from 'vitest';
import { timeSpanMs } from '../../../src/domain/unit/time-span.ts';

it.each([
  ['1min 30s', 90_000],
  ['500ms', 500],
  ['1d 2h', 93_600_000],
  ['0', null],
  ['infinity', null],
  ['', null],
])('the time span %j', (text, milliseconds) => expect(timeSpanMs(text)).toBe(milliseconds));
