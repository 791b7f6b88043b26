import { chmod, mkdir, open, readFile, rename, writeFile, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { chained, lineOf, type AuditHead, type ChainedEntry } from '../../domain/audit/chain.ts';
import { ChainCheck, type KeptHead } from '../../domain/audit/verify-chain.ts';
import { RedisopsError } from '../../domain/error.ts';
import type { AuditEntry } from '../../domain/run/run.ts';
import type { AuditTrail } from '../../ports/audit-trail.ts';
import { auditHead } from '../../records/audit.ts';
import { withFileLock } from '../disk/file-lock.ts';
import { checkRoom } from '../disk/room.ts';
import { redactText } from '../log/redact.ts';
import { HEAD_FILE, linesIn, newestSegment, segmentName } from './segments.ts';

const LOCK_FILE = 'lock';
/** Some 15,000 entries. */
const SEGMENT_BYTES = 8 * 1024 * 1024;

/**
 * The audit in `STATE_DIR/audit`: JSON lines, each with the hash of the one before, in files that begin anew after
 * 8 MiB. Nothing is ever deleted. A lock keeps bot, workers and command line in one chain. `head.json` beside the files
 * names the last entry, so that a cut at the end shows.
 */
export function auditTrailIn(stateDir: string, { segmentBytes = SEGMENT_BYTES } = {}): AuditTrail {
  const folder = join(stateDir, 'audit');
  const host = hostname();
  const locked = async <T>(act: () => Promise<T>): Promise<T> => {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return await withFileLock(join(folder, LOCK_FILE), act);
    } catch (error) {
      throw failed(error);
    }
  };
  let turn: Promise<unknown> = Promise.resolve();
  // One process takes the lock for one entry at a time.
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const mine = turn.then(() => locked(act));
    turn = mine.catch(() => undefined);
    return mine;
  };
  return {
    place: `${host}:${resolve(stateDir)}`,
    append: (entry) => inTurn(() => append(folder, { ...entry, what: redactText(entry.what) }, host, segmentBytes)),
    async ready() {
      await inTurn(async () => {
        const file = await open(join(folder, LOCK_FILE), 'a', 0o600);
        await file.close();
      });
      await checkRoom(stateDir);
    },
    async examine(head, limit, cluster) {
      const written = await readHead(folder);
      const heads: KeptHead[] = [
        ...(written ? [{ ...written, kept: `audit/${HEAD_FILE}` }] : []),
        ...(head ? [{ ...head, kept: 'the queue’s Redis' }] : []),
      ];
      const check = new ChainCheck(heads);
      const entries: ChainedEntry[] = [];
      let last: AuditHead | null = null;
      for await (const line of linesIn(folder)) {
        check.add(line);
        if (!line.entry) continue;
        last = { number: line.entry.number, hash: line.entry.hash };
        if (cluster === null || line.entry.cluster === cluster) entries.push(line.entry);
        if (entries.length > limit) entries.shift();
      }
      const problems = check.end();
      const isHeadless = last !== null && written === null;
      const headless = { entry: last?.number ?? 1, message: `audit/${HEAD_FILE} is missing or cannot be read` };
      return { entries: entries.toReversed(), head: last, problems: isHeadless ? [...problems, headless] : problems };
    },
  };
}

async function append(folder: string, entry: AuditEntry, host: string, segmentBytes: number): Promise<ChainedEntry> {
  const head = await readHead(folder);
  const newest = await newestSegment(folder);
  const last = newest?.last ?? null;
  // An entry was written, and the process died before it wrote the head.
  const isAhead = last !== null && (!head || (last.number === head.number + 1 && last.previous === head.hash));
  const next = chained(entry, host, isAhead ? last : head);
  const isFull = newest === null || newest.size >= segmentBytes;
  const path = isFull ? join(folder, segmentName(next.number)) : newest.path;
  const file = await open(path, 'a', 0o600);
  try {
    await file.chmod(0o600);
    await appendLine(file, isFull ? 0 : newest.size, lineOf(next), async () => {
      await writeHead(folder, { number: next.number, hash: next.hash });
    });
  } finally {
    await file.close();
  }
  return next;
}

/** A line that is not on disk as a whole, or that the head does not name, is taken back: it was not written. */
async function appendLine(file: FileHandle, size: number, line: string, then: () => Promise<void>): Promise<void> {
  try {
    // What a crash left of an entry has no line end, and no head.
    await file.truncate(size);
    await file.appendFile(`${line}\n`);
    await file.datasync();
    await then();
  } catch (error) {
    await file.truncate(size).catch(() => undefined);
    throw error;
  }
}

async function readHead(folder: string): Promise<AuditHead | null> {
  try {
    return auditHead.parse(JSON.parse(await readFile(join(folder, HEAD_FILE), 'utf8')));
  } catch {
    return null;
  }
}

async function writeHead(folder: string, head: AuditHead): Promise<void> {
  const file = join(folder, HEAD_FILE);
  await writeFile(`${file}.new`, JSON.stringify(head), { mode: 0o600, flush: true });
  await chmod(`${file}.new`, 0o600);
  await rename(`${file}.new`, file);
}

function failed(error: unknown): RedisopsError {
  if (error instanceof RedisopsError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new RedisopsError('AUDIT_FAILED', `The audit cannot be written: ${reason}`, {
    cause: error,
    hint: 'Free space in STATE_DIR and make it writable. Then ask again.',
  });
}
