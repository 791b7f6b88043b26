import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChainedEntry } from '../../domain/audit/chain.ts';
import { asRedisopsError, RedisopsError } from '../../domain/error.ts';
import { withFileLock } from '../disk/file-lock.ts';
import { redactText } from '../log/redact.ts';
import { linesIn } from './segments.ts';

/** Where the audit is sent. */
export interface Sink {
  name: 'syslog' | 'webhook';
  /** In the chain’s order. Returns once they are handed over; an error means that all of them are sent again. */
  deliver(entries: readonly ChainedEntry[]): Promise<void>;
}

const MOST_AT_ONCE = 100;

/**
 * Sends every entry that a sink has not had yet, whichever process wrote it, at least once. What was sent is in
 * `STATE_DIR/audit/sent-SINK`.
 * @throws AUDIT_FAILED naming the sink: the rest is sent by the next call.
 */
export async function deliverAudit(stateDir: string, sinks: readonly Sink[]): Promise<void> {
  if (sinks.length === 0) return;
  const folder = join(stateDir, 'audit');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const failures = await withFileLock(join(folder, 'delivery.lock'), () =>
    Promise.all(
      sinks.map((sink) =>
        sendAll(folder, sink).then(
          () => null,
          (error: unknown) => failed(sink, error),
        ),
      ),
    ),
  );
  const failure = failures.find((each) => each !== null);
  if (failure) throw failure;
}

async function sendAll(folder: string, sink: Sink): Promise<void> {
  const file = join(folder, `sent-${sink.name}`);
  const sent = Number(await readFile(file, 'utf8').catch(() => '0')) || 0;
  let batch: ChainedEntry[] = [];
  const send = async (): Promise<void> => {
    const last = batch.at(-1);
    if (!last) return;
    await sink.deliver(batch);
    await writeFile(`${file}.new`, String(last.number), { mode: 0o600 });
    await rename(`${file}.new`, file);
    batch = [];
  };
  for await (const { entry } of linesIn(folder, sent + 1)) {
    if (entry && entry.number > sent) batch.push(entry);
    if (batch.length >= MOST_AT_ONCE) await send();
  }
  await send();
}

function failed({ name }: Sink, error: unknown): RedisopsError {
  const { message } = asRedisopsError(error);
  return new RedisopsError('AUDIT_FAILED', `The audit cannot be sent to the ${name}: ${redactText(message)}`, {
    cause: error,
    hint: 'The entries are in STATE_DIR/audit and are sent once it answers.',
  });
}
