import type { Rule } from './rule.ts';

export const failedUnit: Rule = ({ name, host }, { unit }) => {
  if (host.unit.activeState !== 'failed') return [];
  return [
    {
      id: 'SERVICE_NOT_ACTIVE',
      node: name,
      cause: `${unit} failed (${host.unit.result}).`,
      evidence: [`${host.unit.restarts} restarts by systemd`, ...host.log.slice(-3)],
      byHand: 'Fix what the log names.',
      fix: {
        goal: { kind: 'converge' },
        does: 'Fix what the log names. Then `apply` resets the failed state and starts the unit.',
        safe: true,
      },
    },
  ];
};
