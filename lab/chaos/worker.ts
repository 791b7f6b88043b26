import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../../src/adapters/checkout.ts';
import { sshNodes } from '../../src/adapters/ssh.ts';
import type { Plan } from '../../src/domain/plan.ts';
import type { RunResult } from '../../src/domain/run.ts';
import { execute } from '../../src/operation.ts';
import type { JournalEntry } from '../../src/ports.ts';
import { labHosts } from '../hosts.ts';

/**
 * A worker in a process of its own, to be hurt: carries out plan.json of a folder, goes on from its journal, and prints
 * how the run ended.
 */
async function work(folder: string): Promise<RunResult> {
  const lab = labHosts();
  const nodes = sshNodes({ user: lab.sshUser, privateKeyFile: lab.keyFile, knownHostsFile: lab.knownHostsFile });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by chaos itself.
  const plan = JSON.parse(await readFile(join(folder, 'plan.json'), 'utf8')) as Plan;
  const run = {
    id: 'chaos',
    holder: `worker ${process.pid}`,
    emit: () => {},
    record: (entry: JournalEntry) => appendFile(join(folder, 'journal'), `${JSON.stringify(entry)}\n`),
    journal: await journalOf(folder),
  };
  try {
    return (await execute(plan, checkout(folder), run, { nodes, clock: { now: () => new Date() } })).result;
  } finally {
    await nodes.close();
  }
}

async function journalOf(folder: string): Promise<readonly JournalEntry[]> {
  const text = await readFile(join(folder, 'journal'), 'utf8').catch(() => '');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by an earlier worker.
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as JournalEntry]));
}

const { outcome, code, message } = await work(process.argv[2] ?? '');
process.stdout.write(`${JSON.stringify({ outcome, code, message })}\n`);
