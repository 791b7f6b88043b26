import { appendFile, mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditTrailIn } from '../../../src/adapters/audit/trail.ts';
import { auditedEntry } from '../../domain/audit/entries.ts';

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'redisops-'));
});
afterEach(() => rm(state, { recursive: true, force: true }));

const folder = () => join(state, 'audit');
const segments = async () => (await readdir(folder())).filter((name) => name.endsWith('.jsonl')).toSorted();
const problems = async (head = null) => (await auditTrailIn(state).examine(head, 10, null)).problems;

async function write(count: number, options = {}): Promise<void> {
  const trail = auditTrailIn(state, options);
  for (let index = 0; index < count; index += 1) await trail.append(auditedEntry(`deed ${index}`));
}

describe('the audit on disk', () => {
  it('shows the newest entries first, of one cluster or of all', async () => {
    const trail = auditTrailIn(state);
    await trail.append(auditedEntry('apply'));
    await trail.append(auditedEntry('lock', { cluster: 'shop' }));
    await trail.append(auditedEntry('unlock', { cluster: 'shop' }));
    const whats = async (limit: number, cluster: string | null) =>
      (await trail.examine(null, limit, cluster)).entries.map(({ what }) => what);
    expect(await whats(10, null)).toEqual(['unlock', 'lock', 'apply']);
    expect(await whats(1, null)).toEqual(['unlock']);
    expect(await whats(10, 'redis')).toEqual(['apply']);
    expect(await trail.examine(null, 1, null)).toMatchObject({ head: { number: 3 }, problems: [] });
  });

  it('is empty without entries', async () => {
    expect(await auditTrailIn(state).examine(null, 10, null)).toEqual({ entries: [], head: null, problems: [] });
  });

  it('goes over several files, and only its user can read them', async () => {
    await write(7, { segmentBytes: 600 });
    const names = await segments();
    expect(names.length).toBeGreaterThan(2);
    expect(names[0]).toBe('000000000001.jsonl');
    expect(await problems()).toEqual([]);
    const modes = await Promise.all(
      [...names, 'head.json'].map(async (name) => (await stat(join(folder(), name))).mode & 0o777),
    );
    expect(new Set(modes)).toEqual(new Set([0o600]));
  });

  it.each<[string, (file: string) => Promise<unknown>, RegExp]>([
    [
      'the last entry cut',
      async (file) => truncate(file, (await lines(file)).slice(0, -1).join('').length),
      /^entry 3 is cut/,
    ],
    ['the end torn', async (file) => truncate(file, (await stat(file)).size - 5), /^entry 3/],
    ['a file gone', (file) => rm(file), /^entries 1 to 3 are cut from the end/],
    [
      'an entry changed',
      async (file) => writeFile(file, (await readFile(file, 'utf8')).replace('deed 1', 'deed 7')),
      /^entry 2 was changed/,
    ],
    ['the head gone', () => rm(join(folder(), 'head.json')), /head\.json is missing/],
    ['a line added', (file) => appendFile(file, 'hello\n'), /^entry 4 cannot be read/],
  ])('shows %s, and still does after the next entry', async (_what, injure, expected) => {
    await write(3);
    await injure(join(folder(), '000000000001.jsonl'));
    expect((await problems())[0]?.message).toMatch(expected);
    if (expected.source.includes('head')) return;
    await write(1);
    expect(await problems()).not.toEqual([]);
  });

  it('shows a rotated file that was taken away', async () => {
    await write(7, { segmentBytes: 600 });
    const [, second = ''] = await segments();
    await rm(join(folder(), second));
    expect((await problems())[0]?.message).toMatch(/missing before/);
  });

  it('shows what was cut together with the head, by the head that another place has', async () => {
    await write(3);
    const { head } = await auditTrailIn(state).examine(null, 1, null);
    await rm(folder(), { recursive: true });
    await write(1);
    const view = await auditTrailIn(state).examine(head, 1, null);
    expect(view.problems.map(({ message }) => message)).toEqual([
      'entries 2 to 3 are cut from the end: the queue’s Redis has them',
    ]);
  });

  it('goes on after a process died between an entry and the head', async () => {
    await write(2);
    const head = await readFile(join(folder(), 'head.json'));
    await write(1);
    await writeFile(join(folder(), 'head.json'), head);
    await write(1);
    expect(await problems()).toEqual([]);
  });

  it('goes on after a process died in the middle of an entry', async () => {
    await write(2);
    await appendFile(join(folder(), '000000000001.jsonl'), '{"at":"2025');
    await write(1);
    expect(await problems()).toEqual([]);
  });

  it('has no secret that looks like one', async () => {
    await auditTrailIn(state).append(auditedEntry('set x redis://ada:hunter2@host ghp_abcdef'));
    expect(await readFile(join(folder(), '000000000001.jsonl'), 'utf8')).not.toMatch(/hunter2|ghp_abcdef/);
  });

  it('refuses if it cannot be written, and says what to do', async () => {
    await writeFile(folder(), 'a file where the folder should be');
    await expect(auditTrailIn(state).append(auditedEntry('apply'))).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
    await expect(auditTrailIn(state).ready()).rejects.toMatchObject({ code: 'AUDIT_FAILED' });
  });

  it('is one chain, whoever writes at the same time', async () => {
    const writers = [1, 2, 3].map(() => auditTrailIn(state, { segmentBytes: 2000 }));
    const whats = Array.from({ length: 8 }, (_, index) => `deed ${index}`);
    await Promise.all(writers.flatMap((trail) => whats.map((what) => trail.append(auditedEntry(what)))));
    expect(await auditTrailIn(state).examine(null, 1, null)).toMatchObject({ head: { number: 24 }, problems: [] });
  });
});

async function lines(file: string): Promise<readonly string[]> {
  return (await readFile(file, 'utf8')).match(/.*\n/g) ?? [];
}
