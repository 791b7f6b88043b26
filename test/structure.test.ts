import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
/** Files that set their own timers, to end what hangs; all other time comes from the clock. */
const TIMERS = ['src/time/', 'src/adapters/apart/', 'src/adapters/http/', 'src/adapters/redis/', 'src/adapters/ssh/'];
/** Program entry points: everything under src/ is reached from here. */
const ENTRIES = ['src/main.ts', 'src/cli.ts', 'src/serve/reader.ts', 'docs/write-pages.ts'];
const MOST_FILES = 20;

const FILES = ['src', 'commands', 'jobs'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);

/** Tests of no single source, with the reason. `test/NAME.test.ts`, or a whole folder. */
const CROSS_CUTTING: Readonly<Record<string, string>> = {
  imports: 'who may import whom',
  structure: 'sizes, names and places',
  'security/': 'an attacker’s way through several parts',
  scripts: 'every script that can reach a node',
  'desired/ansible/': 'what Ansible itself made of the same files',
  'docs/documents': 'the documents against the program',
  'records/version-0.1': 'records of an older version, across store, queue and command line',
  'report/formats': 'one report in every format',
  'run/life/two-clusters': 'pull requests, merges and recovery of two clusters in one repository',
};

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** The files imported by a file, statically or not. */
function importsOf(file: string): readonly string[] {
  const specifiers = [...read(file).matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)];
  return specifiers.map(([, specifier = '']) => join(dirname(file), specifier));
}

function reachedFrom(
  entries: readonly string[],
  arrows: { get(from: string): Iterable<string> | undefined },
): ReadonlySet<string> {
  const reached = new Set(entries);
  for (const one of reached) for (const next of arrows.get(one) ?? []) reached.add(next);
  return reached;
}

interface Signature {
  place: string;
  returns: string;
}

/** Functions called `is…` or `has…` (declarations, methods, arrow functions), with their declared return types. */
function questionsOf(file: string): readonly Signature[] {
  const text = read(file);
  const declared =
    /^\s*(?:export\s+)?(?:async\s+)?(?:function\s+|static\s+|private\s+)?#?((?:is|has)[A-Z]\w*)(?:<[^(]*>)?\(/gm;
  const arrows = /\bconst\s+((?:is|has)[A-Z]\w*)\s*=\s*(?:async\s*)?(?:<[^(]*>)?\((?=[^;]*?=>)/g;
  return [...text.matchAll(declared), ...text.matchAll(arrows)].flatMap((match) => {
    const after = text.slice(closingOf(text, match.index + match[0].length));
    const [, returns] = /^\)\s*:\s*([^{;=]+?)\s*(?:\{|;|=>)/.exec(after) ?? [];
    const isFunction = returns !== undefined || /^\)\s*(?:\{|=>)/.test(after);
    return isFunction ? [{ place: `${file}: ${match[1] ?? ''}`, returns: returns ?? 'not said' }] : [];
  });
}

/** The position of the bracket that closes the one opened before `at`. */
function closingOf(text: string, at: number): number {
  let depth = 1;
  let index = at;
  for (; index < text.length; index += 1) {
    if (text[index] === '(') depth += 1;
    if (text[index] === ')') depth -= 1;
    if (depth === 0) break;
  }
  return index;
}

describe('the tree', () => {
  it('has no folder with more files than a reader can grasp', () => {
    const counts = new Map<string, number>();
    for (const file of FILES) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > MOST_FILES)).toEqual([]);
  });

  it('has no cycle of imports between folders', () => {
    // A file directly in src/ or in one of its folders stands for itself: it is an entry, or a foundation.
    const placeOf = (file: string): string => (file.split('/').length <= 3 ? file : dirname(file));
    const below = new Map<string, Set<string>>();
    for (const file of FILES)
      for (const to of importsOf(file)) {
        const [from, other] = [placeOf(file), placeOf(to)];
        if (from !== other) below.set(from, (below.get(from) ?? new Set()).add(other));
      }
    const places = [...below.keys()];
    expect(places.filter((place) => reachedFrom([...(below.get(place) ?? [])], below).has(place))).toEqual([]);
  });

  it('has no file that no program reaches', () => {
    const reached = reachedFrom(ENTRIES, { get: importsOf });
    expect(reached.size).toBeGreaterThan(400);
    expect(FILES.filter((file) => !reached.has(file))).toEqual([]);
  });
});

describe('time', () => {
  const using = (pattern: RegExp): readonly string[] => FILES.filter((file) => pattern.test(read(file)));

  it('is read from one clock', () => {
    expect(using(/\bDate\.now\(|\bperformance\.now\(|\bnew Date\(\)/)).toEqual(['src/time/real-clock.ts']);
  });

  it('is waited for by that clock, or by a timer that ends what hangs', () => {
    const timed = using(/\bset(?:Timeout|Interval)\(|\bset(?:Timeout|Interval) as\b/);
    expect(timed).toContain('src/time/real-clock.ts');
    expect(timed.filter((file) => !TIMERS.some((place) => file.startsWith(place)))).toEqual([]);
  });
});

describe('a unit test', () => {
  const names = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && !name.startsWith('lab/'))
    .map((name) => name.slice(0, -'.test.ts'.length));
  const isCrossCutting = (name: string): boolean =>
    Object.keys(CROSS_CUTTING).some((each) => (each.endsWith('/') ? name.startsWith(each) : name === each));

  it('has the path and the name of its source: NAME.test.ts, or NAME.ASPECT.test.ts', () => {
    const sources = ['', 'src', 'lab'].map((folder) => join(ROOT, folder));
    const hasSource = (name: string): boolean =>
      [name, name.replace(/\.[^./]+$/, '')].some((source) =>
        sources.some((folder) => ['.ts', '.yml'].some((ending) => existsSync(join(folder, source + ending)))),
      );
    expect(names.length).toBeGreaterThan(200);
    expect(names.filter((name) => !isCrossCutting(name) && !hasSource(name))).toEqual([]);
  });

  it('is listed as cross-cutting only if it exists', () => {
    const listed = Object.keys(CROSS_CUTTING).filter((each) => !existsSync(join(ROOT, 'test', each)));
    expect(listed.filter((each) => !names.includes(each))).toEqual([]);
  });
});

describe('names', () => {
  it('that begin with is or has return a boolean', () => {
    const questions = FILES.flatMap(questionsOf);
    expect(questions.length).toBeGreaterThan(100);
    const others = questions.filter(({ returns }) => !/^(?:Promise<)?(?:boolean|\w+ is .*)>?$/.test(returns));
    expect(others).toEqual([]);
  });
});
