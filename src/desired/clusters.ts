import { z } from 'zod';
import { ConfigInvalid, RedisopsError } from '../domain/error.ts';
import { didYouMean } from '../domain/nearest.ts';
import type { ConfigSource } from '../ports.ts';
import { Problems, shown } from './problems.ts';
import { readYamlMapping, type Value } from './yaml-mapping.ts';

const FILE = 'redisops.yml';

const path = z
  .string()
  .regex(/^[\w.-]+(?:\/[\w.-]+)*$/, 'must be a path inside the repository')
  .refine((value) => !value.split('/').includes('..'), 'must not have .. in it');
const person = z.string().regex(/^[USW][A-Z0-9]+$/, 'must be a Slack user (U…) or user group (S…)');

/** One cluster of `redisops.yml`; the defaults are what a repository without the file has. */
export const clusterSchema = z.strictObject({
  inventory: path.optional().describe('`ansible/inventory/hosts.yml`, or `hosts.ini` beside it'),
  group: z
    .string()
    .regex(/^[\w-]+$/)
    .default('redis'),
  group_vars: path.default('ansible/group_vars/redis.yml'),
  host_vars: path.default('ansible/host_vars'),
  channel: z
    .string()
    .regex(/^[CGD][A-Z0-9]+$/, 'must be a channel ID (C…)')
    .optional(),
  requesters: z.array(person).default([]),
  approvers: z.array(person).default([]),
  allow_own_approval: z.boolean().default(false),
  approval_minutes: z.number().int().min(1).max(1440).default(30),
});

export type ClusterSettings = z.output<typeof clusterSchema>;

/** The clusters that the repository names. */
export async function readClusters(source: ConfigSource): Promise<ReadonlyMap<string, ClusterSettings>> {
  const text = await source.read(FILE);
  if (text === null) return new Map([['redis', clusterSchema.parse({})]]);
  const problems = new Problems();
  const mapping = readYamlMapping(FILE, text, problems, undefined);
  const clusters = new Map<string, ClusterSettings>();
  for (const [key, { at }] of mapping?.entries ?? [])
    if (key !== 'clusters') problems.add(at, `${shown(key)} is not known here; “clusters” is`);
  const listed = mapping?.entries.get('clusters');
  if (mapping && listed?.value.kind !== 'mapping')
    problems.add(listed?.value.at ?? mapping.at, '“clusters” must map names to clusters');
  if (listed?.value.kind === 'mapping') {
    for (const [name, { at, value }] of listed.value.entries) {
      if (!/^[a-z0-9][a-z0-9-]{0,38}$/.test(name))
        problems.add(at, `${shown(name)} is not a cluster’s name: lower case letters, digits and "-"`);
      const parsed = clusterSchema.safeParse(plain(value) ?? {});
      if (parsed.success) clusters.set(name, parsed.data);
      else addIssues(parsed.error, value, problems);
    }
  }
  if (mapping && listed?.value.kind === 'mapping' && listed.value.entries.size === 0)
    problems.add(listed.at, '“clusters” names no cluster');
  if (problems.found.length > 0) throw new ConfigInvalid(problems.found);
  return clusters;
}

function addIssues(error: z.ZodError, value: Value, problems: Problems): void {
  for (const issue of error.issues) {
    if (issue.code === 'unrecognized_keys') {
      addUnknown(issue.keys, value, problems);
      continue;
    }
    const field = issue.path[0];
    const entry = value.kind === 'mapping' && typeof field === 'string' ? value.entries.get(field) : undefined;
    problems.add(entry?.value.at ?? value.at, `${field === undefined ? '' : `${String(field)}: `}${issue.message}`);
  }
}

function addUnknown(keys: readonly string[], value: Value, problems: Problems): void {
  for (const key of keys) {
    const at = (value.kind === 'mapping' ? value.entries.get(key)?.at : undefined) ?? value.at;
    problems.add(at, `${shown(key)} is not a setting of a cluster.${didYouMean(key, Object.keys(clusterSchema.shape))}`);
  }
}

function plain(value: Value): unknown {
  switch (value.kind) {
    case 'scalar':
      return value.value;
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
