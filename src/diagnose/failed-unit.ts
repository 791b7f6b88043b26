import type { Rule } from './rule.ts';

export const failedUnit: Rule = ({ name, host }, { unit }) => {
  if (host.unit.activeState !== 'failed') return [];
  return [
    {
      id: 'SERVICE_NOT_ACTIVE',
      node: name,
      cause: `${unit} failed (${host.unit.result}).`,
      evidence: [`${host.unit.restarts} restarts by systemd`, ...host.log.slice(-3)],
      remedy: '`apply` resets the failed state and starts it, once what the log names is mended.',
      safe: true,
    },
  ];
};
