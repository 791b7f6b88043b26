import { z } from 'zod';
import { ConfigInvalid, RedisopsError } from '../domain/error.ts';
import { windowMistake } from '../domain/freeze.ts';
import { DEFAULT_LIMITS, type Limits } from '../domain/limits.ts';
import { didYouMean } from '../domain/nearest.ts';
import type { ConfigSource } from '../ports.ts';
import { Problems, shown, type Position } from './problems.ts';
import { pullRequestRules } from './pull-request-rules.ts';
import { readFile } from './read-file.ts';
import { readYamlMapping } from './yaml-mapping.ts';
import { isNothing, type Entry, type Value } from './yaml-value.ts';

export const CLUSTERS_FILE = 'redisops.yml';

const path = z
  .string()
  .regex(/^[\w.-]+(?:\/[\w.-]+)*$/, 'must be a path inside the repository')
  .refine((value) => !value.split('/').some((part) => part === '.' || part === '..'), 'must not have . or .. in it');
const freezeSchema = z
  .strictObject({
    cron: z.string().describe('When it begins: minute hour day month weekday.'),
    minutes: z.number().int().min(1).max(44_640).describe('How long, in minutes of elapsed time.'),
    timezone: z.string().default('UTC').describe('Of the cron line, like Europe/Berlin.'),
    reason: z.string().trim().min(1, 'must say why').max(200).describe('Why: it is told to who is refused.'),
  })
  .superRefine((window, context) => {
    const mistake = windowMistake(window, new Date());
    if (mistake !== null) context.addIssue({ code: 'custom', message: mistake });
  });
const person = z.string().regex(/^[USW][A-Z0-9]+$/, 'must be a Slack user (U…) or user group (S…)');

const seconds = (fallbackMs: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,3}[smh]$/, 'must be a time like 90s, 10m or 2h')
    .default(`${fallbackMs / 1000}s`);
/** Described where it stands: docs/limits.md is made from it. */
export const limitsSchema = z.strictObject({
  sync_mbit_per_second: z
    .number()
    .min(1)
    .max(1_000_000)
    .default((DEFAULT_LIMITS.syncBytesPerSecond * 8) / 1_000_000)
    .describe('Megabits a second that a full synchronisation can expect of the network. Plans reckon with it.'),
  load_mbyte_per_second: z
    .number()
    .min(1)
    .max(100_000)
    .default(DEFAULT_LIMITS.loadBytesPerSecond / 1_000_000)
    .describe('Megabytes a second that Redis loads of a snapshot. Plans reckon with it.'),
  interruption: seconds(DEFAULT_LIMITS.interruptionMs).describe(
    'How long a replica may be away and should still go on from the backlog. Plans reckon with it.',
  ),
  standstill: seconds(DEFAULT_LIMITS.standstillMs).describe(
    'How long a synchronisation, a save, a rewrite or a load may show no progress before its step fails. As long as something moves it may take its time.',
  ),
  start: seconds(DEFAULT_LIMITS.startMs).describe(
    'How long systemd may take to start or restart Redis, which loads its data first; the unit’s TimeoutStartSec counts, too.',
  ),
});

