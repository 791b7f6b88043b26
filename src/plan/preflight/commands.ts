import type { Action } from '../../domain/action.ts';
import type { DesiredCluster } from '../../domain/desired.ts';
import type { Blocker } from '../../domain/plan.ts';
import {
  TO_FOLLOW,
  TO_HAND_OVER,
  TO_SERVE,
  type RefusedCommand,
  type StepCommand,
} from '../../domain/redis/step-commands.ts';
import type { Pair, Roles } from '../roles/topology.ts';

const VERIFY_MASTER: readonly StepCommand[] = ['SET', 'UNLINK'];
const VERIFY_REPLICA: readonly StepCommand[] = ['GET', 'EXISTS'];

/**
 * Commands needed by steps and verification that a running Redis would refuse: checked before the first step, because a
 * step refused midway costs a promotion or a full resynchronization.
 */
export function commandBlockers(
  actions: readonly Action[],
  { replication }: DesiredCluster,
  { pairs, master }: Roles,
): readonly Blocker[] {
  return pairs.flatMap((pair): readonly Blocker[] => {
    const { redis, desired } = pair;
    const refused = redis?.refuses ?? [];
    if (refused.length === 0) return [];
    const isMaster = !replication || pair === master;
    const needed = new Set([
      ...actions.flatMap((action) => neededBy(action, desired.name)),
      ...(isMaster ? VERIFY_MASTER : VERIFY_REPLICA),
    ]);
    const missing = refused.filter(({ command }) => needed.has(command));
    return [...unanswered(pair, missing), ...missing.flatMap((each) => blocker(pair, each, isMaster))];
  });
}

/** Only a refused REPLICAOF costs more than a failed step: a promotion, or a full resynchronization. */
function unanswered({ desired: { name } }: Pair, missing: readonly RefusedCommand[]): readonly Blocker[] {
  if (!missing.some(({ command, by }) => command === 'REPLICAOF' && by === 'unknown')) return [];
  return [
    {
      code: 'COMMAND_UNAVAILABLE',
      node: name,
      message: `${name} forbids ACL DRYRUN and ACL LIST: nothing says whether it takes REPLICAOF, which a step needs.`,
      hint: `On ${name}: \`ACL SETUSER default +acl|dryrun\`, which only allows the question. Then plan again.`,
    },
  ];
}

/** Commands that an action sends to a node, its own or another one. */
function neededBy(action: Action, name: string): readonly StepCommand[] {
  if (action.kind === 'hand-over') return neededToHandOver(action.node, action.to.name, name);
  if (action.node !== name) return [];
  switch (action.kind) {
    case 'replicate':
      return [...TO_FOLLOW, 'CLIENT PAUSE', 'CLIENT UNPAUSE'];
    case 'resync':
      return [...TO_FOLLOW, 'CLIENT KILL', 'MULTI', 'EXEC'];
    case 'promote':
      return ['REPLICAOF', ...TO_SERVE];
    case 'config-set':
      return ['CONFIG SET'];
    case 'back-up':
      return TO_SERVE;
    case 'restart-unit':
      return action.data?.kept === 'snapshot' ? ['BGSAVE', 'CONFIG SET'] : [];
    case 'install-package':
    case 'stop-stray-process':
    case 'make-directory':
    case 'write-file':
    case 'daemon-reload':
    case 'reset-failed':
    case 'enable-unit':
    case 'start-unit':
    case 'await-link':
    case 'move-aside':
    case 'delete-aside':
    case 'set-up-sentinel':
    case 'sentinel-set':
    case 'forget-master':
    case 'watch-master':
    case 'reset-sentinel':
    case 'await-sentinels':
    case 'stop-sentinel':
    case 'pause-failover':
    case 'resume-failover':
    case 'note-drained':
      return [];
  }
}

function neededToHandOver(from: string, to: string, name: string): readonly StepCommand[] {
  if (name === from) return TO_HAND_OVER;
  return name === to ? [...TO_HAND_OVER, ...TO_SERVE] : TO_FOLLOW;
}

function blocker(
  { desired: { name, unit } }: Pair,
  { command, by }: RefusedCommand,
  isMaster: boolean,
): readonly Blocker[] {
  if (by === 'unknown') return [];
  const refusal = { code: 'COMMAND_UNAVAILABLE', node: name } as const;
  if (by === 'acl')
    return [
      {
        ...refusal,
        message: `${name} refuses ${command}, which a step needs: the default user’s ACL forbids it.`,
        hint: `On ${name}: \`ACL SETUSER default +${command.toLowerCase().replace(' ', '|')}\`, and \`~redisops:*\` where keys are limited. Then plan again.`,
      },
    ];
  const [word = ''] = command.split(' ');
  const keeping = isMaster ? 'run `CONFIG SET shutdown-on-sigterm save`, which keeps its keys, and ' : '';
  return [
    {
      ...refusal,
      message: `${name} does not know ${word}, which a step needs: \`rename-command\` took it away.`,
      hint: `On ${name}: remove \`rename-command ${word}\` from redis.conf and from what it includes, then ${keeping}restart ${unit} in a quiet moment. Then plan again.`,
    },
  ];
}
