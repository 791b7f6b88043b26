import { RedisopsError } from '../domain/error.ts';
import type { DesiredCluster } from '../domain/desired.ts';
import type { Policy } from '../domain/run/policy.ts';
import { DEEDS, nameOfParticipant, relationTo, requesterOf, type Participant } from '../domain/run/participants.ts';
import type { ApprovalRequest } from '../domain/run/run.ts';
import type { Chat } from '../ports/chat.ts';
import type { Person } from './person.ts';

/** The rules that grant permissions. */
export type Owner = Pick<DesiredCluster, 'cluster' | 'policy'>;

export interface PermissionPorts {
  chat: Chat;
  defaultChannel: string;
}

/**
 * Reading a cluster is open to everyone in its channel, and from anywhere to the people named in `redisops.yml`; if it
 * names nobody, to the workspace.
 * @throws NOT_ALLOWED
 */
export async function checkReader(person: Person, { policy, cluster }: Owner, ports: PermissionPorts): Promise<void> {
  const channel = policy.channel ?? ports.defaultChannel;
  const named = [...policy.requesters, ...policy.approvers];
  if (person.channel === channel || named.length === 0 || (await isAmong(person.user, named, ports.chat))) return;
  throw notAllowed(
    `${cluster} is not visible to you in this channel.`,
    `Ask in its own channel (${channel}): redisops.yml lists who may ask from other channels.`,
  );
}

/**
 * Changes are requested in the cluster’s own channel, where everyone sees them, by its requesters.
 * @throws NOT_ALLOWED
 */
export async function checkRequester(
  person: Person,
  { policy, cluster }: Owner,
  ports: PermissionPorts,
): Promise<void> {
  const channel = policy.channel ?? ports.defaultChannel;
  if (person.channel !== channel)
    throw notAllowed(`Changes of ${cluster} are not accepted in this channel.`, `Ask in its own channel (${channel}).`);
  if (policy.requesters.length === 0 || (await isAmong(person.user, policy.requesters, ports.chat))) return;
  throw notAllowed(`You may not ask for changes of ${cluster}.`, 'redisops.yml lists its requesters.');
}

/**
 * Stopping and locking is for requesters, in the cluster’s channel, and for approvers, from anywhere.
 * @throws NOT_ALLOWED
 */
export async function checkParticipant(person: Person, owner: Owner, ports: PermissionPorts): Promise<void> {
  const { approvers } = owner.policy;
  if (approvers.length > 0 && (await isAmong(person.user, approvers, ports.chat).catch(() => false))) return;
  await checkRequester(person, owner, ports);
}

/**
 * Approvals are for a second person, known to be none of those who brought the change. Breaking a freeze needs one even
 * with `allow_own_approval`. Anyone may deny what they brought.
 * @throws NOT_ALLOWED, APPROVAL_OWN
 */
export async function checkApprover(
  person: Person,
  decision: 'approved' | 'denied',
  {
    requester,
    participants = requesterOf(requester),
    cluster,
    breakGlass,
  }: Pick<ApprovalRequest, 'requester' | 'participants' | 'cluster' | 'breakGlass'>,
  policy: Policy,
  ports: Pick<PermissionPorts, 'chat'>,
): Promise<void> {
  const relation = relationTo(person.user, participants, policy.people ?? new Map());
  if (relation.is === 'participant' && decision === 'denied') return;
  if (relation.is !== 'other' && decision === 'approved' && (!policy.allowOwnApproval || breakGlass !== undefined))
    throw relation.is === 'participant' ? ownApproval(relation.who) : mayBeOwn(relation.who);
  if (policy.approvers.length === 0 || (await isAmong(person.user, policy.approvers, ports.chat))) return;
  throw notAllowed(`You may not approve changes of ${cluster}.`, 'redisops.yml lists its approvers.');
}

/** Where no approvers are listed, the members of the cluster’s channel approve, in that channel. @throws NOT_ALLOWED */
export function checkApprovalChannel({ channel }: Person, { policy, cluster }: Owner, ports: PermissionPorts): void {
  const own = policy.channel ?? ports.defaultChannel;
  if (policy.approvers.length > 0 || channel === own) return;
  throw notAllowed(
    `Changes of ${cluster} are approved in its own channel (${own}).`,
    'List `approvers` in redisops.yml to approve from anywhere. If the change moves the channel, ask for `/redis apply`.',
  );
}

function ownApproval({ did }: Participant): RedisopsError {
  return new RedisopsError('APPROVAL_OWN', `You ${DEEDS[did]} this change: a second person must approve it.`, {
    hint: 'Ask a colleague to read the plan and to click Approve.',
  });
}

function mayBeOwn(who: Participant): RedisopsError {
  const name = nameOfParticipant(who);
  const hint =
    who.kind === 'github'
      ? 'List the Slack user of that GitHub login under `people` in redisops.yml. Until then use `/redis apply`, which a second person can approve.'
      : 'Use `/redis apply`: its requester is known, and a second person can approve it.';
  return new RedisopsError(
    'APPROVAL_OWN',
    `redisops cannot tell whether you are ${name}, who ${DEEDS[who.did]} this change.`,
    { hint },
  );
}

/** An unreadable group has no members: throws unless the person is listed elsewhere. */
async function isAmong(user: string, people: readonly string[], chat: Chat): Promise<boolean> {
  if (people.includes(user)) return true;
  const groups = people.filter((id) => id.startsWith('S'));
  const read = await Promise.allSettled(groups.map((group) => chat.membersOf(group)));
  if (read.some((members) => members.status === 'fulfilled' && members.value.includes(user))) return true;
  const failed = read.find((members) => members.status === 'rejected');
  if (failed) throw failed.reason;
  return false;
}

function notAllowed(message: string, hint: string): RedisopsError {
  return new RedisopsError('NOT_ALLOWED', message, { hint });
}
