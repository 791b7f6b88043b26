import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { needsApproval, openingsIn } from '../../src/domain/plan.ts';
import { DIRECTIVES, SECRET_DIRECTIVES } from '../../src/domain/redis/directives.ts';
import { HARMLESS } from '../../src/plan/directives/harmless.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { desiredCluster, healthy, password } from '../builders.ts';

/** What one person could merge alone. On a real Redis, each disconnected clients, lost data or let strangers in. */
const ATTACKS = [
  'maxmemory-clients 1',
  'timeout 1',
  'client-output-buffer-limit normal 1 1 1',
  'protected-mode no',
  'bind *',
  'tls-auth-clients no',
  'masteruser someone',
  'bind-source-addr 10.9.9.9',
  'proto-max-bulk-len 1mb',
  'repl-timeout 1',
  'repl-backlog-size 16kb',
  'maxmemory-policy allkeys-random',
  'appendfsync no',
  'replica-serve-stale-data no',
  'min-replicas-max-lag 1',
  'maxmemory 1',
  'maxclients 1',
  'acllog-max-len 0',
  'slowlog-max-len 9000000000',
  'repl-diskless-sync-delay 1000000',
  'client-query-buffer-limit 1mb',
  'tcp-keepalive 1',
  'replica-read-only no',
  'busy-reply-threshold 1',
  'save 1 1',
];

const planOf = (lines: readonly string[]) => {
  const secret = password();
  return makePlan(
    { kind: 'converge' },
    desiredCluster({ password: secret, lines }),
    healthy(desiredCluster({ password: secret })),
  );
};

describe('a merge by one person', () => {
  it.each(ATTACKS)('%s waits for a second person', (line) => expect(needsApproval(planOf([line]))).toBe(true));

  it('changes nothing by hiding it among what is harmless', () => {
    for (const line of ATTACKS) expect(needsApproval(planOf(['hz 20', line, 'loglevel debug']))).toBe(true);
  });

  it.each(['protected-mode no', 'bind *', 'tls-auth-clients no', 'masteruser someone', 'PROTECTED-MODE "no"'])(
    '%s is named as what it is: it opens',
    (line) => expect(openingsIn(planOf([line])).length).toBeGreaterThan(0),
  );

  it('sets no directive alone that is not on the list', () => {
    const unlisted = Object.entries(DIRECTIVES).filter(
      ([name, { change, default: usual }]) =>
        change === 'live' && usual !== null && !Object.hasOwn(HARMLESS, name) && !SECRET_DIRECTIVES.has(name),
    );
    fc.assert(
      fc.property(fc.constantFrom(...unlisted), fc.constantFrom('yes', 'no', '0', '1', '77'), ([name], value) => {
        const plan = planOf([`${name} ${value}`]);
        const changes = plan.waves.flatMap(({ actions }) => actions).some(({ kind }) => kind === 'config-set');
        if (changes) expect(needsApproval(plan)).toBe(true);
      }),
    );
  });
});
