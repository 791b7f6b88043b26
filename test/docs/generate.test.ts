import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { generatedPages } from '../../docs/generate.ts';

const ROOT = resolve(import.meta.dirname, '../..');

it.each(Object.entries(generatedPages()))('%s is as `npm run docs` makes it', (path, text) => {
  expect(readFileSync(join(ROOT, path), 'utf8')).toBe(text);
});
