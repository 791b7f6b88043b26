import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Framed } from '../../../src/adapters/ssh/framed.ts';

const NONCE = 'a1a1a2';

/** Text full of partial nonces, in chunks of any size. */
const text = fc
  .string({ unit: fc.constantFrom('a1', 'a', '1', 'a1a1a', '\n', 'é') })
  .filter((each) => !each.includes(NONCE));

function taken(printed: string, sizes: readonly number[]): { framed: Framed; own: string } {
  const framed = new Framed(NONCE);
  const own: Buffer[] = [];
  let rest = Buffer.from(printed);
  for (let at = 0; rest.length > 0; at += 1) {
    const size = sizes[at % sizes.length] ?? 1;
    own.push(framed.take(rest.subarray(0, size)));
    rest = rest.subarray(size);
  }
  own.push(framed.end());
  return { framed, own: Buffer.concat(own).toString() };
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });

describe('a script’s output', () => {
  it('is separated from other output, in any chunks', () => {
    fc.assert(
      fc.property(text, text, text, sizes, (before, own, after, pieces) => {
        // A partial nonce right before would make another one.
        fc.pre((before + NONCE).indexOf(NONCE) === before.length && (own + NONCE).indexOf(NONCE) === own.length);
        const found = taken(before + NONCE + own + NONCE + after, pieces);
        expect(found.own).toBe(own);
        expect(found.framed.began).toBe(true);
      }),
    );
  });

  it('is empty if it never began: all is noise', () => {
    fc.assert(
      fc.property(text, sizes, (before, pieces) => {
        const { framed, own } = taken(before, pieces);
        expect([own, framed.began]).toEqual(['', false]);
      }),
    );
    expect(taken('Welcome to prod\n', [5]).framed.noise).toBe('Welcome to prod\n');
  });

  it('is everything received if it was cut off', () => {
    expect(taken(`x${NONCE}out${NONCE.slice(0, 4)}`, [2]).own).toBe(`out${NONCE.slice(0, 4)}`);
  });

  it('is passed on at once, except a possible beginning of the end', () => {
    const framed = new Framed(NONCE);
    expect(framed.take(Buffer.from(`${NONCE}held\n`)).toString()).toBe('held\n');
    expect(framed.take(Buffer.from('more a1a')).toString()).toBe('more ');
    expect(framed.take(Buffer.from('b')).toString()).toBe('a1ab');
  });

  it('leaves little of the noise in memory', () => {
    const framed = new Framed(NONCE);
    for (let round = 0; round < 100; round += 1) framed.take(Buffer.alloc(10_000, 'x'));
    expect(framed.noise.length).toBeLessThan(10_000);
    expect(framed.take(Buffer.from(`${NONCE}here`)).toString()).toBe('here');
  });
});
