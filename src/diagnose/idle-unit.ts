import { startFailure } from '../domain/unit/start-failure.ts';
import type { Rule } from './rule.ts';

/** A unit that is stopped, but has not failed. */
export const idleUnit: Rule = ({ name, host: { unit: state, package: pack, log } }, { unit }) => {
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
  if (state.subState === 'auto-restart') {
    const failure = startFailure(log, []);
    return [
      {
        ...known,
        cause: `${unit} starts and ends again and again: systemd restarted it ${state.restarts} times.${failure === null ? '' : ` ${failure}`}`,
        evidence: [`Result=${state.result}, SubState=auto-restart`],
        byHand: `Read why it ends: \`journalctl -u ${unit} -n 50\` and Redis’s log on ${name}.`,
      },
    ];
  }
  if (state.activeState !== 'inactive' || state.loadState !== 'loaded') return [];
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
