import type { Code } from '../code.ts';
import { isConnected, isSilent, silenceLimit } from './in-sync.ts';
import { fullest, holding, type Member } from './member.ts';

/** Why a cluster has no single master, how much each node holds, and the commands that fix it. */
export interface MasterTrouble {
  code: Extract<Code, 'MASTER_UNKNOWN' | 'MASTER_DOWN' | 'MASTER_AMBIGUOUS'>;
  node: string | null;
  message: string;
  hint: string;
}

/** Replicas without a running master: they follow each other, or a stopped one. Null if neither. */
export function masterless(members: readonly Member[]): MasterTrouble | null {
  if (members.some(({ redis }) => redis?.role === 'master')) return null;
  const loop = loopIn(members);
  if (loop) return looped(loop, members);
  const lost = members.find(({ name, redis }) => !redis && members.some(({ follows }) => follows === name));
  if (!lost) return null;
  return isServing(lost, members) ? masterUnread(lost, members) : masterLost(lost, members);
}

/** A master that is down or holds less than its replicas: they have data that it would not bring back. */
export function masterLost(lost: Member, members: readonly Member[]): MasterTrouble {
  const others = members.filter((member) => member !== lost && member.redis);
  const state = lost.redis ? 'holds less than its replicas' : lost.isStopped ? 'does not run' : 'cannot be read';
  return {
    code: 'MASTER_DOWN',
    node: lost.name,
    message: `${lost.name} is the master and ${state}. ${[...others, lost].map(holding).join('. ')}.`,
    hint: others.some(({ redis }) => (redis?.keys ?? 0) > 0)
      ? [warningFor(lost), ...accessFirst(members, lost), wayOut(lost, others)].join(' ')
      : lost.isStopped
        ? `No running node holds keys. \`plan\` shows what a start of ${lost.name} would load.`
        : `No node that can be read holds keys. Restore access to ${lost.name}.`,
  };
}

/** Whether an unreadable node is running: it answers, or a replica hears it. */
export function isServing(lost: Member, members: readonly Member[]): boolean {
  if (lost.redis || lost.isStopped) return false;
  return lost.answers || isHeard(lost, members);
}

function isHeard(lost: Member, members: readonly Member[]): boolean {
  const limit = silenceLimit(null);
  return members.some(({ follows, redis }) => {
    const link = follows === lost.name ? redis?.master : null;
    return link ? isConnected(link) && !isSilent(link, limit) : false;
  });
}

function masterUnread(lost: Member, members: readonly Member[]): MasterTrouble {
  const replicas = members.filter(({ follows }) => follows === lost.name);
  return {
    code: 'MASTER_UNKNOWN',
    node: lost.name,
    message: `${lost.name} is the master and runs (${lost.answers ? 'it answers' : 'its replicas hear it'}), but cannot be read. ${replicas.map(holding).join('. ')}.`,
    hint: `Restore access to ${lost.name}. Do not promote a replica: clients still write to ${lost.name}.`,
  };
}

/** Several nodes that each claim to be the master. */
export function severalMasters(masters: readonly Member[], members: readonly Member[]): MasterTrouble {
  const chosen = masters.find((master) =>
    masters.every((other) => other === master || master.over?.includes(other.name)),
  );
  if (chosen) return returned(chosen, masters, members);
  const kept = fullest(masters);
  const names = masters.map(({ name }) => name);
  const what = names.length === 2 ? `${names.join(' and ')} are both masters` : `${names.join(', ')} are all masters`;
  const figures = masters.map((master) => `${holding(master)}${followersOf(master, members)}`);
  return {
    code: 'MASTER_AMBIGUOUS',
    node: null,
    message: `${what}. ${figures.join('. ')}.`,
    hint: kept ? choice(kept, masters, members) : '',
  };
}

