import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addressOf, IpNetwork } from '../../../src/jinja/ip/network.ts';

const version = fc.constantFrom<4 | 6>(4, 6);
const network = fc
  .tuple(version, fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), fc.nat(128))
  .map(([of, bits, prefix]) => new IpNetwork(of, of === 4 ? bits >> 96n : bits, of === 4 ? prefix >> 2 : prefix));

it('reads an address as it is printed', () => {
  fc.assert(
    fc.property(network, ({ ip, value, version: of }) => {
      expect(addressOf(ip, of)).toBe(value);
    }),
  );
});
