import { keepInGit } from '../desired/questions.ts';
import { withFile } from '../desired/variables/keep-in-git.ts';
import { driftFingerprint, driftName } from '../domain/drift/drift.ts';
import type { DriftRecord } from '../domain/drift/drift-record.ts';
import { RedisopsError } from '../domain/error.ts';
import { keepableOf, type Keepable } from '../domain/git/keepable.ts';
import { drift } from '../operation.ts';
import { keepPullRequest } from '../report/cluster/drift-message.ts';
import type { ConfigSource, GitHub } from '../ports/git.ts';
import type { CommandPorts } from './command.ts';
import { desiredOf } from '../operation/look.ts';

/**
 * Opens a pull request that puts the nodes’ values into Git, for all nodes of the cluster. The nodes are read again, so
 * that it contains their current values.
 * @throws DRIFT_STALE if the nodes have changed; NOT_AVAILABLE_YET if Git cannot take the values; CONFIG_INVALID,
 * GITHUB_FAILED
 */
export async function openPullRequest(
  { cluster, fingerprint }: DriftRecord,
  askedBy: string,
  ports: CommandPorts,
): Promise<{ number: number; url: string }> {
  const { source, gitHub } = await headOnGitHub(ports);
  const found = await drift(source, cluster, ports);
  if (driftFingerprint(found) !== fingerprint)
    throw new RedisopsError('DRIFT_STALE', 'The nodes have changed.', {
      hint: 'This click changed nothing. The message is updated after the next check.',
    });
  const keepable = keepableOf(found.drifts);
  if (!keepable) throw notByRedisops('Git cannot express what the nodes have.');
  return openFor(keepable, { cluster, suffix: fingerprint.slice(0, 6), askedBy }, source, gitHub, ports);
}

/**
 * Opens a pull request that nominates the master that the nodes have.
 * @throws DRIFT_STALE if Git does already; as `openPullRequest`
 */
export async function openMasterPullRequest(
  cluster: string,
  askedBy: string,
  ports: CommandPorts,
): Promise<{ number: number; url: string }> {
  const { source, gitHub } = await headOnGitHub(ports);
  const { drifts } = await drift(source, cluster, ports);
  const keepable = keepableOf(drifts.filter(({ kind }) => kind === 'role'));
  if (keepable === null || keepable.master === null)
    throw new RedisopsError('DRIFT_STALE', 'Git and the nodes have the same master.', {
      hint: 'There is nothing to put into Git.',
    });
  return openFor(keepable, { cluster, suffix: keepable.master, askedBy }, source, gitHub, ports);
}

async function headOnGitHub({
  gitHub,
  source: sourceAt,
}: CommandPorts): Promise<{ source: ConfigSource; gitHub: GitHub }> {
  const source = await sourceAt(null);
  if (!gitHub || source.revision === 'working tree')
    throw notByRedisops('The configuration does not come from GitHub.');
  return { source, gitHub };
}

async function openFor(
  keepable: Keepable,
  { cluster, suffix, askedBy }: { cluster: string; suffix: string; askedBy: string },
  source: ConfigSource,
  gitHub: GitHub,
  ports: CommandPorts,
): Promise<{ number: number; url: string }> {
  const { nodes } = await desiredOf(source, cluster, ports);
  const address = nodes.find(({ name }) => name === keepable.master)?.address ?? null;
  const kept = await keepInGit(source, cluster, keepable, address);
  const names = keepable.drifts.map(driftName);
  const left = (await drift(withFile(source, kept), cluster, ports)).drifts.filter((each) =>
    names.includes(driftName(each)),
  );
  const [first] = left;
  if (first) throw notByRedisops(`${first.subject} of ${first.node} would still differ: another file overrides it.`);

  const at = ports.clock.now().toISOString().replaceAll(/[-:]/g, '').slice(0, 13);
  return gitHub.pullRequests.create({
    name: `redisops/keep-${cluster}-${at}-${suffix}`,
    revision: source.revision,
    path: kept.path,
    text: kept.text,
    ...keepPullRequest(cluster, keepable, askedBy),
  });
}

function notByRedisops(message: string): RedisopsError {
  return new RedisopsError('NOT_AVAILABLE_YET', message, { hint: 'Open the pull request by hand.' });
}
