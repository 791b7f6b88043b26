import { isUsable } from '../../domain/unit/data-directories.ts';
import type { DesiredCluster, DesiredNode } from '../../domain/desired.ts';
import { SECRET_DIRECTIVES, directiveInfo } from '../../domain/redis/directives.ts';
import type { Drift, DriftKind, DriftLook, UnreadNode } from '../../domain/drift/drift.ts';
import { presentConf, type FileFacts, type HostFacts, type NodeFacts, type RedisUp } from '../../domain/facts.ts';
import { nodeWords } from '../../domain/node-words.ts';
import type { Secret } from '../../domain/secret.ts';
import { planConverge } from '../converge/converge.ts';
import { directiveChanges } from '../directives/changes.ts';
import { dropInDrift, redisConfDrift, type Difference } from './file-drift.ts';
import { isSandboxed, wantsPersistence } from '../restart/restart.ts';
import { rolesOf, type Pair, type Roles } from '../roles/topology.ts';
import { intrusionBlockers } from '../guards/intrusion.ts';
import { unknownUsers } from '../guards/acl-users.ts';
import { roleDrifts } from './role-drift.ts';
import { sentinelHostDrifts, sentinelSettingDrift, sentinelUnitDrift, unreadSentinelHosts } from './sentinel-drift.ts';
import { masterInFile, wantedMaster } from '../roles/wanted-role.ts';

/**
 * Differences between the nodes and Git: files, the running Redis, units, drop-ins and roles, each separately: a file
 * and a process that differ from Git in different ways are two differences. Pure. Includes what an apply would keep
 * (the observed master).
 */
export function driftOf(desired: DesiredCluster, observed: readonly NodeFacts[]): DriftLook {
  const roles = rolesOf(desired, observed);
  const { cluster, revision } = desired;
  const unread = [...roles.pairs.flatMap(unreadOf), ...unreadSentinelHosts(desired)];
  const drifts = [
    ...roles.pairs.flatMap((pair) => nodeDrifts(pair, desired, roles)),
    ...sentinelHostDrifts(desired),
    ...roleDrifts(desired, roles),
  ];
  const named = new Set(unread.map(({ node }) => node));
  const intrusions = intrusionBlockers(desired, observed);
  const obstacles = [...intrusions, ...planConverge(desired, roles).blockers]
    .filter(({ node }) => node === null || !named.has(node))
    .map(({ message }) => message);
  const secrets = [desired.password, desired.masterauth].filter((secret) => secret !== undefined);
  return {
    cluster,
    revision,
    drifts: drifts.map((drift) => withoutSecrets(drift, secrets)),
    unread: unread.map((node) => ({ ...node, reason: nodeWords(node.reason, secrets) })),
    obstacles: drifts.length === 0 ? [] : obstacles,
  };
}

function withoutSecrets({ subject, git, actual, ...drift }: Drift, secrets: readonly Secret[]): Drift {
  const words = (text: string) => nodeWords(text, secrets);
  return { ...drift, subject: words(subject), git: words(git), actual: words(actual) };
}

function unreadOf({ desired: { name: node }, facts }: Pair): readonly UnreadNode[] {
  if (!facts.reachable) return [{ node, code: facts.code, reason: facts.reason }];
  const { redis } = facts;
  return redis.state === 'unreadable' ? [{ node, code: redis.code, reason: redis.reason }] : [];
}

function nodeDrifts(pair: Pair, desired: DesiredCluster, roles: Roles): readonly Drift[] {
  const { desired: node, facts, redis } = pair;
  if (!facts.reachable) return [];
  const { host } = facts;
  const of = (kind: DriftKind, differences: readonly Difference[], byApply = true): readonly Drift[] =>
    differences.map((difference) => ({ node: node.name, kind, ...difference, byApply }));
  const own = redis && redis.processId === host.unit.mainPid ? redis : null;
  return [
    ...of('package', host.package.installed ? [] : [{ subject: node.packageName, git: 'installed', actual: 'absent' }]),
    ...of('process', strays(host)),
    ...of(
      'directory',
      node.directories.flatMap((wanted) => directoryDrift(wanted, host.files.get(wanted.path))),
    ),
    ...of('file', redisConfDrift(...redisConfOf(pair, host, desired, roles))),
    ...of('drop-in', dropInDrift(node.dropIn, host.files.get(node.dropIn.path))),
    ...of('drop-in', foreignDropIns(node, host), false),
    ...of('unit', unitDrift(node, host, facts.redis.state === 'unreadable' || own !== null)),
    ...of('unit', sentinelUnitDrift(node, facts)),
    ...of('file', sentinelSettingDrift(node, facts)),
    ...of('running', own ? runningDrift(pair, host, own, desired, roles) : []),
    ...of('running', userDrift(node, host, own), false),
  ];
}

