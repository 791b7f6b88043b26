import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FILTER_NAMES } from '../../../src/jinja/filters/filters.ts';

it('are all named in the documentation', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/templates.md'), 'utf8');
  expect(FILTER_NAMES.length).toBeGreaterThan(80);
  expect(FILTER_NAMES.filter((name) => !new RegExp(`\`(?:ansible\\.utils\\.)?${name}\``).test(page))).toEqual([]);
});
