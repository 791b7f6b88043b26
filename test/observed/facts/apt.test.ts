import { expect, it } from 'vitest';
import { aptFact } from '../../../src/observed/facts/apt.ts';

const POLICY = 'redis-server:\n  Installed: (none)\n  Candidate: 5:7.0.15-1~deb12u7\n  Version table:\n';
const MENTIONED = 'redis-server:\n  Installed: (none)\n  Candidate: (none)\n  Version table:\n';

it.each([
  ['known', `lists\n${POLICY}asked\n`, 'known'],
  ['known from a package that lies there, without lists', `${POLICY}asked\n`, 'known'],
  ['unknown to lists that are there', 'lists\nasked\n', 'unknown'],
  ['mentioned, and nowhere to be had', `lists\n${MENTIONED}asked\n`, 'unknown'],
  ['on a host that never got lists', 'asked\n', 'no lists'],
  ['nothing, when apt failed', 'lists\n', null],
  ['nothing, when apt broke off', `lists\n${POLICY}`, null],
  ['not asked for, where it is installed', '', null],
])('the package is %s', (_, stdout, expected) => {
  expect(aptFact.parse(stdout)).toBe(expected);
});
