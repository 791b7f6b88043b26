import { expect, it } from 'vitest';
import { DIRECTIVES } from '../../../src/domain/redis/directives.ts';
import { realRedis } from '../../desired/real-redis.ts';

it('changes as in the table', { timeout: 60_000 }, async () => {
  const redis = await realRedis('');
  const differences: string[] = [];
  try {
    for (const [name, { change, default: usual }] of Object.entries(DIRECTIVES)) {
      const running = await redis.get(name);
      if ((usual === null) !== (running === undefined)) differences.push(`${name}: CONFIG GET says ${running}`);
      if (running === undefined) continue;
      const refusal = await redis.set(name, running);
      if ((change === 'live') !== (refusal === null)) differences.push(`${name}: ${change}, ${refusal}`);
    }
  } finally {
    await redis.end();
  }
  expect(differences).toEqual([]);
});
