import fc from 'fast-check';

/** Longest text, and longest repetition of one word, in characters. */
const LONGEST = 65_536;

/**
 * Texts as an attacker writes them: words of the format in any order, any characters between them, and one of either
 * repeated until it hurts.
 * @param longest In characters.
 */
export function textsOf(words: readonly string[], longest = LONGEST): fc.Arbitrary<string> {
  const word = fc.oneof(
    { arbitrary: fc.constantFrom(...words), weight: 4 },
    fc.string({ unit: 'binary', maxLength: 6 }),
  );
  const repeated = fc
    .tuple(
      fc.oneof(word, fc.constantFrom(' ', '\t', '"', '\\', '\n', ',', 'a', '0')),
      fc.integer({ min: 2, max: LONGEST }),
    )
    .map(([each, times]) => each.repeat(Math.min(times, Math.floor(LONGEST / Math.max(1, each.length)))));
  const part = fc.oneof({ arbitrary: word, weight: 12 }, { arbitrary: repeated, weight: 1 });
  return fc.array(part, { maxLength: 40 }).map((parts) => parts.join('').slice(0, longest));
}

/** Any JSON, with these names and texts more often than others. */
export function jsonOf(names: readonly string[], texts: readonly unknown[]): fc.Arbitrary<unknown> {
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium' },
      fc.constantFrom(...texts),
      fc.jsonValue({ maxDepth: 1 }),
      fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 4 })), tie('value'), { maxKeys: 8 }),
      fc.array(tie('value'), { maxLength: 4 }),
    ),
  }));
  return value;
}
