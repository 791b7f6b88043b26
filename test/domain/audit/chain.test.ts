import { describe, expect, it } from 'vitest';
import { chained, isGenuine, lineOf, type ChainedEntry } from '../../../src/domain/audit/chain.ts';
import { auditedEntry } from './entries.ts';

const first = chained(auditedEntry('apply'), 'bot-1', null);

describe('a chained entry', () => {
  it('carries the hash of the one before', () => {
    const second = chained(auditedEntry('lock'), 'bot-1', first);
    expect(second).toMatchObject({ number: 2, previous: first.hash, what: 'lock' });
    expect(first).toMatchObject({ number: 1, previous: null });
    expect([first, second].map(lineOf).map(isGenuine)).toEqual([true, true]);
  });

  it.each<[string, Partial<ChainedEntry> & Record<string, unknown>]>([
    ['another person', { origin: { from: 'slack', actor: 'U2' } }],
    ['another outcome', { outcome: 'done' }],
    ['another time', { at: '2025-01-01T00:00:00.000Z' }],
    ['another host', { host: 'bot-2' }],
    ['another number', { number: 2 }],
    ['another chain', { previous: 'f'.repeat(64) }],
    ['another hash', { hash: 'f'.repeat(64) }],
    ['a field of somebody else', { note: 'fine' }],
  ])('shows %s', (_what, change) => {
    expect(isGenuine(lineOf({ ...first, ...change }))).toBe(false);
  });

  it.each([
    ['a name given twice', lineOf(first).replace('{', '{"what":"nothing",')],
    ['spaces', lineOf(first).replaceAll(':', ': ')],
    ['no hash', '{"what":"apply"}'],
    ['no object', 'null'],
    ['a list', '[]'],
    ['no JSON', lineOf(first).slice(0, 40)],
  ])('is written in one way only: %s', (_what, line) => {
    expect(isGenuine(line)).toBe(false);
  });
});
