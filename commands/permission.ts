import { RedisopsError } from '../src/domain/error.ts';
import type { DesiredCluster } from '../src/domain/desired.ts';
import type { ApprovalRequest } from '../src/domain/run.ts';
import type { Chat } from '../src/ports.ts';

/** A Slack user, and the channel in which they act. */
export interface Person {
  user: string;
  channel: string;
}

/** What permissions go by. */
type Owner = Pick<DesiredCluster, 'cluster' | 'policy'>;

interface PermissionPorts {
  chat: Chat;
  defaultChannel: string;
}

/**
 * A cluster is read by everybody in its channel, and by those whom `redisops.yml` names from anywhere. Where it names
 * nobody, it is open to the workspace.
 * @throws NOT_ALLOWED
 */
export async function checkReader(person: Person, { policy, cluster }: Owner, ports: PermissionPorts): Promise<void> {
  const channel = policy.channel ?? ports.defaultChannel;
  const named = [...policy.requesters, ...policy.approvers];
  if (person.channel === channel || named.length === 0 || (await isAmong(person.user, named, ports.chat))) return;
  throw notAllowed(
    `${cluster} is not shown to you in this channel.`,
    `Ask in its own channel (${channel}): redisops.yml names who may ask from elsewhere.`,
  );
}

/**
 * Changes are asked for in the cluster’s own channel, where everybody sees them, by its requesters.
 * @throws NOT_ALLOWED
 */
export async function checkRequester(
  person: Person,
  { policy, cluster }: Owner,
  ports: PermissionPorts,
): Promise<void> {
  const channel = policy.channel ?? ports.defaultChannel;
  if (person.channel !== channel)
    throw notAllowed(
      `Changes of ${cluster} are not taken from this channel.`,
      `Ask in its own channel (${channel}), where everybody sees it.`,
    );
  if (policy.requesters.length === 0 || (await isAmong(person.user, policy.requesters, ports.chat))) return;
  throw notAllowed(`You may not ask for changes of ${cluster}.`, 'redisops.yml names its requesters.');
}

/**
 * Approvals are given by a second person. To take back one’s own request, anybody may deny it.
 * @throws NOT_ALLOWED, APPROVAL_OWN
 */
export async function checkApprover(
  person: Person,
  decision: 'approved' | 'denied',
  { requester }: ApprovalRequest,
  { policy, cluster }: Owner,
  ports: PermissionPorts,
): Promise<void> {
  const isOwn = requester.from === 'slack' && requester.actor === person.user;
  if (isOwn && decision === 'denied') return;
  if (isOwn && !policy.allowOwnApproval)
    throw new RedisopsError('APPROVAL_OWN', 'You asked for this change: a second person must approve it.', {
      hint: 'Ask a colleague to read the plan and to click Approve.',
    });
  if (policy.approvers.length === 0 || (await isAmong(person.user, policy.approvers, ports.chat))) return;
  throw notAllowed(`You may not decide on changes of ${cluster}.`, 'redisops.yml names its approvers.');
}

/** A group that cannot be read holds nobody: then it fails, unless the person is named elsewhere. */
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
