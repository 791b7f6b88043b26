import { expect, it } from 'vitest';
import { sshNodes } from '../../src/adapters/ssh/ssh.ts';
import { hostNamed } from '../../lab/hosts.ts';
import { labSshSettings } from './lab-cluster.ts';
import { sh } from '../../src/domain/shell.ts';

it('takes a command that ended before a busy process could listen for one that ended', async () => {
  const nodes = sshNodes(labSshSettings());
  const { name, address } = hostNamed('redis-01');
  const session = await nodes.connect({ name, address, sshPort: 22, redisPort: 6379 });
  const busy = setInterval(() => {
    const startedAt = performance.now();
    while (performance.now() - startedAt < 40);
  }, 1);
  const statuses: number[] = [];
  try {
    for (let round = 0; round < 30; round += 1)
      statuses.push((await session.run(sh`exit "$1"`, { parameters: ['7'] })).status);
  } finally {
    clearInterval(busy);
    await nodes.close();
  }
  expect(statuses).toEqual(Array.from({ length: 30 }, () => 7));
});
