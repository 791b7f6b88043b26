import { redisElsewhere } from '../domain/health/redis-elsewhere.ts';
import { isStartLoop, startLoop } from '../domain/unit/start-loop.ts';
import type { Rule } from './rule.ts';

/** A unit that is stopped, but has not failed. */
export const idleUnit: Rule = ({ name, host, redis }, node) => {
  const { unit: state, package: pack, log } = host;
  const { unit } = node;
  if (!pack.installed) return [];
  const known = { id: 'SERVICE_NOT_ACTIVE', node: name } as const;
  if (state.unitFileState === 'masked' || state.loadState === 'masked')
    return [
      {
        ...known,
        id: 'UNIT_NOT_STARTABLE',
        cause: `${unit} is masked: systemd refuses to start it, and so does every \`apply\`.`,
        evidence: [
          `LoadState=${state.loadState}, UnitFileState=${state.unitFileState}, ActiveState=${state.activeState}`,
        ],
        byHand: `Find out who masked it. Then run \`systemctl unmask ${unit}\` on ${name}, and \`apply\`.`,
      },
    ];
  const isWaiting = state.subState === 'auto-restart';
  if (isWaiting || (redis.state === 'down' && isStartLoop(state))) {
    return [
      {
        ...known,
        cause: startLoop(unit, state, log),
        evidence: [
          isWaiting
            ? `Result=${state.result}, SubState=auto-restart`
            : `ActiveState=activating, NRestarts=${state.restarts}`,
        ],
        byHand: `Read why it ends: \`journalctl -u ${unit} -n 50\` and Redis’s log on ${name}.`,
      },
    ];
  }
  // Redis under another unit is a finding of its own: nobody stopped this one.
  if (state.activeState !== 'inactive' || state.loadState !== 'loaded' || redisElsewhere(node, host, redis)) return [];
  return [
    {
      ...known,
      cause: `${unit} was stopped: it did not fail.`,
      evidence: [`ActiveState=inactive, Result=${state.result}`],
      notBecause: ['systemd counts no failure'],
      byHand: `Find out who stopped it: \`journalctl -u ${unit}\` on ${name}.`,
      fix: { goal: { kind: 'converge' }, does: '`apply` starts it.', safe: true },
    },
  ];
};
