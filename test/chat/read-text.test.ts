import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noOperands, oneNode, readText } from '../../src/chat/read-text.ts';
import { RedisopsError } from '../../src/domain/error.ts';

describe('readText', () => {
  it.each([
    ['', null, [], undefined],
    [' \n\t ', null, [], undefined],
    ['status', 'status', [], undefined],
    ['  STATUS  ', 'status', [], undefined],
    ['resync redis-03', 'resync', ['redis-03'], undefined],
    ['resync\n\tredis-03\u00a0', 'resync', ['redis-03'], undefined],
    ['resync “redis-03”', 'resync', ['redis-03'], undefined],
    ["resync 'redis-03'", 'resync', ['redis-03'], undefined],
    ['resync `redis-03`', 'resync', ['redis-03'], undefined],
    ['status --cluster shop', 'status', [], 'shop'],
    ['status --cluster=shop', 'status', [], 'shop'],
    ['status —cluster shop', 'status', [], 'shop'],
    ['--cluster shop status', 'status', [], 'shop'],
    ['resync --cluster “shop” redis-03', 'resync', ['redis-03'], 'shop'],
    ['resync redis-03 in shop', 'resync', ['redis-03'], 'shop'],
    ['status IN shop', 'status', [], 'shop'],
    ['in shop', 'in', ['shop'], undefined],
    ['resync in shop', 'resync', [], 'shop'],
    ['status\napply', 'status', ['apply'], undefined],
    ['lock "new disks  for redis-02" for 2h', 'lock', ['new disks for redis-02', 'for', '2h'], undefined],
    ['lock “work in progress”', 'lock', ['work in progress'], undefined],
    ['lock "work in progress" in shop', 'lock', ['work in progress'], 'shop'],
    ['lock maintenance for 2h', 'lock', ['maintenance', 'for', '2h'], undefined],
    ['"resync redis-03"', 'resync', ['redis-03'], undefined],
    ['lock "half of it', 'lock', ['half', 'of', 'it'], undefined],
  ])('%j', (text, verb, operands, cluster) => {
    expect(readText(text)).toEqual({ verb, operands, cluster });
  });

  it.each([
    ['apply --break-glass "it is on fire"', 'it is on fire'],
    ['apply —break-glass “it is on fire”', 'it is on fire'],
    ['apply --break-glass="it is on fire" --cluster shop', 'it is on fire'],
    ['apply --break-glass outage', 'outage'],
    ['--break-glass outage apply', 'outage'],
  ])('%j overrides a freeze', (text, breakGlass) => {
    expect(readText(text)).toMatchObject({ verb: 'apply', operands: [], breakGlass });
  });

  it.each([
    ['a break without a reason', 'apply --break-glass', /reason is missing/],
    ['a break with an empty reason', 'apply --break-glass=""', /reason is missing/],
    ['two reasons', 'apply --break-glass a --break-glass b', /twice/],
    ['an option that is not there', 'status --clutser shop', /--clutser.*Did you mean --cluster/],
    ['force', 'resync redis-03 --force', /--force/],
    ['a cluster without its name', 'status --cluster', /cluster name/],
    ['an empty cluster', 'status --cluster=', /cluster name/],
    ['two clusters', 'status --cluster a --cluster b', /twice/],
    ['two clusters in two ways', 'status --cluster a in b', /twice/],
    ['a cluster that is a path', 'status --cluster ../../etc', /cluster name/],
    ['a cluster that is a command', 'status --cluster $(reboot)', /cluster name/],
    ['10,000 characters', `status ${'x'.repeat(10_000)}`, /500 characters/],
  ])('refuses %s', (_, text, message) => {
    expect(() => readText(text)).toThrow(expect.objectContaining({ code: 'USAGE' }));
    expect(() => readText(text)).toThrow(message);
  });

  it('answers or refuses any text, and says little of it back', () => {
    const outcome = (text: string): { words: readonly string[]; cluster: string } | { refusal: string } => {
      try {
        const { operands, cluster } = readText(text);
        return { words: operands, cluster: cluster ?? 'none' };
      } catch (error) {
        if (error instanceof RedisopsError && error.code === 'USAGE') return { refusal: error.message };
        throw error;
      }
    };
    const word = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom('--cluster', 'in', '“”', '—x'));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const seen = outcome(words.join(' '));
        const right =
          'refusal' in seen
            ? seen.refusal.length < 150
            : /^[\w.-]+$/.test(seen.cluster) && seen.words.every((each) => each.trim() === each);
        expect(right).toBe(true);
      }),
    );
  });
});

it.each([
  ['set save ""', ['save', '']],
  ['set save “”', ['save', '']],
  ["set save ''", ['save', '']],
  ['set save " "', ['save']],
])('takes nothing in quotes for an operand: %s', (text, operands) => {
  expect(readText(text).operands).toEqual(operands);
});

describe('oneNode', () => {
  it.each([['redis-03'], ['REDIS_3.shop'], ['3']])('accepts %s', (node) => {
    expect(oneNode([node], 'usage')).toBe(node);
  });

  it.each([
    [[]],
    [['a', 'b']],
    [['$(reboot)']],
    [['redis-03;reboot']],
    [['redis-03|x']],
    [['../redis-03']],
    [['-oProxyCommand=x']],
    [['<@U123|anna>']],
    [['<!channel>']],
    [['rédis']],
    [['redis\u202e-03']],
    [['a\u0000b']],
    [['x'.repeat(64)]],
  ])('refuses %j', (operands) => {
    expect(() => oneNode(operands, '/redis resync NODE')).toThrow(
      expect.objectContaining({ code: 'USAGE', hint: 'Write `/redis resync NODE`.' }),
    );
  });
});

describe('noOperands', () => {
  it('refuses extra words', () => {
    expect(() => noOperands([], 'u')).not.toThrow();
    expect(() => noOperands(['now'], 'u')).toThrow('now');
  });
});