/** One cluster of `redisops.yml`; the defaults are what a repository without the file has. */
export const clusterSchema = z.strictObject({
  inventory: path.optional().describe('The inventory: `ansible/inventory/hosts.yml`, or `hosts.ini` beside it'),
  group: z
    .string()
    .regex(/^[\w-]+$/, 'must be a group of the inventory')
    .default('redis')
    .describe('The group of the inventory that the nodes are in.'),
  group_vars: path.default('ansible/group_vars/redis.yml').describe('The file of the group’s variables.'),
  host_vars: path.default('ansible/host_vars').describe('The folder of the hosts’ variables.'),
  template: path
    .regex(/\.j2$/, 'must be a Jinja template (.j2)')
    .optional()
    .describe('The template of redis.conf; none: redisops writes it from the variables.'),
  sentinel_template: path
    .regex(/\.j2$/, 'must be a Jinja template (.j2)')
    .optional()
    .describe('The template of sentinel.conf: rendered and checked; nothing is written to the nodes yet.'),
  channel: z
    .string()
    .regex(/^[CGD][A-Z0-9]+$/, 'must be a channel ID (C…)')
    .optional()
    .describe('The Slack channel of the cluster.'),
  requesters: z
    .array(person)
    .default([])
    .describe('Slack users (U…) and user groups (S…) that may ask for changes; empty: everybody in the channel.'),
  approvers: z
    .array(person)
    .default([])
    .describe('Slack users (U…) and user groups (S…) that may approve; empty: everybody but the requester.'),
  allow_own_approval: z.boolean().default(false).describe('Whether people may approve what they asked for.'),
  approval_minutes: z
    .number()
    .int()
    .min(1)
    .max(1440)
    .default(30)
    .describe('How many minutes an approval is waited for.'),
  drift: z
    .strictObject({
      every: z
        .string()
        .regex(/^(?:never|[1-9]\d{0,2}[mhd])$/, 'must be a time like 15m, 6h or 1d, or never')
        .default('15m')
        .describe('How often the nodes are compared with Git: 1m to 999d, or never.'),
      apply: z.boolean().default(false).describe('Whether redisops applies Git by itself where nodes differ.'),
    })
    .default({ every: '15m', apply: false })
    .describe('The watch for drift.'),
  hand_back: z.boolean().default(true).describe('Whether a master that was restarted gets its role back.'),
  rollback: z
    .boolean()
    .default(false)
    .describe('Whether a merge whose result is not healthy is rolled back without asking.'),
  direct_pushes: z
    .enum(['apply', 'tell', 'ignore'])
    .default('tell')
    .describe('What becomes of a push without a pull request.'),
  freeze: z.array(freezeSchema).max(50).default([]).describe('Times in which no run that changes something starts.'),
  show_key_names: z
    .boolean()
    .default(false)
    .describe('Whether plans show names of keys that a node would give up; else what kind they are.'),
  may_lose_data: z
    .array(z.string().regex(/^[\w.-]+$/, 'must be a node’s name'))
    .max(100)
    .default([])
    .describe('Nodes whose keys may go at a restart where they cannot be saved.'),
  limits: limitsSchema.default(limitsSchema.parse({})).describe('What plans reckon with, and how long steps wait.'),
});

export const CLUSTER_NAME = /^[a-z0-9][a-z0-9-]{0,38}$/;
export const GITHUB_LOGIN = /^[a-z0-9][\w-]{0,60}(?:\[bot\])?$/i;
export const SLACK_USER = /^[UW][A-Z0-9]+$/;
/** Names at the top of redisops.yml. */
const TOP = ['clusters', 'people', 'pull_requests'];

/** Slack user IDs by GitHub login, in lower case: GitHub does not tell the case of logins apart. */
type People = ReadonlyMap<string, string>;

export type ClusterSettings = z.output<typeof clusterSchema> & { people: People };

/**
 * The clusters that the repository names; one, `redis`, where it has no redisops.yml.
 * @throws CONFIG_INVALID
 */
export async function readClusters(source: ConfigSource): Promise<ReadonlyMap<string, ClusterSettings>> {
  const problems = new Problems();
  const file = await readFile(source, CLUSTERS_FILE, problems);
  if (file.state === 'absent') return defaultCluster(new Map());
  const clusters = file.state === 'read' ? clustersOfText(file.text, problems) : new Map<string, ClusterSettings>();
  if (problems.found.length > 0) throw new ConfigInvalid(problems.found);
  return clusters;
}

function defaultCluster(people: People): ReadonlyMap<string, ClusterSettings> {
  return new Map([['redis', { ...clusterSchema.parse({}), people }]]);
}

function clustersOfText(text: string, problems: Problems): ReadonlyMap<string, ClusterSettings> {
  const clusters = new Map<string, ClusterSettings>();
  const mapping = readYamlMapping(CLUSTERS_FILE, text, problems, undefined);
  if (!mapping) return clusters;
  for (const [key, { at }] of mapping.entries)
    if (!TOP.includes(key))
      problems.add(at, `${shown(key)} is not known here; “clusters”, “people” and “pull_requests” are`);
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
    if (!GITHUB_LOGIN.test(login)) problems.add(at, `${shown(login)} is not a GitHub login`);
    else if (people.has(login.toLowerCase())) problems.add(at, `${shown(login)} stands here twice`);
    else if (typeof user !== 'string' || !SLACK_USER.test(user)) problems.add(value.at, 'must be a Slack user (U…)');
    else people.set(login.toLowerCase(), user);
  }
  return people;
}

