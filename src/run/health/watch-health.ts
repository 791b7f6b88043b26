import type { Click } from '../../domain/chat/click.ts';
import { ACKNOWLEDGE_OFFERS } from '../../domain/chat/acknowledgement.ts';
import {
  afterHealthLook,
  healthFingerprint,
  healthShown,
  isWell,
  nextLookMs,
  type HealthLook,
  type HealthNews,
  type HealthRecord,
} from '../../domain/health/health-record.ts';
import type { ConfigSource } from '../../ports/git.ts';
import { healthMessage, healthReply } from '../../report/cluster/health-message.ts';
import type { RunPorts } from '../ports.ts';
import { channelOf } from '../thread/channel-of.ts';

export interface HealthWatch {
  /** Trouble is reported within this time. */
  withinMs: number;
  /** Look now, even if no look is due. */
  soon: boolean;
  /** Sentinel reported trouble: one look is enough to report it. */
  isCertain: boolean;
  see(source: ConfigSource): Promise<HealthLook>;
}

const LOOK_BACK = 50;

/**
 * Looks at the cluster’s health when it is due, and updates its one message. Called often, by every worker: only one of
 * them looks. Skipped while a run changes nodes: it reports by itself.
 */
export async function watchHealth(cluster: string, asked: HealthWatch, ports: RunPorts): Promise<void> {
  const { store } = ports;
  if (await isChanging(cluster, ports)) return;
  const turn = await store.takeHealthTurn(cluster, asked.soon);
  if (!turn) return;
  let nextMs = asked.withinMs / 6;
  try {
    const record = await look(cluster, asked, ports);
    nextMs = record ? nextLookMs(record, asked.withinMs) : nextMs;
  } finally {
    await store.endHealthTurn(cluster, turn, nextMs);
  }
}

async function isChanging(cluster: string, { store }: RunPorts): Promise<boolean> {
  return (await store.runs(cluster, LOOK_BACK)).some(({ status }) => status === 'running');
}

/** Null if the look does not count. */
async function look(cluster: string, asked: HealthWatch, ports: RunPorts): Promise<HealthRecord | null> {
  const { store, clock, log } = ports;
  const seen = await asked.see(await ports.source(null));
  if (await isChanging(cluster, ports)) return null;
  const known = await store.health(cluster);
  if (!known && !isWell(seen) && !(await isSetUp(cluster, ports))) return null;

  const news = afterHealthLook(known, seen, clock.now(), asked.isCertain);
  await store.changeHealth(cluster, news.change);
  await say(news, ports).catch((error: unknown) =>
    log.warn({ cluster, error }, 'could not report the cluster’s health; the next look does'),
  );
  return news.record;
}

/** Before its first run, a cluster that was never healthy is only not set up yet. */
async function isSetUp(cluster: string, { store }: RunPorts): Promise<boolean> {
  return (await store.runs(cluster, LOOK_BACK)).some(({ status }) => status === 'done');
}

async function say({ record, added, returned }: HealthNews, ports: RunPorts): Promise<void> {
  const { store, chat } = ports;
  const { cluster, state, message } = record;
  const shown = healthShown(record);
  if (state === 'suspected' || state === 'recovering' || record.shown === shown) return;
  if (!message) {
    if (state === 'well') return;
    const posted = await chat.post(await channelOf(cluster, ports), healthMessage(record), healthButtons(record));
    return store.changeHealth(cluster, { message: posted, shown });
  }
  await chat.edit(message, healthMessage(record), healthButtons(record));
  await store.changeHealth(cluster, { shown });
  const reply = healthReply(record, added, returned);
  if (reply) await chat.reply(message, reply);
}

/** Buttons for the trouble shown above them. */
export function healthButtons(record: HealthRecord): readonly Click[] {
  if (record.state === 'well' || record.acknowledged) return [];
  const fingerprint = healthFingerprint(record);
  return ACKNOWLEDGE_OFFERS.map((offer) => ({
    kind: 'watch',
    about: 'health',
    offer,
    cluster: record.cluster,
    fingerprint,
  }));
}
