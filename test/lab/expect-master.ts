import { expect } from 'vitest';
import { onHost } from '../../lab/hosts.ts';
import { infoField } from './lab-cluster.ts';

const HOSTS = ['redis-01', 'redis-02', 'redis-03'];

/** This host is the one master, in the running Redis and in every redis.conf. */
export async function expectMaster(master: string): Promise<void> {
  for (const host of HOSTS) {
    expect(`${host} ${await infoField(host, 'role')}`).toBe(`${host} ${host === master ? 'master' : 'slave'}`);
    const { stdout } = await onHost(host, 'grep -c "^replicaof" /etc/redis/redis.conf || true');
    expect(`${host} ${stdout.trim()}`).toBe(`${host} ${host === master ? 0 : 1}`);
  }
}
