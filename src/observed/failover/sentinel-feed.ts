import { sampleIn, type RedisSample } from '../../domain/failover/redis-sample.ts';
import type { SentinelEvent } from '../../domain/failover/sentinel-events.ts';
import { hostsOf, type ClusterHost, type DesiredCluster, type DesiredNode } from '../../domain/desired.ts';
import { sentinelAddress, sentinelPassword } from '../../domain/sentinel/access.ts';
import { mastersIn, type SentinelMaster } from '../../domain/sentinel/replies.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Listening, NodeSession, Nodes, RedisReply } from '../../ports/nodes.ts';
import { keptQuestion, type KeptQuestion } from './kept-question.ts';

/** What one Sentinel says now. */
export interface SentinelView {
  /** Inventory name of its host. */
  node: string;
  id: string;
  masters: readonly Omit<SentinelMaster, 'replicas' | 'peers' | 'quorumCheck'>[];
}

/** The Sentinels and the Redis of a cluster, over connections that are kept: events as they come, and the rest by asking. */
export interface SentinelFeed {
  /** Asks everybody; waits no longer than a moment for those that do not answer. */
  poll(): Promise<void>;
  views(): readonly SentinelView[];
  /** Nodes that answered within the last seconds. */
  samples(): ReadonlyMap<string, RedisSample>;
  /** Of the last minutes, oldest first. */
  events(): readonly SentinelEvent[];
  /** Asks a node’s Redis. Null if it does not answer. */
  ask(node: string, ...words: readonly [string, ...string[]]): Promise<RedisReply>;
  close(): void;
}

const KEPT_MS = 180_000;
const MOST_EVENTS = 2000;
/** Of one look, for those that do not answer. */
const PATIENCE_MS = 800;
const LISTEN_AGAIN_MS = 2000;
const PING_EVERY_MS = 2000;

/** @param heard Called for each event. */
export function sentinelFeed(
  desired: DesiredCluster,
  nodes: Nodes,
  clock: Clock,
  heard: (event: SentinelEvent) => void,
): SentinelFeed {
  const { nodes: members, password } = desired;
  const hosts = hostsOf(desired);
  const closing = new AbortController();
  const { events, take } = eventLog(clock, heard);
  const redis = (node: DesiredNode): Promise<NodeSession> => nodes.connect(node);
  const sentinels = hosts.map((node): [string, KeptQuestion<SentinelView>] => {
    const open = async () => (await nodes.connect(sentinelAddress(node))).redis(sentinelPassword(node));
    const ask = async (link: Awaited<ReturnType<typeof open>>): Promise<SentinelView> => {
      const [id, masters] = await Promise.all([link.command('SENTINEL', 'MYID'), link.command('SENTINEL', 'MASTERS')]);
      return { node: node.name, id: String(id), masters: mastersIn(masters) };
    };
    return [node.name, keptQuestion(open, ask, clock)];
  });
  const servers = members.map((node): [string, KeptQuestion<RedisSample>] => {
    const open = async () => (await redis(node)).redis(password);
    return [
      node.name,
      keptQuestion(open, async (link) => sampleIn(await link.command('INFO'), clock.elapsed()), clock),
    ];
  });
  for (const node of hosts) void listenTo(node, nodes, take, clock, closing.signal);
  const all = [...sentinels, ...servers].map(([, question]) => question);
  return {
    async poll() {
      const asked = Promise.all(all.map((question) => question.refresh()));
      await Promise.race([asked, clock.sleep(PATIENCE_MS, closing.signal)]);
    },
    views: () => sentinels.flatMap(([, question]) => question.value() ?? []),
    samples: () =>
      new Map(
        servers.flatMap(([name, question]) => {
          const value = question.value();
          return value ? [[name, value] as const] : [];
        }),
      ),
    events: () => events,
    async ask(name, command, ...words) {
      const node = members.find((each) => each.name === name);
      if (!node) return null;
      try {
        const link = await (await redis(node)).redis(password);
        return await link.command(command, ...words).finally(() => link.close());
      } catch {
        return null;
      }
    },
    close() {
      closing.abort();
      for (const question of all) question.close();
    },
  };
}

/** The events of the last minutes, oldest first. */
function eventLog(clock: Clock, heard: (event: SentinelEvent) => void) {
  const events: SentinelEvent[] = [];
  const take = (by: string, channel: string, message: string): void => {
    const event = { by, channel, message, at: clock.elapsed() };
    events.push(event);
    while (events.length > MOST_EVENTS || (events[0] && events[0].at < event.at - KEPT_MS)) events.shift();
    heard(event);
  };
  return { events, take };
}

/** Listens until it is closed, and again after each loss. A host without a Sentinel is tried again and again. */
async function listenTo(
  node: ClusterHost,
  nodes: Nodes,
  take: (by: string, channel: string, message: string) => void,
  clock: Clock,
  closing: AbortSignal,
): Promise<void> {
  if (!nodes.listen) return;
  let waitMs = LISTEN_AGAIN_MS;
  while (!closing.aborted) {
    try {
      const listening = await nodes.listen(sentinelAddress(node), sentinelPassword(node), (channel, message) =>
        take(node.name, channel, message),
      );
      waitMs = LISTEN_AGAIN_MS;
      await whileItAnswers(listening, clock, closing);
    } catch {
      waitMs = Math.min(waitMs * 2, 15_000);
    }
    await clock.sleep(waitMs, closing);
  }
}

async function whileItAnswers(listening: Listening, clock: Clock, closing: AbortSignal): Promise<void> {
  const over = new AbortController();
  void listening.ended.then(() => over.abort());
  const isOver = (): boolean => over.signal.aborted || closing.aborted;
  try {
    while (!isOver()) {
      await Promise.race([clock.sleep(PING_EVERY_MS, closing), listening.ended]);
      if (!isOver()) await listening.ping();
    }
  } finally {
    listening.close();
  }
}
