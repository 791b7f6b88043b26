import { startFailure } from '../domain/unit/start-failure.ts';
import type { Rule } from './rule.ts';

export const failedUnit: Rule = ({ name, host }, { unit }) => {
  const { activeState, result, restarts } = host.unit;
  if (activeState !== 'failed') return [];
  const failure = startFailure(host.log, []);
  return [
    {
      id: 'SERVICE_NOT_ACTIVE',
      node: name,
      cause: failure === null ? `${unit} failed (${result}).` : `${unit} failed (${result}): ${failure}`,
      evidence: [`${restarts} restarts by systemd`, ...host.log.slice(-3)],
      byHand: 'Fix what the log names.',
      fix: {
        goal: { kind: 'converge' },
        does: 'Fix what the log names. Then `apply` resets the failed state and starts the unit.',
        safe: true,
      },
    },
  ];
};
