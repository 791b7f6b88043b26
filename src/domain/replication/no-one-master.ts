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

const PASSWORD = 'Put the password into REDISCLI_AUTH.';

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
      ? [
          warningFor(lost),
          promotion(others),
          `${lost.isStopped || lost.redis ? 'Then' : `Once ${lost.name} can be read again,`} \`apply\` makes ${lost.name} a replica.`,
        ].join(' ')
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
  const kept = fullest(masters);
  const others = masters.filter((master) => master !== kept);
  const names = masters.map(({ name }) => name);
  const what = names.length === 2 ? `${names.join(' and ')} are both masters` : `${names.join(', ')} are all masters`;
  const figures = masters.map((master) => `${holding(master)}${followersOf(master, members)}`);
  return {
    code: 'MASTER_AMBIGUOUS',
    node: null,
    message: `${what}. ${figures.join('. ')}.`,
    hint: kept ? choice(kept, others, members) : '',
  };
}

function warningFor(lost: Member): string {
  if (lost.redis) return `Act before the replicas copy ${lost.name}: what only they hold would be lost.`;
  if (!lost.isStopped)
    return `Make sure that ${lost.name} is down: if it is only cut off from here, clients still write to it.`;
  const copy = lost.files.length > 0 ? ' Copy its files first if they may be newer.' : '';
  return `Do not start ${lost.name} as a master: its replicas would copy what it loads.${copy}`;
}

/** Makes the fullest the master of the others. */
function promotion(members: readonly Member[]): string {
  const best = fullest(members);
  if (!best) return 'No running node holds data.';
  const others = members.filter((member) => member !== best);
  return [
    `${PASSWORD} On ${best.name}: \`${cli(best)} REPLICAOF NO ONE\`.`,
    ...others.map((other) => follow(other, best)),
  ].join(' ');
}

function choice(kept: Member, others: readonly Member[], members: readonly Member[]): string {
  const followers = members.filter(({ follows }) => others.some(({ name }) => name === follows));
  return [
    `Decide whose data is right. To keep ${kept.name}:`,
    ...others.map((other) => `save the data of ${other.name} (\`${cli(other)} --rdb /root/${other.name}.rdb\`).`),
    ...[...others, ...followers].map((other) => follow(other, kept)),
    `Their own keys are gone then. ${PASSWORD}`,
    'Or set redis_master_host to the one to keep: if no replica follows the others, `apply` backs them up and makes them its replicas.',
  ].join(' ');
}

function follow(replica: Member, { endpoint: { host, port } }: Member): string {
  return `On ${replica.name}: \`${cli(replica)} REPLICAOF ${host} ${port}\`.`;
}

function cli({ endpoint: { port } }: Member): string {
  return port === 6379 ? 'redis-cli' : `redis-cli -p ${port}`;
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
    hint: `${promotion(running)} Then \`apply\`.`,
  };
}
