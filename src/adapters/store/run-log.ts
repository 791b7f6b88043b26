import { chmod, mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunRecord } from '../../domain/run/run.ts';
import { runRecord } from './run-record.ts';

const FILE = 'history.jsonl';

/**
 * Adds a run to the history of the command line, `STATE_DIR/history.jsonl`: one line, in one write, on disk when this
 * returns. Several processes may append at once.
 * @throws the file system’s errors.
 */
export async function appendRun(stateDir: string, record: RunRecord): Promise<void> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const path = join(stateDir, FILE);
  const file = await open(path, 'a+', 0o600);
  try {
    await chmod(path, 0o600);
    // A line that a crash tore must not swallow this one.
    const torn = !(await endsWithNewline(file));
    await file.write(`${torn ? '\n' : ''}${JSON.stringify(record)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function endsWithNewline(file: Awaited<ReturnType<typeof open>>): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() === '\n';
}

/** The newest runs first, of one cluster or (null) of all. Lines that cannot be read are left out; no file is no runs. */
export async function readRuns(stateDir: string, cluster: string | null, limit: number): Promise<readonly RunRecord[]> {
  const text = await readFile(join(stateDir, FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return text
    .split('\n')
    .toReversed()
    .flatMap(parseLine)
    .filter((record) => cluster === null || record.cluster === cluster)
    .slice(0, limit);
}

function parseLine(line: string): RunRecord[] {
  if (line.trim() === '') return [];
  try {
    return [runRecord.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}