/** A former master that a failover passed over. */
function returned(chosen: Member, masters: readonly Member[], members: readonly Member[]): MasterTrouble {
  const back = masters.filter((master) => master !== chosen).map(({ name }) => name);
  const figures = masters.map((master) => `${holding(master)}${followersOf(master, members)}`);
  return {
    code: 'MASTER_AMBIGUOUS',
    node: back[0] ?? null,
    message: `${listed(back)} came back as a master, and takes writes: ${chosen.name} has the role since a failover. ${figures.join('. ')}.`,
    hint: `Keep clients away from ${listed(back)}. \`apply\` backs up what it holds, and makes it a replica of ${chosen.name}.`,
  };
}

function warningFor(lost: Member): string {
  if (lost.redis) return `Act before the replicas copy ${lost.name}: what only they hold would be lost.`;
  if (lost.isUnreadable)
    return `Stop Redis on ${lost.name} first, if it is past recovery: it runs, and may take writes.`;
  if (!lost.isStopped)
    return `Make sure that ${lost.name} is down: if it is only cut off from here, clients still write to it.`;
  const copy = lost.files.length > 0 ? ' Copy its files first if they may be newer.' : '';
  return `Do not start ${lost.name} as a master: its replicas would copy what it loads.${copy}`;
}

/** The command that gives the cluster a master again. */
function wayOut(lost: Member, others: readonly Member[]): string {
  if (lost.redis) return acceptance(fullest(others)?.name ?? '', [lost.name]);
  const then = lost.isStopped ? 'Then' : `Once ${lost.name} can be read again,`;
  return `\`failover lost-master\` shows what would be lost, and makes the replica that is furthest the master. ${then} \`apply\` makes ${lost.name} a replica.`;
}

function acceptance(kept: string, others: readonly string[]): string {
  const what =
    others.length === 0
      ? ''
      : ` What ${listed(others)} ${others.length === 1 ? 'holds' : 'hold'} besides is backed up first.`;
  return `\`failover accept-history ${kept}\` makes ${kept} the master of all others.${what}`;
}

/** No failover begins while another node is unknown. */
function accessFirst(members: readonly Member[], lost: Member | null): readonly string[] {
  const unknown = members.filter((member) => member !== lost && !member.redis && !member.isStopped);
  const names = unknown.map(({ name }) => name);
  return names.length === 0 ? [] : [`Restore access to ${listed(names)} first.`];
}

function choice(kept: Member, masters: readonly Member[], members: readonly Member[]): string {
  const ways = [kept, ...masters.filter((master) => master !== kept)].map(
    ({ name }) => `\`failover accept-history ${name}\``,
  );
  return [
    'Decide whose data is right.',
    ...accessFirst(members, null),
    `${ways.join(' or ')} makes that node the master. What the others hold is backed up first, then they become its replicas.`,
  ].join(' ');
}

function listed(names: readonly string[]): string {
  return names.join(', ');
}

function followersOf({ name }: Member, members: readonly Member[]): string {
  const followers = members.filter(({ follows }) => follows === name).map((member) => member.name);
  return followers.length === 0 ? ', no replica' : `, followed by ${followers.join(', ')}`;
}

/** `redis-01 → redis-02 → redis-01`, if nodes follow each other. */
function loopIn(members: readonly Member[]): readonly string[] | null {
  const byName = new Map(members.map((member) => [member.name, member]));
  for (const { name } of members) {
    const path = [name];
    for (let at = byName.get(name)?.follows ?? null; at !== null; at = byName.get(at)?.follows ?? null) {
      if (at === name) return [...path, name];
      if (path.includes(at)) break;
      path.push(at);
    }
  }
  return null;
}

function looped(loop: readonly string[], members: readonly Member[]): MasterTrouble {
  const running = members.filter(({ redis }) => redis);
  const what =
    loop.length === 2
      ? `${loop[0] ?? ''} replicates from itself`
      : `The nodes replicate in a loop (${loop.join(' → ')})`;
  return {
    code: 'MASTER_UNKNOWN',
    node: null,
    message: `${what}: no node is a master. ${running.map(holding).join('. ')}.`,
    hint: [...accessFirst(members, null), acceptance(fullest(running)?.name ?? '', [])].join(' '),
  };
}
