import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fragment, type Fragment } from '../../../src/domain/shell.ts';
import type { Fact } from '../../../src/observed/facts/fact.ts';
import { HOST_FACTS, LOG_FACTS, inOrder, listed, type Facts } from '../../../src/observed/facts/facts.ts';
import { hostScript } from '../../../src/observed/host-script.ts';

/** What `host-script.ts` sets before the first fact. */
const GIVEN = ['unit', 'package', 'directory', 'log', 'conf', 'dropin', 'port', 'aclfile', 'as_redis', 'NODE_SERVER'];

const LISTS: readonly (readonly [string, Facts])[] = [
  ['of the host', HOST_FACTS],
  ['of the log', LOG_FACTS],
];

describe.each(LISTS)('the facts %s', (_, facts) => {
  it('run after those they need, and the contents last, in whatever order they are listed', () => {
    const entries = Object.entries(facts);
    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (shuffled) => {
        const order = inOrder(Object.fromEntries(shuffled));
        expect(order.toSorted()).toEqual(Object.keys(facts).toSorted());
        for (const [name, { after = [] }] of entries)
          for (const before of after) expect(order.indexOf(before)).toBeLessThan(order.indexOf(name));
        if ('contents' in facts) expect(order.at(-1)).toBe('contents');
      }),
    );
  });

  it('use no variable and no function of another fact that they do not declare', () => {
    expect(mistakesIn(facts)).toEqual([]);
  });
});

describe('a list of facts', () => {
  const fact = (script: Fragment, more: Partial<Fact<string, string>> = {}): Fact<string, string> => ({
    script,
    parse: (stdout) => stdout,
    ...more,
  });
  const unit = fact(fragment`state=$(systemctl show "$unit")`, { exports: ['state'] });

  it('does not compile without a fact that another one needs', () => {
    // @ts-expect-error -- there is no `unit`.
    const alone = listed({ log: HOST_FACTS.log });
    expect(() => hostScript(alone)).toThrow('there is no fact unit');
  });

  it('is refused if facts need each other', () => {
    expect(() => inOrder({ a: fact(fragment`:`, { after: ['b'] }), b: fact(fragment`:`, { after: ['a'] }) })).toThrow(
      'need each other: a, b, a',
    );
  });

  it.each<[string, Facts, string]>([
    ['an undeclared need', { unit, log: fact(fragment`case $log:$state in *) ;; esac`) }, 'log uses state'],
    ['a misspelt variable', { log: fact(fragment`tail -- "\${lgo}"`) }, 'log uses lgo'],
    [
      'a variable that is not exported',
      { unit: fact(fragment`state=x`), log: fact(fragment`: "$state"`, { after: ['unit'] }) },
      'log uses state',
    ],
    ['a function of another fact', { a: fact(fragment`f() { :; }`), b: fact(fragment`f "$log"`) }, 'b uses f'],
    ['an export that is not set', { unit: fact(fragment`:`, { exports: ['state'] }) }, 'unit does not set state'],
    ['a need for nothing', { unit, log: fact(fragment`:`, { after: ['unit'] }) }, 'log uses nothing of unit'],
  ])('is found to have %s', (_, facts, mistake) => {
    expect(mistakesIn(facts)).toContain(mistake);
  });
});

/** By the letters of the scripts: what is named and neither given, nor set by the fact itself, nor exported by one that it needs. */
function mistakesIn(facts: Facts): readonly string[] {
  const scripts = new Map(Object.entries(facts).map(([name, { script }]) => [name, codeOf(script.text)]));
  const functions = new Set([...scripts.values()].flatMap(functionsIn));
  return Object.entries(facts).flatMap(([name, { after = [], exports = [] }]) => {
    const text = scripts.get(name) ?? '';
    const own = [...assignedIn(text), ...functionsIn(text)];
    const used = new Set([...text.matchAll(/\$\{?([a-z_]\w*)/gi)].map(([, word = '']) => word));
    for (const word of functions) if (new RegExp(`(?<![-\\w/.])${word}(?![-\\w=])`).test(text)) used.add(word);
    const known = new Set([...GIVEN, ...own, ...after.flatMap((before) => facts[before]?.exports ?? [])]);
    return [
      ...[...used].filter((word) => !known.has(word)).map((word) => `${name} uses ${word}`),
      ...exports.filter((word) => !own.includes(word)).map((word) => `${name} does not set ${word}`),
      ...after
        .filter((before) => !facts[before]?.exports?.some((word) => used.has(word)))
        .map((before) => `${name} uses nothing of ${before}`),
    ];
  });
}

/** Without comments, and without what the shell itself does not expand. */
function codeOf(text: string): string {
  return text.replaceAll(/^\s*#.*$/gm, '').replaceAll(/'[^']*'/g, "''");
}

function assignedIn(text: string): readonly string[] {
  const set = [...text.matchAll(/(?<![-\w$])([a-z_]\w*)=/gi)].map(([, word = '']) => word);
  const loops = [...text.matchAll(/\bfor ([a-z_]\w*)/g)].map(([, word = '']) => word);
  const read = [...text.matchAll(/\bread -r ([a-z_ ]+)/g)].flatMap(([, words = '']) => words.split(' '));
  return [...set, ...loops, ...read];
}

function functionsIn(text: string): readonly string[] {
  return [...text.matchAll(/^\s*([a-z_]\w*)\(\) \{/gm)].map(([, word = '']) => word);
}
