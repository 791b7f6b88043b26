import type { WatchMaster } from '../../domain/action.ts';
import { RedisopsError } from '../../domain/error.ts';
import { endpointOf, sameEndpoint } from '../../domain/replication/endpoint.ts';
import { Secret } from '../../domain/secret.ts';
import { LIVE_OF_MASTER } from '../../domain/sentinel/differences.ts';
import { mastersIn } from '../../domain/sentinel/replies.ts';
import type { SentinelFile } from '../../domain/sentinel/sentinel-file.ts';
import type { RedisLink } from '../../ports/nodes.ts';
import { stateOf } from '../node/redis-on.ts';
import type { SentinelStep } from '../node/step.ts';
import { awaitKnown } from './known.ts';
import { removeMaster } from './forget-master.ts';
import { withSentinel } from './sentinel-link.ts';

/**
 * Makes a running Sentinel watch that master, with Git’s settings; it writes its file itself. REMOVE, MONITOR and SET go
 * out together: Sentinel does not connect in between, without the password.
 * @throws STALE_PLAN if the node is no master, or the Sentinel is failing over.
 */
export async function watchMaster(action: WatchMaster, step: SentinelStep): Promise<boolean> {
  const content = step.node.sentinel?.file.content;
  if (!content)
    throw new RedisopsError('STALE_PLAN', `Git asks for no Sentinel on ${action.node}.`, { hint: 'Make a new plan.' });
  await refuseNoMaster(action, step);
  const changed = await withSentinel(step.node, step, (link) => watch(action, content, link));
  await awaitKnown(action, step);
  return changed;
}

async function refuseNoMaster({ master }: WatchMaster, step: SentinelStep): Promise<void> {
  const node = step.desired.nodes.find((each) => sameEndpoint(endpointOf(each), master));
  const state = node ? await stateOf(node, step) : null;
  if (state?.role === 'master') return;
  throw new RedisopsError('STALE_PLAN', `${master.host}:${master.port} is not the master.`, {
    hint: 'The roles have changed. Make a new plan.',
  });
}

async function watch(
  { node, masterName, master }: WatchMaster,
  content: SentinelFile,
  link: RedisLink,
): Promise<boolean> {
  const known = mastersIn(await link.command('SENTINEL', 'MASTERS')).find(({ name }) => name === masterName);
  if (known && sameEndpoint(known, master)) return false;
  const quorum = content.monitors.find((each) => each.master === masterName)?.quorum ?? 2;
  await removeMaster(masterName, node, link);
  const settings = LIVE_OF_MASTER.flatMap((setting) => {
    const value = content.ofMaster(masterName, setting);
    return value === null ? [] : [setting, new Secret(value)];
  });
  await Promise.all([
    link.command('SENTINEL', 'MONITOR', masterName, master.host, String(master.port), String(quorum)),
    ...(settings.length === 0 ? [] : [link.command('SENTINEL', 'SET', masterName, ...settings)]),
  ]);
  await link.command('SENTINEL', 'FLUSHCONFIG');
  return true;
}
