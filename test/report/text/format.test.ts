import { describe, expect, it } from 'vitest';
import { directiveValue } from '../../../src/report/parts/directive-value.ts';
import {
  bar,
  bytes,
  count,
  duration,
  instant,
  latency,
  listed,
  percent,
  plural,
  short,
} from '../../../src/report/text/format.ts';

describe('figures', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [16_777_216, '16 MiB'],
    [268_435_456, '256 MiB'],
    [1_048_575, '1 MiB'],
    [123_456_789, '118 MiB'],
    [5_000_000_000_000, '4.55 TiB'],
    [-2048, '-2 KiB'],
  ])('%d bytes are %s', (value, shown) => {
    expect(bytes(value)).toBe(shown);
  });

  it.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [3_240, '3.2 s'],
    [9_960, '10 s'],
    [59_499, '59 s'],
    [59_600, '1 min'],
    [125_000, '2 min 5 s'],
    [3_780_000, '1 h 3 min'],
    [-5, '0 ms'],
  ])('%d ms last %s', (value, shown) => {
    expect(duration(value)).toBe(shown);
  });

  it.each([
    [0.4242, '0.42 ms'],
    [9.996, '10.0 ms'],
    [12.34, '12.3 ms'],
    [99.97, '100 ms'],
    [1_500, '1.5 s'],
  ])('%d ms of latency are %s', (value, shown) => {
    expect(latency(value)).toBe(shown);
  });

  it.each([
    [0, 100, '0 %', '▱▱▱▱'],
    [49, 100, '49 %', '▰▱▱▱'],
    [999, 1000, '99 %', '▰▰▰▱'],
    [100, 100, '100 %', '▰▰▰▰'],
    [120, 100, '100 %', '▰▰▰▰'],
    [0, 0, '100 %', '▰▰▰▰'],
  ])('%d of %d are %s', (done, total, share, cells) => {
    expect([percent(done, total), bar(done, total, 4)]).toEqual([share, cells]);
  });

  it('counts, names and dates', () => {
    expect(count(1_234_567)).toBe('1,234,567');
    expect([plural(1, 'node'), plural(3, 'node'), plural(2, 'key', 'keys')]).toEqual(['1 node', '3 nodes', '2 keys']);
    expect([listed([]), listed(['a']), listed(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c']);
    expect([short('9c1f0e2d3b4a59687786a5b4c3d2e1f001122334'), short('working tree')]).toEqual([
      '9c1f0e2d3b4a',
      'working tree',
    ]);
    expect([instant('2025-12-03T14:05:09.120Z'), instant('soon')]).toEqual(['2025-12-03 14:05 UTC', 'soon']);
  });

  it.each([
    ['save', '', '""'],
    ['maxmemory', '268435456', '256 MiB (268435456)'],
    ['maxmemory', '512mb', '512 MiB (512mb)'],
    ['maxmemory', '1GB', '1 GiB (1GB)'],
    ['maxmemory', '0', '0 (none)'],
    ['maxmemory', '50%', '50%'],
    ['appendonly', 'yes', 'yes'],
    ['port', '6379', '6379'],
  ])('%s %j shows as %s', (directive, value, shown) => {
    expect(directiveValue(directive, value)).toBe(shown);
  });
});