function readCluster(name: string, { at, value }: Entry, problems: Problems): z.output<typeof clusterSchema> | null {
  if (!CLUSTER_NAME.test(name))
    problems.add(at, `${shown(name)} is not a cluster’s name: lower case letters, digits and "-"`);
  const parsed = clusterSchema.safeParse(isNothing(value) ? {} : plain(value));
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) addIssue(issue, value, problems);
  return null;
}

const KNOWN_WITHIN: Readonly<Record<string, readonly string[]>> = {
  drift: ['every', 'apply'],
  freeze: ['cron', 'minutes', 'timezone', 'reason'],
  limits: Object.keys(limitsSchema.shape),
};

function addIssue(issue: z.core.$ZodIssue, cluster: Value, problems: Problems): void {
  if (issue.code !== 'unrecognized_keys') {
    const field = issue.path.filter((step) => typeof step === 'string').join(' ');
    return problems.add(placeOf(cluster, issue.path), `${field === '' ? '' : `${field} `}${wordsOf(issue)}`);
  }
  const known = KNOWN_WITHIN[String(issue.path[0])] ?? Object.keys(clusterSchema.shape);
  for (const key of issue.keys)
    problems.add(keyPlace(cluster, issue.path, key), `${shown(key)} is not known here.${didYouMean(key, known)}`);
}

/** Where the name of an entry stands, in the mapping that the path leads to. */
function keyPlace(value: Value, path: readonly PropertyKey[], key: string): Position {
  const [step, ...rest] = path;
  const item = value.kind === 'sequence' ? value.items[Number(step)] : undefined;
  if (item) return keyPlace(item, rest, key);
  if (value.kind !== 'mapping') return value.at;
  if (step === undefined) return value.entries.get(key)?.at ?? value.at;
  const entry = value.entries.get(String(step));
  return entry ? keyPlace(entry.value, rest, key) : value.at;
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** How often the cluster is looked at, in milliseconds; null for never. */
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

/** Where the value that the issue speaks of stands. */
function placeOf(value: Value, path: readonly PropertyKey[]): Position {
  const [step, ...rest] = path;
  if (value.kind === 'mapping') {
    const entry = value.entries.get(String(step));
    return entry ? placeOf(entry.value, rest) : value.at;
  }
  const item = value.kind === 'sequence' ? value.items[Number(step)] : undefined;
  return item ? placeOf(item, rest) : value.at;
}

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a mapping',
  boolean: 'true or false',
  string: 'a single word',
  number: 'a number',
  int: 'a whole number',
};

function wordsOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `must be ${TYPES[issue.expected] ?? issue.expected}`;
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`;
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}`;
  return issue.message;
}

function plain(value: Value): unknown {
  switch (value.kind) {
    case 'scalar':
      return value.value;
    case 'vaulted':
      return undefined;
    case 'sequence':
      return value.items.map(plain);
    case 'mapping':
      return Object.fromEntries([...value.entries].map(([name, entry]) => [name, plain(entry.value)]));
  }
}

/** @throws UNKNOWN_CLUSTER, with what there is; USAGE when there are several and none was named. */
export function chooseCluster(
  clusters: ReadonlyMap<string, ClusterSettings>,
  wanted: string | undefined,
): { name: string; settings: ClusterSettings } {
  const names = [...clusters.keys()];
  const name = wanted ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined)
    throw new RedisopsError('USAGE', `There are several clusters: ${names.join(', ')}.`, {
      hint: 'Say which one, with --cluster NAME.',
    });
  const settings = clusters.get(name);
  if (settings) return { name, settings };
  throw new RedisopsError('UNKNOWN_CLUSTER', `There is no cluster ${shown(name)}.${didYouMean(name, names)}`, {
    hint: `The repository has: ${names.join(', ')}.`,
  });
}
