import { setImmediate as othersTurn } from 'node:timers/promises';
import type { z } from 'zod';
import { ConfigInvalid, RedisopsError } from '../../domain/error.ts';
import type { Limits } from '../../domain/limits.ts';
import { didYouMean } from '../../domain/text/nearest.ts';
import { addIssue } from './cluster-mistakes.ts';
import { CLUSTER_NAME, clusterSchema, GITHUB_LOGIN, SLACK_USER } from './cluster-schema.ts';
import { quoted } from '../../jinja/index.ts';
import { Problems } from '../source/problems.ts';
import { pullRequestRules } from './pull-request-rules.ts';
import { ParsedSource, type FileReading } from '../source/parsed-source.ts';
import { readYamlMapping } from '../yaml/mapping.ts';
import { isNothing, plain, type Entry } from '../yaml/value.ts';
import type { ConfigSource } from '../../ports/git.ts';

export const CLUSTERS_FILE = 'redisops.yml';

/** Clusters read before yielding to other work: a few milliseconds. */
const CLUSTERS_A_TURN = 50;

/** Top-level names in redisops.yml. */
const TOP = ['clusters', 'people', 'pull_requests'];

/** Slack user IDs by GitHub login in lower case, since GitHub ignores case. */
type People = ReadonlyMap<string, string>;

export type ClusterSettings = z.output<typeof clusterSchema> & { people: People };

/** The clusters named by the repository; only `redis` without a redisops.yml. @throws CONFIG_INVALID */
export async function readClusters(source: ConfigSource): Promise<ReadonlyMap<string, ClusterSettings>> {
  const problems = new Problems();
  const file = await ParsedSource.of(source).parse(CLUSTERS_FILE, parseClusters, { problems });
  if (file.state === 'absent') return defaultCluster(new Map());
  if (file.state === 'unreadable' || problems.found.length > 0) throw new ConfigInvalid(problems.found);
  return file.value;
}

function defaultCluster(people: People): ReadonlyMap<string, ClusterSettings> {
  return new Map([['redis', { ...clusterSchema.parse({}), people }]]);
}

async function parseClusters(
  path: string,
  text: string,
  reading: FileReading,
): Promise<ReadonlyMap<string, ClusterSettings>> {
  const { problems } = reading;
  const clusters = new Map<string, ClusterSettings>();
  const mapping = await readYamlMapping(path, text, reading);
  if (!mapping) return clusters;
  for (const [key, { at }] of mapping.entries)
    if (!TOP.includes(key))
      problems.add(at, `${quoted(key)} is not known here; “clusters”, “people” and “pull_requests” are`);
  const people = readPeople(mapping.entries.get('people'), problems);
  pullRequestRules(mapping.entries.get('pull_requests'), problems);
  const others = mapping.entries.has('people') || mapping.entries.has('pull_requests');
  if (!mapping.entries.has('clusters') && others) return defaultCluster(people);
  const listed = mapping.entries.get('clusters');
  if (listed?.value.kind !== 'mapping' || listed.value.entries.size === 0) {
    problems.add(listed?.value.at ?? mapping.at, '“clusters” must map names to clusters');
    return clusters;
  }
  for (const [name, entry] of listed.value.entries) {
    const settings = readCluster(name, entry, problems);
    if (settings) clusters.set(name, { ...settings, people });
    if (clusters.size % CLUSTERS_A_TURN === 0) await othersTurn();
  }
  return clusters;
}

function readPeople(entry: Entry | undefined, problems: Problems): People {
  const people = new Map<string, string>();
  if (!entry || isNothing(entry.value)) return people;
  if (entry.value.kind !== 'mapping') {
    problems.add(entry.value.at, '“people” must map GitHub logins to Slack users');
    return people;
  }
  for (const [login, { at, value }] of entry.value.entries) {
    const user = plain(value);
    if (!GITHUB_LOGIN.test(login)) problems.add(at, `${quoted(login)} is not a GitHub login`);
    else if (people.has(login.toLowerCase())) problems.add(at, `${quoted(login)} stands here twice`);
    else if (typeof user !== 'string' || !SLACK_USER.test(user)) problems.add(value.at, 'must be a Slack user (U…)');
    else people.set(login.toLowerCase(), user);
  }
  return people;
}

function readCluster(name: string, { at, value }: Entry, problems: Problems): z.output<typeof clusterSchema> | null {
  if (!CLUSTER_NAME.test(name))
    problems.add(at, `${quoted(name)} is not a cluster’s name: lower case letters, digits and "-"`);
  const parsed = clusterSchema.safeParse(isNothing(value) ? {} : plain(value));
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) addIssue(issue, value, problems);
  return null;
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds between looks at the cluster; null for never. */
export function driftInterval({ drift: { every } }: ClusterSettings): number | null {
  return every === 'never' ? null : milliseconds(every);
}

export function limitsOf({ limits }: ClusterSettings): Limits {
  return {
    syncBytesPerSecond: (limits.sync_mbit_per_second * 1_000_000) / 8,
    loadBytesPerSecond: limits.load_mbyte_per_second * 1_000_000,
    interruptionMs: milliseconds(limits.interruption),
    standstillMs: milliseconds(limits.standstill),
    startMs: milliseconds(limits.start),
  };
}

function milliseconds(time: string): number {
  return Number(time.slice(0, -1)) * (UNITS[time.slice(-1)] ?? 0);
}

/** @throws UNKNOWN_CLUSTER, listing the clusters; USAGE if there are several and none was named. */
export function chooseCluster(
  clusters: ReadonlyMap<string, ClusterSettings>,
  wanted: string | undefined,
): { name: string; settings: ClusterSettings } {
  const names = [...clusters.keys()];
  const name = wanted ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined)
    throw new RedisopsError('USAGE', `There are several clusters: ${names.join(', ')}.`, {
      hint: 'Name one with --cluster NAME.',
    });
  const settings = clusters.get(name);
  if (settings) return { name, settings };
  throw new RedisopsError('UNKNOWN_CLUSTER', `There is no cluster ${quoted(name)}.${didYouMean(name, names)}`, {
    hint: `The repository has: ${names.join(', ')}.`,
  });
}
