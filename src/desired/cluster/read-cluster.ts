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
  refuseDisagreement(hosts, problems);
  const variables = hosts[0]?.variables.ofGroups ?? new Map();
  const sentinels = readSentinelVariables(sentinelVariables(variables, settings.sentinel_template), problems);
  const cluster = { ...readClusterVariables(variables, problems), sentinels, variables };
  const confs = hosts.flatMap(({ conf }) => conf ?? []);
  const [first] = confs;
  if (!first) return cluster;
  refusePasswords(cluster, [first, ...confs], settings.template ?? '', problems);
  const printsRole = confs.some(({ directives }) => directives.has('replicaof'));
  return {
    ...cluster,
    replication: variables.has('redis_enable_replication') ? cluster.replication : printsRole,
    password: first.password,
    masterauth: first.masterauth,
  };
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
  { password }: ClusterVariables,
  confs: readonly [TemplateConf, ...TemplateConf[]],
  template: string,
  problems: Problems,
): void {
  const [first] = confs;
  const add = (message: string): void => problems.add({ file: template, line: 1, column: 1 }, message);
  for (const name of ['password', 'masterauth'] as const)
    if (confs.some((conf) => conf[name]?.reveal() !== first[name]?.reveal()))
      add(`prints another ${name === 'password' ? 'requirepass' : 'masterauth'} for one host than for another`);
  if (password && !password.equals(first.password ?? undefined))
    add('does not print redis_password as requirepass: redisops could not log in');
}
