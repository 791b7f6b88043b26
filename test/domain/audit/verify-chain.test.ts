import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chained, lineOf, type AuditHead, type ChainedEntry } from '../../../src/domain/audit/chain.ts';
import { ChainCheck } from '../../../src/domain/audit/verify-chain.ts';
import { chainedEntry } from '../../../src/records/audit.ts';
import { auditedEntry } from './entries.ts';

function chainOf(length: number): readonly string[] {
  let head: ChainedEntry | null = null;
  return Array.from({ length }, (_, index) => {
    head = chained(auditedEntry(`deed ${index + 1}`), 'bot-1', head);
    return lineOf(head);
  });
}

function entryOf(text: string): ChainedEntry | null {
  try {
    return chainedEntry.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function headOf(line = ''): AuditHead {
  const entry = entryOf(line);
  return { number: entry?.number ?? 0, hash: entry?.hash ?? '' };
}

/** The problems of these lines where `kept` is the last entry that was written. */
function problemsOf(lines: readonly string[], kept: AuditHead): readonly string[] {
  const check = new ChainCheck([{ ...kept, kept: 'head.json' }]);
  lines.forEach((text, index) => check.add({ text, file: '1.jsonl', line: index + 1, entry: entryOf(text) }));
  return check.end().map(({ message }) => message);
}

const CHAIN = chainOf(5);
const HEAD = headOf(CHAIN[4]);
const [one = '', two = '', three = '', four = '', five = ''] = CHAIN;
/** Entry 3 by somebody who knows how entries are made. */
const forged = lineOf(chained(auditedEntry('nothing'), 'bot-1', headOf(two)));

describe('a chain', () => {
  it('holds as it was written', () => {
    expect(problemsOf(CHAIN, HEAD)).toEqual([]);
  });

  it.each<[string, readonly string[], readonly RegExp[]]>([
    ['changed', [one, two, three.replace('deed 3', 'deed 9'), four, five], [/^entry 3 was changed: 1\.jsonl, line 3$/]],
    ['replaced', [one, two, forged, four, five], [/^entry 4 does not follow the one before/]],
    ['cut from the middle', [one, two, four, five], [/^entry 3 is missing before 1\.jsonl, line 3$/]],
    ['cut from the beginning', [three, four, five], [/^entries 1 to 2 are missing/]],
    ['cut from the end', [one, two, three, four], [/^entry 5 is cut from the end: head\.json has them$/]],
    ['all cut', [], [/^entries 1 to 5 are cut from the end/]],
    ['exchanged', [one, three, two, four, five], [/^entry 2 is missing/, /^entry 2 is out of its place/]],
    ['given twice', [one, two, two, three, four, five], [/^entry 2 is out of its place: 1\.jsonl, line 3$/]],
    ['torn', [one, two, three.slice(0, 20), four, five], [/^entry 3 cannot be read/]],
    ['emptied', [one, two, '', four, five], [/^entry 3 cannot be read/]],
    ['replaced at the end', [one, two, forged], [/^entries 4 to 5 are cut from the end/]],
    ['written anew', chainOf(6).map((line) => line.replaceAll('deed', 'deal')), [/^entry 1 was changed/]],
  ])('shows an entry that was %s', (_what, lines, expected) => {
    const problems = problemsOf(lines, HEAD);
    expected.forEach((message, index) => expect(problems[index]).toMatch(message));
    expect(problems.length).toBeGreaterThanOrEqual(expected.length);
  });

  it('shows a chain that was made anew, of any length, by the head that was kept elsewhere', () => {
    let head: ChainedEntry | null = null;
    const anew = [1, 2, 3, 4, 5, 6].map((index) => {
      head = chained(auditedEntry(`other ${index}`), 'bot-1', head);
      return lineOf(head);
    });
    expect(problemsOf(anew, HEAD)).toEqual(['entry 5 is not the one that head.json has']);
  });

  it('shows any one letter that was changed, and any entry that was left out', () => {
    fc.assert(
      fc.property(fc.nat(4), fc.nat(), fc.constantFrom('x', '0', '"', ' ', '\\'), (entry, at, letter) => {
        const line = CHAIN[entry] ?? '';
        const place = at % line.length;
        fc.pre(line[place] !== letter);
        const changed = `${line.slice(0, place)}${letter}${line.slice(place + 1)}`;
        expect(problemsOf(CHAIN.with(entry, changed), HEAD)).not.toEqual([]);
        expect(problemsOf(CHAIN.toSpliced(entry, 1), HEAD)).not.toEqual([]);
      }),
    );
  });
});
