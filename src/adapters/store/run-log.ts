import { chmod, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { RunHistory } from '../../domain/run/run-history.ts';
import type { RunRecord, RunResult } from '../../domain/run/run.ts';
import { runResult } from '../../records/result.ts';
import { runRecord } from '../../records/run.ts';

const FILE = 'history.jsonl';

/**
 * Appends a run to the command line’s history, `STATE_DIR/history.jsonl`: one line in one write, on disk on return.
 * Safe for concurrent processes.
 * @throws the file system’s errors.
 */
export async function appendRun(stateDir: string, record: RunRecord, result?: RunResult): Promise<void> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const path = join(stateDir, FILE);
  const file = await open(path, 'a+', 0o600);
  try {
    await chmod(path, 0o600);
    // A line torn by a crash must not swallow this one.
    const torn = !(await endsWithNewline(file));
    await file.write(`${torn ? '\n' : ''}${JSON.stringify(result ? { ...record, result } : record)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/**
 * A run of the history, with its result if that was kept; null if there is none of that name.
 * @throws the file system’s errors.
 */
export async function readRun(
  stateDir: string,
  run: string,
): Promise<{ record: RunRecord; result: RunResult | null } | null> {
  const text = await historyText(stateDir);
  const line = text
    .split('\n')
    .toReversed()
    .map(json)
    .find((each) => named.safeParse(each).data?.run === run);
  const record = runRecord.safeParse(line).data;
  const { data } = withResult.safeParse(line);
  return record ? { record, result: data?.result ?? null } : null;
}

function historyText(stateDir: string): Promise<string> {
  return readFile(join(stateDir, FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}

async function endsWithNewline(file: Awaited<ReturnType<typeof open>>): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() === '\n';
}

/**
 * The newest lines, of one cluster or (null) of all; empty without a file. Skips a torn line.
 * @throws the file system’s errors.
 */
export async function readHistory(stateDir: string, cluster: string | null, limit: number): Promise<RunHistory> {
  const text = await historyText(stateDir);
  const lines = text
    .split('\n')
    .toReversed()
    .flatMap((line) => parsedLine(line) ?? [])
    .filter((line) => cluster === null || line.cluster === cluster)
    .slice(0, limit);
  return {
    runs: lines.flatMap(({ record }) => record ?? []),
    unreadable: lines.flatMap(({ run, record }) => (record ? [] : [run])),
  };
}

const withResult = z.looseObject({ result: runResult });

/** Fields shared by all versions. */
const named = z.looseObject({ run: z.string(), cluster: z.string() });

function parsedLine(line: string): { run: string; cluster: string; record: RunRecord | null } | null {
  const { data: names } = named.safeParse(json(line));
  return names ? { run: names.run, cluster: names.cluster, record: runRecord.safeParse(names).data ?? null } : null;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
