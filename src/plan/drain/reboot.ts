import type { Blocker, Risk } from '../../domain/plan.ts';
import { seenPeers } from '../../domain/sentinel/replies.ts';
import { settingOf } from '../directives/setting.ts';
import { isNeverMaster } from '../hand-over/hand-over.ts';
import type { Pair, Roles } from '../roles/topology.ts';

/** What the cluster would refuse while the host is down. */
export function rebootBlockers(pair: Pair, { pairs, master }: Roles): readonly Blocker[] {
  const { name } = pair.desired;
  const needed = Math.max(0, ...pairs.filter((each) => each !== pair).map(neededReplicas));
  const good = master?.redis?.replicas.filter(({ state }) => state === 'online').length ?? 0;
  if (!master?.redis || needed === 0 || good - 1 >= needed) return [];
  return [
    {
      code: 'DRAIN_UNSAFE',
      node: name,
      message: `While ${name} is down, the master would refuse writes: min-replicas-to-write is ${needed}, and ${Math.max(0, good - 1)} would be left.`,
      hint: 'Lower min-replicas-to-write in Git for that time, or bring another replica up first.',
    },
  ];
}

/** What is less safe until the host is back. */
export function rebootRisks(pair: Pair, roles: Roles): readonly Risk[] {
  const { pairs, master } = roles;
  const { name } = pair.desired;
  const others = pairs.filter(
    (each) => each !== pair && each !== master && each.redis?.master?.up && !isNeverMaster(each),
  );
  const spare = pair === master ? others.length - 1 : others.length;
  const alone = `Until \`undrain ${name}\`, no node can take over from the master.`;
  return [...(spare > 0 ? [] : [risk(name, alone)]), ...voteRisks(pair, roles)];
}

function voteRisks({ desired: { name } }: Pair, { watch }: Roles): readonly Risk[] {
  const own = watch?.watchers.find(({ node }) => node === name);
  if (!own) return [];
  const left = seenPeers(own.master).length;
  const majority = Math.floor((own.master.peers.length + 1) / 2) + 1;
  if (left >= majority) return [];
  return [
    risk(name, `While ${name} is down, ${left} Sentinels are left: fewer than the ${majority} that a failover needs.`),
  ];
}

function neededReplicas(pair: Pair): number {
  return Number(settingOf(pair, 'min-replicas-to-write')) || 0;
}

function risk(node: string, message: string): Risk {
  return { code: null, node, message };
}
