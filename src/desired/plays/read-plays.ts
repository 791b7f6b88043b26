import { posix } from 'node:path';
import { mistakeOf, quoted, type Reading } from '../../jinja/index.ts';
import type { Inventory, InventoryHost } from '../inventory/inventory.ts';
import type { ClusterReading } from '../inventory/read-inventory.ts';
import { roleOf } from '../variables/places.ts';
import type { AnsibleConfig } from './ansible-cfg.ts';
import { playbooksOf } from './find-plays.ts';
import { playbookOfRole } from './role-alone.ts';
import type { FoundTemplate } from './found-template.ts';
import { isSameOutcome } from './same-outcome.ts';
import { playsOf, runPlaybook, type PlayReading, type PlaybookRun } from './run-playbook.ts';

/** The template tasks of a cluster’s plays. */
export interface PlaysRead {
  /** All that write something on the cluster’s hosts, by playbook. */
  runs: readonly (PlaybookRun & { playbook: string })[];
  /** The paths that were read, or looked for. */
  seen: ReadonlySet<string>;
}

/** What the plays are read for, each with what its template sees. */
export interface PlaySubject {
  inventory: Inventory;
  hosts: readonly InventoryHost[];
  config: AnsibleConfig;
  reading: Reading;
}

const NOTHING: PlaysRead = { runs: [], seen: new Set() };

/** Reads the playbooks that concern the cluster’s hosts. Only with a template: without one, redisops writes its own. */
export async function readPlays(cluster: ClusterReading, subject: PlaySubject): Promise<PlaysRead> {
  const { template, play } = cluster.settings;
  if ((template === undefined && play.length === 0) || subject.hosts.length === 0) return NOTHING;
  const roleFolders = [template, cluster.settings.sentinel_template].flatMap((each) => {
    const role = roleOf(each);
    return role === null ? [] : [posix.dirname(role)];
  });
  const of: PlayReading = { cluster, ...subject, roleFolders };
  const seen = new Set<string>();
  const runs: (PlaybookRun & { playbook: string })[] = [];
  for (const playbook of await playbooksOf(cluster, subject.inventory.file)) {
    const looked = new Set<string>();
    const run = await ranOrRefused(playbook, of, looked);
    if (run.found.length === 0 && run.sets.size === 0) continue;
    for (const path of [...looked, ...run.seen]) seen.add(path);
    runs.push({ ...run, playbook });
  }
  return { runs, seen };
}

async function ranOrRefused(playbook: string, of: PlayReading, seen: Set<string>): Promise<PlaybookRun> {
  try {
    return await runPlaybook(playbook, await playsOf(playbook, of.cluster.source, seen), of);
  } catch (error) {
    of.cluster.problems.add({ file: playbook, line: 1, column: 1 }, mistakeOf(error).message);
    return { found: [], seen: new Set(), sets: new Map() };
  }
}

/**
 * The task that writes the file on each host. Without one in any playbook: what a play with nothing but the template’s
 * role would do. @param wanted The template that redisops.yml names.
 */
export async function templatesOf(
  wanted: string,
  plays: PlaysRead,
  cluster: ClusterReading,
  subject: PlaySubject,
  namesUsed: (template: FoundTemplate) => Promise<ReadonlySet<string> | null>,
): Promise<ReadonlyMap<string, FoundTemplate>> {
  const found = new Map<string, FoundTemplate>();
  for (const { name } of subject.hosts) {
    const candidates = plays.runs.flatMap(({ found: all }) => lastOf(all, name, wanted, cluster) ?? []);
    const [first, ...others] = candidates;
    if (!first) continue;
    const used = others.length === 0 ? null : await namesUsed(first);
    const other = others.find((each) => !isSameOutcome(first, each, used));
    if (other)
      cluster.problems.add(
        other.at,
        `${other.playbook} and ${first.playbook} deploy ${quoted(name)} with different variables: name the one that counts in redisops.yml (play: ${first.playbook})`,
      );
    refuseChange(first, cluster);
    found.set(name, first);
  }
  const alone = subject.hosts.filter(({ name }) => !found.has(name));
  if (alone.length === 0) return found;
  const byRole = await playbookOfRole(wanted, cluster, { ...subject, hosts: alone }, subject.hosts).catch(
    (error: unknown) => {
      cluster.problems.add(
        { file: wanted, line: 1, column: 1 },
        `the role of this template ${mistakeOf(error).message}`,
      );
      return new Map<string, FoundTemplate>();
    },
  );
  for (const [name, each] of byRole) found.set(name, each);
  const [first] = byRole.values();
  if (first) refuseUnread(wanted, await namesUsed(first), plays, cluster);
  return found;
}

/** The last task of a playbook that writes the file on the host. */
function lastOf(
  all: readonly FoundTemplate[],
  host: string,
  wanted: string,
  { problems }: ClusterReading,
): FoundTemplate | null {
  const ofHost = all.filter((each) => each.host === host);
  const named = ofHost.filter(({ path }) => path === wanted);
  const found = named.length > 0 ? named : ofHost.filter((each) => isInsteadOf(each, wanted));
  const last = found.at(-1);
  if (!last) return null;
  const other = found.find((each) => each.path !== last.path || each.destination !== last.destination);
  if (other && (last.isMaybe || other.destination !== last.destination))
    problems.add(
      other.at,
      `writes ${quoted(other.path)} to ${quoted(other.destination ?? other.destinationText)}, and the task at ${last.at.file}:${last.at.line} writes ${quoted(last.path)} to ${quoted(last.destination ?? last.destinationText)}: which one is redis.conf cannot be worked out`,
    );
  return last;
}

/** A task of the same role that writes what looks like the same file, from a template that a variable names. */
function isInsteadOf({ path, destination }: FoundTemplate, wanted: string): boolean {
  if (roleOf(path) !== roleOf(wanted) || posix.dirname(path) !== posix.dirname(wanted)) return false;
  const isSentinel = (each: string): boolean => /sentinel/i.test(posix.basename(each));
  if (isSentinel(path) !== isSentinel(wanted)) return false;
  const isConf = (each: string): boolean => /\.conf(?:\.j2)?$/i.test(each);
  const stem = /^[a-z]+/i.exec(posix.basename(wanted))?.[0] ?? '';
  return isConf(path) && (posix.basename(path).startsWith(stem) || isConf(destination ?? ''));
}

function refuseChange({ changedBy, path, at }: FoundTemplate, { problems }: ClusterReading): void {
  if (!changedBy) return;
  problems.add(
    changedBy.at,
    `${changedBy.action} changes the file that the task at ${at.file}:${at.line} writes: redisops prints the template only. Move this into ${path}`,
  );
}

/** Plays name the template’s role, but no task that writes it was found: what they set for it must not be ignored. */
function refuseUnread(
  wanted: string,
  used: ReadonlySet<string> | null,
  { runs }: PlaysRead,
  { problems }: ClusterReading,
): void {
  const role = roleOf(wanted);
  for (const { sets, playbook } of role === null ? [] : runs)
    for (const [name, { at }] of sets.get(role ?? '') ?? [])
      if (used === null || used.has(name))
        problems.add(
          at,
          `${quoted(name)} is set here, but redisops found no task in ${playbook} that writes ${wanted}: write it by a template task with a plain src, or set ${name} in group_vars`,
        );
}
