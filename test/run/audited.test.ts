import { describe, expect, it } from 'vitest';
import { RedisopsError } from '../../src/domain/error.ts';
import { audited } from '../../src/run/audited.ts';
import { NOW, portsOf } from '../ports.ts';

const ATTEMPT = { by: { from: 'slack', actor: 'U0ANNA' }, what: 'lock', cluster: 'redis' } as const;
const REFUSED = new RedisopsError('NOT_ALLOWED', 'no', { hint: 'ask' });

describe('an attempt', () => {
  it('that is refused is audited with its code', async () => {
    const ports = portsOf();
    await expect(audited(ATTEMPT, ports, () => Promise.reject(REFUSED))).rejects.toBe(REFUSED);
    expect(ports.outside.audited).toEqual([
      {
        at: NOW.toISOString(),
        origin: ATTEMPT.by,
        cluster: 'redis',
        what: 'lock',
        outcome: 'NOT_ALLOWED',
        run: null,
      },
    ]);
  });

  it('that succeeds is audited by its own note', async () => {
    const ports = portsOf();
    await audited({ ...ATTEMPT, cluster: undefined }, ports, () => Promise.resolve());
    expect(ports.outside.audited).toEqual([]);
    await audited({ ...ATTEMPT, cluster: undefined }, ports, (note) => note('done'));
    await audited(ATTEMPT, ports, (note) => note('stopping', { what: 'stop', run: 'r-1' }));
    expect(ports.outside.audited).toMatchObject([
      { cluster: '-', what: 'lock', outcome: 'done', run: null },
      { cluster: 'redis', what: 'stop', outcome: 'stopping', run: 'r-1' },
    ]);
  });

  it('keeps its reason if the audit cannot be written', async () => {
    const ports = portsOf({ store: { audit: () => Promise.reject(new Error('no queue')) } });
    await expect(audited(ATTEMPT, ports, () => Promise.reject(REFUSED))).rejects.toBe(REFUSED);
    expect(ports.outside.log.lines.length).toBe(1);
  });
});
