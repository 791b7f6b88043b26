import { presentConf } from '../../domain/facts.ts';
import type { Blocker } from '../../domain/plan.ts';
import type { Pair } from '../roles/topology.ts';

/**
 * A running Redis keeps its port, by which its master, replicas and clients know it. redisops looks for it on Git’s
 * port, where nothing answers.
 */
export function portChange({ desired, facts }: Pair): readonly Blocker[] {
  if (!facts.reachable || facts.host.unit.activeState !== 'active') return [];
  const port = presentConf(facts.host, desired.redisConf)?.get('port') ?? '';
  if (port === '' || Number(port) === desired.redisPort) return [];
  return [
    {
      code: 'DIRECTIVE_NOT_LIVE',
      node: desired.name,
      message: `Redis on ${desired.name} runs on port ${port}, but Git asks for port ${desired.redisPort}. The port of a running cluster cannot be changed yet.`,
      hint: `Set redis_port: ${port}. No changes were made.`,
    },
  ];
}
