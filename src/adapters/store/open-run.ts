import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Plan } from '../../domain/plan.ts';
import type { RunRecord } from '../../domain/run/run.ts';
import { journalEntry } from '../../records/journal.ts';
import { plan } from '../../records/result.ts';
import { runRecord } from '../../records/run.ts';
import type { JournalEntry } from '../../domain/run/journal.ts';

/** A run of the command line that has begun to change nodes. */
export interface OpenRun {
  record: RunRecord;
  /** The approved plan. */
  plan: Plan;
  /** Digest of the desired state: a working tree has no revision. */
  contents: string;
  journal: readonly JournalEntry[];
}

const head = z.object({ record: runRecord, plan, contents: z.string() });

/**
 * Progress of the command line’s runs, in `STATE_DIR/open-runs`: outlives the process, and is deleted when the run
 * ends.
 */
export interface OpenRuns {
  /**
   * Adds a step and returns once it is on disk. @param run As this process began or resumed it: written in full with
   * the first step.
   */
  record(run: OpenRun, entry: JournalEntry): Promise<void>;
  /** Null if no run was interrupted, or its file cannot be read. */
  find(cluster: string): Promise<OpenRun | null>;
  end(cluster: string): Promise<void>;
}

export function openRunsIn(stateDir: string): OpenRuns {
  const folder = join(stateDir, 'open-runs');
  const fileOf = (cluster: string) => join(folder, `${cluster}.jsonl`);
  const begun = new Map<string, Promise<void>>();
  async function begin({ journal, ...run }: OpenRun): Promise<void> {
    const file = fileOf(run.record.cluster);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await write(`${file}.new`, 'w', [run, ...journal].map(lineOf).join(''));
    await rename(`${file}.new`, file);
  }
  return {
    async record(run, entry) {
      const { run: id, cluster } = run.record;
      // The first steps of a wave arrive together.
      const beginning = begun.get(id) ?? begin(run);
      begun.set(id, beginning);
      await beginning;
      await write(fileOf(cluster), 'a', lineOf(entry));
    },
    async find(cluster) {
      const text = await readFile(fileOf(cluster), 'utf8').catch(() => '');
      const [first = '', ...lines] = text.split('\n');
      const read = head.safeParse(parsed(first));
      // The last line may be torn: that step is checked on the node.
      const journal = lines.flatMap((line) => journalEntry.safeParse(parsed(line)).data ?? []);
      return read.success ? { ...read.data, journal } : null;
    },
    end: (cluster) => rm(fileOf(cluster), { force: true }),
  };
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

async function write(path: string, flag: 'a' | 'w', text: string): Promise<void> {
  const file = await open(path, flag, 0o600);
  try {
    await file.write(text);
    await file.datasync();
  } finally {
    await file.close();
  }
}
