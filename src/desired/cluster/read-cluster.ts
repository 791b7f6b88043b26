import type { TemplateConf } from '../confs/template-conf.ts';
import type { ClusterReading } from '../inventory/read-inventory.ts';
import type { Problems } from '../source/problems.ts';
import {
  ofClusterOnly,
  readClusterVariables,
  refuseDifferences,
  type ClusterVariables,
  type Variables,
} from '../variables/node-variables.ts';
import { readSentinelVariables, type SentinelVariables } from '../variables/sentinel-variables.ts';
import { refuseDifferentTexts } from '../variables/resolved-variables.ts';
import type { HostReading } from './host-reading.ts';

/** The cluster, as read from the repository. */
export interface Cluster extends ClusterVariables {
  sentinels: SentinelVariables;
  /** Its variables, for their positions. */
  variables: Variables;
}

/** From group variables, which must be equal for all hosts; if absent, from the rendered template. */
export function readCluster(hosts: readonly HostReading[], { settings, problems }: ClusterReading): Cluster {
  if (settings.template === undefined) refuseDisagreement(hosts, problems);
  const variables = hosts[0]?.variables.ofGroups ?? new Map();
  const sentinels = readSentinelVariables(sentinelVariables(variables, settings.sentinel_template), problems);
  const cluster = { ...readClusterVariables(variables, problems), sentinels, variables };
  const confs = hosts.flatMap(({ conf }) => conf ?? []);
  const [first] = confs;
  if (!first) return cluster;
  refusePasswords([first, ...confs], settings.template ?? '', problems);
  return {
    ...cluster,
    replication: cluster.replication || confs.some(isReplica),
    password: first.password,
    // The master may do without.
    masterauth: confs.find(({ masterauth }) => masterauth)?.masterauth ?? null,
  };
}

/** Whether a rendered file names a master to follow. */
export function isReplica({ directives }: TemplateConf): boolean {
  const words = directives.get('replicaof') ?? [];
  return words.length > 0 && words.join(' ').toLowerCase() !== 'no one';
}

/** With the repository’s own template nothing is read by name, but where its hosts are. */
function sentinelVariables(variables: Variables, template: string | undefined): Variables {
  if (template === undefined) return variables;
  return new Map([...variables].filter(([name]) => name === 'redis_sentinel_group'));
}

function refuseDisagreement(hosts: readonly HostReading[], problems: Problems): void {
  const isAlike = refuseDifferences(
    hosts.map(({ layers }) => layers.ofGroups),
    problems,
  );
  if (!isAlike) return;
  const rendered = hosts.map(({ variables }) => ofClusterOnly(variables.ofGroups));
  refuseDifferentTexts(rendered, problems);
}

function refusePasswords(
  confs: readonly [TemplateConf, ...TemplateConf[]],
  template: string,
  problems: Problems,
): void {
  const add = (message: string): void => problems.add({ file: template, line: 1, column: 1 }, message);
  if (new Set(confs.map(({ password }) => password?.reveal())).size > 1)
    add('prints another requirepass for one host than for another');
  if (new Set(confs.flatMap(({ masterauth }) => masterauth?.reveal() ?? [])).size > 1)
    add('prints another masterauth for one host than for another');
}
