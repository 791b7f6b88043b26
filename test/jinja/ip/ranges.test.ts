import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Budget } from '../../../src/jinja/budget.ts';
import { IpNetwork } from '../../../src/jinja/ip/network.ts';
import { mergedNetworks } from '../../../src/jinja/ip/ranges.ts';

it('merges networks without adding or losing an address', () => {
  const small = fc
    .array(fc.tuple(fc.bigInt({ min: 0n, max: 255n }), fc.integer({ min: 24, max: 32 })), {
      minLength: 1,
      maxLength: 12,
    })
    .map((all) => all.map(([value, prefix]) => new IpNetwork(4, 0x0a000000n + value, prefix)));
  const numbers = (all: readonly IpNetwork[]): readonly string[] =>
    all.flatMap((each) => Array.from({ length: Number(each.size) }, (_, at) => each.textOf(each.first + BigInt(at))));
  fc.assert(
    fc.property(small, (all) => {
      const merged = numbers(
        mergedNetworks(
          all.map(({ text }) => text),
          new Budget(),
        ),
      );
      expect(new Set(merged)).toEqual(new Set(numbers(all)));
      expect(merged).toHaveLength(new Set(merged).size);
    }),
  );
});
