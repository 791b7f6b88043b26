import { describe, expect, it } from 'vitest';
import { isSettled } from '../../src/observed/observe-settled.ts';
import type { NodeFacts } from '../../src/domain/facts.ts';
import {
  bareFacts,
  desiredNode,
  link,
  masterFacts,
  replicaFacts,
  stoppedFacts,
  unit,
  unreachable,
} from '../builders.ts';

const one = desiredNode('redis-01');
const unreadable = (code: 'REDIS_UNREACHABLE' | 'REDIS_AUTH_FAILED'): NodeFacts => ({
  ...masterFacts(one),
  redis: { state: 'unreadable', code, reason: 'so' },
});

describe('isSettled', () => {
  it.each<readonly [string, NodeFacts, boolean]>([
    ['a master', masterFacts(one), true],
    ['a stopped node', stoppedFacts(one, null), true],
    ['a bare host', bareFacts(one), true],
    ['a node that cannot be reached', unreachable(one), true],
    ['a wrong password', unreadable('REDIS_AUTH_FAILED'), true],
    ['a process that does not listen yet', unreadable('REDIS_UNREACHABLE'), false],
    ['a Redis that loads', masterFacts(one, { redis: { loading: true } }), false],
    [
      'a replica that loads what its master sent',
      replicaFacts(one, { redis: { loading: true, master: link({ up: false, syncInProgress: true }) } }),
      true,
    ],
    ['a unit that starts', stoppedFacts(one, null, { unit: unit({ activeState: 'activating' }) }), false],
    ['a unit with a job', masterFacts(one, { host: { unit: unit({ jobPending: true }) } }), false],
  ])('%s', (_, facts, settled) => {
    expect(isSettled(facts)).toBe(settled);
  });
});
