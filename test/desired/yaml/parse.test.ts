import fc from 'fast-check';
import { LineCounter, parseDocument } from 'yaml';
import { expect, it } from 'vitest';
import { parseYaml } from '../../../src/desired/yaml/parse.ts';

const PIECES = [
  'a',
  'b: 1',
  ':',
  '- ',
  '\n',
  '  ',
  '"',
  "'",
  '[',
  ']',
  '{',
  '}',
  ',',
  '#',
  '&x ',
  '*x',
  '---',
  '|',
  '!t ',
];
const texts = fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) => pieces.join(''));

it('gives the parser’s result in one go', async () => {
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const [ours, theirs] = [new LineCounter(), new LineCounter()];
      const parsed = await parseYaml(text, ours);
      const document = parseDocument(text, {
        lineCounter: theirs,
        version: '1.1',
        uniqueKeys: false,
        prettyErrors: false,
        logLevel: 'error',
      });
      if (typeof parsed === 'string') return;
      expect(parsed.errors).toEqual(document.errors.map(({ code, pos }) => ({ code, at: pos[0] })));
      expect(parsed.contents?.toString()).toEqual(document.contents?.toString());
      expect(ours.lineStarts).toEqual(theirs.lineStarts);
    }),
  );
});

it('lets others have their turn while it reads a long text', async () => {
  let turns = 0;
  let isDone = false;
  const takeTurn = (): void => {
    turns += 1;
    if (!isDone) setImmediate(takeTurn);
  };
  setImmediate(takeTurn);
  await parseYaml(Array.from({ length: 5000 }, (_, at) => `name-${at}: value`).join('\n'), new LineCounter());
  isDone = true;
  expect(turns).toBeGreaterThan(5);
});
