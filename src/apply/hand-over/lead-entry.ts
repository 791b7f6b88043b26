import type { HandOver } from '../../domain/action.ts';
import { ASK_HAPROXY } from '../../domain/entry/ask-haproxy.ts';
import type { ProxyHost } from '../../domain/entry/entry.ts';
import {
  entryBackends,
  isSettled,
  leadCommands,
  obstacleTo,
  type EntryBackend,
  type Move,
} from '../../domain/entry/lead.ts';
import { SHOW_SERVERS, serversIn, type ProxyServer } from '../../domain/entry/servers.ts';
import { RedisopsError, asRedisopsError } from '../../domain/error.ts';
import { nodeWords } from '../../domain/node-words.ts';
import { endpointOf } from '../../domain/replication/endpoint.ts';
import type { Talk } from '../../ports/nodes.ts';
import { within } from '../../time/within.ts';
import type { Step } from '../node/step.ts';

const ASK_MS = 5000;
/** Part of the write pause: a proxy that hangs must not prolong it. */
const LEAD_MS = 500;
const SETTLE_MS = 5000;
const EVERY_MS = 250;

/** The clients’ way in during a hand-over. */
export interface EntryLead {
  /** Right before the write pause: what HAProxy counts as up now. Never throws. */
  look(): Promise<void>;
  /** Inside the write pause, once the old master is demoted: leads clients to the new one. Never throws. */
  lead(): Promise<void>;
  /** Once the role has moved: until HAProxy’s own checks agree. Never throws. */
  settle(): Promise<void>;
}

/**
 * Opens HAProxy on hosts of the inventory for the duration of `use`, and asks it once before the pause. Its health check
 * alone would take seconds. Nothing is written to its files.
 * @throws HANDOVER_REFUSED if it could not lead clients to the new master; nothing has been touched then.
 */
export async function withEntryLead<T>(
  { node, to }: HandOver,
  step: Step,
  use: (entry: EntryLead) => Promise<T>,
): Promise<T> {
  const { hosts = [] } = step.desired.entry?.proxies ?? {};
  const move = { from: node, to: to.name };
  const proxies = (await Promise.all(hosts.map((host) => open(host, move, step)))).filter((proxy) => proxy !== null);
  const forEach = async (act: (proxy: Proxy) => Promise<void>): Promise<void> => {
    await Promise.all(proxies.map(act));
  };
  try {
    const obstacle = proxies.find((proxy) => proxy.obstacle !== null);
    if (obstacle) throw refusal(obstacle, to.name);
    return await use({
      look: () => forEach((proxy) => look(proxy, move, step)),
      lead: () => forEach((proxy) => command(proxy, proxy.commands, step)),
      settle: () => forEach((proxy) => settle(proxy, move, step)),
    });
  } finally {
    for (const { talk } of proxies) talk.close();
  }
}

interface Proxy {
  host: ProxyHost;
  talk: Talk;
  /** As found before the hand-over. */
  entry: readonly EntryBackend[];
  commands: readonly string[];
  readonly obstacle: string | null;
}

/** Null if it cannot be asked: its own check then finds the new master. */
async function open(host: ProxyHost, move: Move, step: Step): Promise<Proxy | null> {
  try {
    const session = await step.nodes.connect({ ...host, redisPort: 0 });
    const socket = step.desired.entry?.proxies?.socket ?? '';
    const talk = await session.talk(ASK_HAPROXY, { parameters: [socket], timeoutMs: ASK_MS });
    const servers = await show(talk, step);
    const entry = entryBackends(servers, move);
    return { host, talk, entry, commands: [], obstacle: obstacleTo(entry, servers, move) };
  } catch (error) {
    const why = asRedisopsError(error).message.replace(/\.$/, '');
    tell(host, `cannot be led along (${why}): its own check has to find the new master`, step);
    return null;
  }
}

async function show(talk: Talk, { desired }: Step): Promise<readonly ProxyServer[]> {
  const nodes = new Map(desired.nodes.map((node) => [node.name, endpointOf(node)]));
  return serversIn(await talk.ask(SHOW_SERVERS), nodes);
}

async function command({ host, talk }: Proxy, commands: readonly string[], step: Step): Promise<void> {
  if (commands.length === 0) return;
  try {
    const reply = await within(LEAD_MS, talk.ask(commands.join(';')), slow);
    const said = nodeWords(reply.trim());
    if (said !== '') tell(host, `answered: ${said}`, step);
  } catch (error) {
    tell(host, `did not follow at once (${asRedisopsError(error).message})`, step);
  }
}

async function look(proxy: Proxy, move: Move, step: Step): Promise<void> {
  proxy.commands = await show(proxy.talk, step).then(
    (servers) => leadCommands(proxy.entry, servers, move),
    () => [],
  );
}

/** A check that was under way may still turn it: looked at until the checks agree, and led again. */
async function settle(proxy: Proxy, move: Move, step: Step): Promise<void> {
  const deadline = step.clock.elapsed() + SETTLE_MS;
  try {
    while (step.clock.elapsed() < deadline) {
      const servers = await show(proxy.talk, step);
      const commands = leadCommands(proxy.entry, servers, move);
      if (commands.length === 0 && isSettled(proxy.entry, servers, move)) return;
      await command(proxy, commands, step);
      await step.clock.sleep(EVERY_MS, null);
    }
  } catch (error) {
    tell(proxy.host, `could not be asked again: ${asRedisopsError(error).message}`, step);
  }
}

function refusal({ host, obstacle }: Proxy, to: string): RedisopsError {
  const message = `HAProxy on ${host.name} could not lead clients to ${to}: ${obstacle}.`;
  return new RedisopsError('HANDOVER_REFUSED', message, {
    hint: 'No changes were made. Fix HAProxy’s servers, then run again.',
  });
}

function slow(): RedisopsError {
  return new RedisopsError('COMMAND_TIMEOUT', `no reply within ${LEAD_MS} ms`, { hint: 'Check the load of its host.' });
}

function tell({ name }: ProxyHost, what: string, step: Step): void {
  step.progress({ message: `HAProxy on ${name} ${what}` });
}
