import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trimmed, trimmedEnd } from '../../../src/domain/text/trim.ts';

describe('a trimmed text', () => {
  it('is what an expression would make of it', () => {
    const text = fc.string({ unit: fc.constantFrom(' ', '\n', '\t', 'a', 'ä') });
    fc.assert(
      fc.property(text, (each) => {
        expect(trimmed(each, ' \n')).toBe(each.replace(/^[ \n]+/, '').replace(/[ \n]+$/, ''));
        expect(trimmedEnd(each, ' \n')).toBe(each.replace(/[ \n]+$/, ''));
      }),
    );
  });

  it('keeps what is inside', () => {
    expect(trimmed('  a  b  ', ' ')).toBe('a  b');
    expect(trimmedEnd('///', '/')).toBe('');
  });
});
