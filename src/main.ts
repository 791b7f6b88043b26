import { ownThread } from './adapters/apart/apart.ts';
import { connectQueue } from './adapters/queue/connection.ts';
import { createLog } from './adapters/log/log.ts';
import { readableFiles } from './adapters/disk/readable-files.ts';
import { queueRedis } from './adapters/queue/redis.ts';
import { runQueue } from './adapters/queue/queue.ts';
import { redisStore } from './adapters/store/store.ts';
import type { ServeOptions } from './serve/options.ts';
import { refuseQueueOnNode } from './serve/queue-on-node.ts';
import { queueWarnings } from './serve/open-queue.ts';
import { servedAudit } from './serve/audit.ts';
import { startBot } from './serve/bot.ts';
import { assemble } from './serve/program.ts';
import { READER } from './serve/reader-file.ts';
import { startWorkers } from './serve/workers.ts';
import { problemsOfServe, settingsInvalid, type Settings } from './settings.ts';

/** Milliseconds on shutdown for what is just being said; the rest stays in the outbox. */
const COURIER_MS = 3000;

/** Runs the bot, the worker, or both, until SIGTERM or SIGINT. */
export async function serve(settings: Settings, options: ServeOptions): Promise<void> {
  const problems = problemsOfServe(settings, options.repoGiven);
  if (problems.length > 0) throw settingsInvalid(problems);

  const log = createLog(settings.LOG_LEVEL);
  const warnings = [...queueWarnings(settings.QUEUE_REDIS_URL), ...(await readableFiles(settings))];
  for (const warning of warnings) log.warn({}, warning);
  const asked = untilAsked();
  const owned = await queueRedis(
    { ...(settings.QUEUE_REDIS_URL ? { url: settings.QUEUE_REDIS_URL } : {}), stateDir: settings.STATE_DIR },
    log,
  );
  const connection = connectQueue(owned.address, log);
  const queue = runQueue(owned.address, log);
  const audit = servedAudit(settings, redisStore(connection, log), log);
  const { store } = audit;
  // A failed start must leave nothing that keeps the process alive.
  const closing: (() => Promise<unknown>)[] = [
    () => owned.release(),
    async () => connection.disconnect(),
    () => queue.close(),
    () => audit.close(),
  ];
  try {
    const reader = ownThread(READER);
    closing.push(async () => reader.close());
    const program = await assemble({ settings, options, log, queue, store, audit, apart: reader, owned });
    await refuseQueueOnNode(settings.QUEUE_REDIS_URL, program);
    closing.push(() => Promise.all([program.nodes.close(), program.nodesToRead.close()]));
    program.courier.start();
    closing.push(
      async () => program.silence.abort(),
      () => program.courier.close(COURIER_MS),
    );
    if (options.only !== 'bot') closing.push(await startWorkers(program));
    closing.push(await startBot(program, options));
    log.info({ signal: await asked }, 'stopping');
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

function untilAsked(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}
