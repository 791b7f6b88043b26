import { createReadStream } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChainedEntry } from '../../domain/audit/chain.ts';
import type { AuditLine } from '../../domain/audit/verify-chain.ts';
import { chainedEntry } from '../../records/audit.ts';

export const HEAD_FILE = 'head.json';
/** Longer than any entry; a longer line is none. */
const LONGEST_LINE = 64 * 1024;

/** Files sort by the number of their first entry. */
export function segmentName(number: number): string {
  return `${String(number).padStart(12, '0')}.jsonl`;
}

async function segmentNames(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith('.jsonl')).toSorted();
}

/** The file that is written to, up to its last whole line; null if there is none. */
export async function newestSegment(
  folder: string,
): Promise<{ path: string; size: number; last: ChainedEntry | null } | null> {
  const name = (await segmentNames(folder)).at(-1);
  if (name === undefined) return null;
  const path = join(folder, name);
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - LONGEST_LINE);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const tail = buffer.subarray(0, bytesRead);
    const end = tail.lastIndexOf('\n') + 1;
    const lines = tail.subarray(0, Math.max(0, end - 1));
    const last = lines.subarray(lines.lastIndexOf('\n') + 1).toString();
    return { path, size: from + end, last: entryOf(last) };
  } finally {
    await file.close();
  }
}

/** Every line of every file, oldest first. @param from The first entry that is wanted: earlier files are skipped. */
export async function* linesIn(folder: string, from = 1): AsyncGenerator<AuditLine> {
  const names = await segmentNames(folder);
  const first = Math.max(
    0,
    names.findLastIndex((name) => name <= segmentName(from)),
  );
  for (const name of names.slice(first)) {
    let line = 0;
    for await (const text of textLines(join(folder, name)))
      yield { text, file: name, line: (line += 1), entry: entryOf(text) };
  }
}

async function* textLines(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8' })) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    // Nothing of redisops is that long: the beginning is enough to say so.
    if (rest.length > LONGEST_LINE) rest = rest.slice(0, LONGEST_LINE);
    yield* lines;
  }
  if (rest !== '') yield rest;
}

export function entryOf(text: string): ChainedEntry | null {
  try {
    return chainedEntry.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