/** Git’s file with the node’s observed role; with the file’s own role if the master is unknown. */
function redisConfOf(
  pair: Pair,
  { files }: HostFacts,
  desired: DesiredCluster,
  roles: Roles,
): Parameters<typeof redisConfDrift> {
  const { redisConf } = pair.desired;
  const present = files.get(redisConf.path);
  if (!desired.replication || roles.master) {
    const role = masterInFile(pair, wantedMaster(pair, roles, desired), roles);
    return [{ ...redisConf, content: redisConf.content.withRole(role) }, present];
  }
  const conf = presentConf({ files }, redisConf);
  return [conf ? { ...redisConf, content: redisConf.content.withRole(conf.replicaof) } : redisConf, present];
}

function strays({ strayProcesses }: HostFacts): readonly Difference[] {
  return strayProcesses.map(({ pid, command }) => ({
    subject: `process ${pid}`,
    git: 'none beside the unit’s',
    actual: command,
  }));
}

function directoryDrift(
  wanted: DesiredNode['directories'][number],
  present: FileFacts | undefined,
): readonly Difference[] {
  if (isUsable(present, wanted)) return [];
  const { path, owner, group, mode } = wanted;
  const git = `${owner}:${group} ${mode}`;
  if (!present?.exists) return [{ subject: path, git, actual: 'absent' }];
  if (present.type !== 'directory') return [{ subject: path, git, actual: `a ${present.type}` }];
  return [{ subject: path, git, actual: `${present.owner}:${present.group} ${present.mode}` }];
}

/** Drop-ins made on the host, not by packages; systemd’s own tools put some under /run. */
function foreignDropIns({ unit, dropIn }: DesiredNode, host: HostFacts): readonly Difference[] {
  return host.unit.dropInPaths
    .filter((path) => path !== dropIn.path && path.split('/').at(-2) === `${unit}.d`)
    .filter((path) => /^\/(?:etc|run)\/systemd\/system(?:\.control)?\//.test(path))
    .map((path) => ({ subject: path, git: 'absent', actual: 'present' }));
}

/** @param serves Whether the process on the port is the unit’s Redis, as far as is known. */
function unitDrift({ unit, redisPort }: DesiredNode, host: HostFacts, serves: boolean): readonly Difference[] {
  const { activeState, subState, result, unitFileState, needDaemonReload } = host.unit;
  const why = activeState === 'failed' ? result : subState;
  const state = `${activeState} (${why})${activeState === 'active' ? `, but not Redis on port ${redisPort}` : ''}`;
  return [
    ...(serves && activeState !== 'failed' ? [] : [{ subject: unit, git: 'active', actual: state }]),
    ...(unitFileState === 'enabled'
      ? []
      : [
          {
            subject: `${unit} at boot`,
            git: 'enabled',
            actual: unitFileState === '' ? 'unknown to systemd' : unitFileState,
          },
        ]),
    ...(needDaemonReload
      ? [{ subject: `${unit} files`, git: 'loaded', actual: 'changed on disk since systemd loaded them' }]
      : []),
  ];
}

function userDrift(node: DesiredNode, host: HostFacts, own: RedisUp | null): readonly Difference[] {
  return unknownUsers(node, host, own).map(({ name, rules }) => ({
    subject: `ACL user ${name}`,
    git: 'absent',
    actual: rules,
  }));
}

function runningDrift(
  pair: Pair,
  host: HostFacts,
  redis: RedisUp,
  desired: DesiredCluster,
  roles: Roles,
): readonly Difference[] {
  const { desired: node } = pair;
  const master = wantedMaster(pair, roles, desired);
  const { live, restart } = directiveChanges(node, host, redis, desired, master);
  const needsDisk = master !== null || redis.role === 'replica' || wantsPersistence(node);
  return [
    ...[...live, ...restart]
      .filter(({ directive }) => isShownByRedis(directive))
      .map(({ directive, from, to }) => ({ subject: directive, git: displayValue(to), actual: displayValue(from) })),
    ...(needsDisk && isSandboxed(node, host)
      ? [{ subject: node.dataDirectory, git: 'writable', actual: 'read-only for the running Redis' }]
      : []),
  ];
}

/** The others can only be compared in the file. */
function isShownByRedis(directive: string): boolean {
  if (directive === 'requirepass' || directive === 'masterauth') return true;
  return directiveInfo(directive)?.default !== null && !SECRET_DIRECTIVES.has(directive);
}

function displayValue(value: string): string {
  return value === '' ? '""' : value;
}
