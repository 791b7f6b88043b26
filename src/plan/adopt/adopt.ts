import type { DesiredCluster, DesiredNode, ClusterHost } from '../../domain/desired.ts';
import type { NodeFacts } from '../../domain/facts.ts';
import { dropInOrigin } from '../../domain/file-origin.ts';
import type { Risk } from '../../domain/plan.ts';
import { lineOf, withKept } from '../../domain/redis/kept-lines.ts';
import { dataDirectories } from '../../domain/unit/data-directories.ts';
import type { ConfLine, RedisConf } from '../../domain/redis/redis-conf.ts';
import { whileDrained } from '../../domain/maintenance/drained.ts';
import type { SentinelHostFacts } from '../../domain/sentinel/facts.ts';
import { whilePaused } from '../../domain/sentinel/pause.ts';
import { userOf } from '../../domain/server/server.ts';
import { SensitiveText } from '../../domain/secret.ts';
import { startWait } from '../../domain/unit/start-wait.ts';
import { keptSettings, renderDropIn, settingsIn, withKeptSettings } from '../../domain/unit/drop-in.ts';
import { isInUse, keptBy } from './kept.ts';

/** The desired state, plus settings that each node keeps because Git does not mention them. */
export function adopted(desired: DesiredCluster, observed: readonly NodeFacts[]): DesiredCluster {
  const nodes = desired.nodes.map((node) => {
    const facts = observed.find(({ name }) => name === node.name);
    if (!facts) return node;
    const kept = keepingSettings(keeping(node, keptBy(node, facts, desired)), facts);
    return keepingDrain(keepingPause(kept, facts), facts);
  });
  const sentinelHosts = desired.sentinelHosts?.map((host) => keepingPause(host, host.facts));
  return { ...desired, nodes, ...(sentinelHosts ? { sentinelHosts } : {}) };
}

/** A drained node takes no role, whatever Git says, until it is undrained. */
function keepingDrain(node: DesiredNode, facts: NodeFacts): DesiredNode {
  const drained = facts.reachable ? facts.host.drained : undefined;
  if (!drained) return node;
  return { ...node, drained, redisConf: { ...node.redisConf, content: whileDrained(node.redisConf.content) } };
}

/** A pause of automatic failover is nobody’s drift, and no apply ends it. */
function keepingPause<Place extends ClusterHost>(node: Place, facts: NodeFacts | SentinelHostFacts | undefined): Place {
  const pauses = facts?.reachable ? facts.sentinel?.pauses : undefined;
  const { sentinel } = node;
  if (!sentinel || !pauses) return node;
  return {
    ...node,
    sentinel: { ...sentinel, file: { ...sentinel.file, content: whilePaused(sentinel.file.content, pauses) } },
  };
}

function keeping(node: DesiredNode, lines: readonly ConfLine[]): DesiredNode {
  if (lines.length === 0) return node;
  const content = withKept(node.redisConf.content, lines);
  const isElsewhere = lines.some(({ name }) => ['appenddirname', 'bind', 'dir'].includes(name));
  return {
    ...(isElsewhere ? inDirectory(node, content) : node),
    redisConf: { ...node.redisConf, content },
    kept: lines.map((line) => new SensitiveText(lineOf(line)).masked()),
  };
}

/** A drop-in of the same name: `systemctl edit` makes it, for limits of files and memory. */
function keepingSettings(node: DesiredNode, facts: NodeFacts): DesiredNode {
  const theirs = settingsOfOthers(node, facts);
  if (theirs === '') return node;
  const set = settingsIn(theirs);
  const isEnough = settingsIn(node.dropIn.content.reveal()).every((setting) => set.includes(setting));
  const content = isEnough ? new SensitiveText(theirs) : withKeptSettings(node.dropIn.content, theirs);
  const kept = set.map((setting) => `${setting} (in ${node.dropIn.path})`);
  return { ...node, dropIn: { ...node.dropIn, content }, kept: [...(node.kept ?? []), ...kept] };
}

function settingsOfOthers(node: DesiredNode, facts: NodeFacts): string {
  const { dropIn } = node;
  const file = facts.reachable ? facts.host.files.get(dropIn.path) : undefined;
  if (!facts.reachable || !file?.exists || !file.content) return '';
  switch (dropInOrigin(node, facts.host)) {
    case 'redisops':
      return keptSettings(file.content);
    case 'someone':
      return isInUse(facts, node) ? file.content.reveal() : '';
    case 'absent':
    case 'package':
      return '';
  }
}

function inDirectory(node: DesiredNode, content: RedisConf): DesiredNode {
  const folder = content.get('dir') ?? node.dataDirectory;
  const wait = startWait(node.address, node.redisPort, node.sentinel ?? null, content);
  return {
    ...node,
    dataDirectory: folder,
    directories: dataDirectories(folder, content.get('appenddirname'), userOf(node)),
    dropIn: { ...node.dropIn, content: renderDropIn(folder, content.get('bind'), wait) },
  };
}

/** Whether two desired states lead to the same facts: if not, the node is read again. */
export function isLookedAtAlike(one: DesiredCluster, other: DesiredCluster): boolean {
  return one.nodes.every((node, at) => {
    const twin = other.nodes[at];
    const same = (name: string) => node.redisConf.content.get(name) === twin?.redisConf.content.get(name);
    return (
      node.dataDirectory === twin?.dataDirectory &&
      ['appenddirname', 'replica-announce-ip', 'replica-announce-port'].every(same)
    );
  });
}

/** Reports the kept settings; equal ones of several nodes once. */
export function keptRisks({ nodes }: DesiredCluster): readonly Risk[] {
  const byLines = new Map<string, string[]>();
  for (const { name, kept = [] } of nodes) {
    const said = kept.join('; ');
    if (said !== '') byLines.set(said, [...(byLines.get(said) ?? []), name]);
  }
  return [...byLines].map(([said, names]): Risk => {
    const [only] = names;
    const message = `${names.join(', ')} ${names.length === 1 ? 'keeps' : 'keep'} what Git does not say: ${said}. To change it, set it in Git.`;
    return { code: null, node: names.length === 1 ? (only ?? null) : null, message };
  });
}
