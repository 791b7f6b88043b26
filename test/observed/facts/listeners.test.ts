import { expect, it } from 'vitest';
import { listenersFact } from '../../../src/observed/facts/listeners.ts';

const LINE = 'LISTEN 0      128    0.0.0.0:6379 0.0.0.0:* users:(("sshd",pid=33,fd=3))\n';
const SIX = 'LISTEN 0 128 [::]:6379 [::]:* users:(("we"ird",pid=34,fd=4),("other",pid=35,fd=4))\n';

it.each([
  ['nobody', 'asked\n', []],
  ['a process', `${LINE}asked\n`, [{ address: '0.0.0.0', process: { name: 'sshd', pid: 33 } }]],
  [
    'a process and its unit',
    `${LINE}asked\ngroup 33 ssh.service\n`,
    [{ address: '0.0.0.0', process: { name: 'sshd', pid: 33, controlGroup: 'ssh.service' } }],
  ],
  ['one of IPv6 with a strange name', `${SIX}asked\n`, [{ address: '[::]', process: { name: 'we"ird', pid: 34 } }]],
  ['one that is not named', 'LISTEN 0 5 *:6379 *:*\nasked\n', [{ address: '*', process: null }]],
  ['unknown, when ss failed', '', null],
  ['unknown, when ss broke off', LINE, null],
])('on the port listens: %s', (_, stdout, expected) => {
  expect(listenersFact.parse(stdout)).toEqual(expected);
});
