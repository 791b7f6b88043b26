import { until } from '../../lab/until.ts';
import { labHosts, onHost } from '../../lab/hosts.ts';

/** Sentinel 7 writes its file without quotes: a password that needs them keeps it from starting again. */
export const PLAIN_PASSWORD = 'lab-password-1';

export const SENTINEL_HOSTS = ['redis-01', 'redis-02', 'redis-03'];

/** sentinel.conf of a cluster whose failover works; the password is Redis’s. */
export function sentinelLines(
  name = 'redis',
  more: readonly string[] = [],
  password = PLAIN_PASSWORD,
): readonly string[] {
  return [
    'port 26379',
    'dir /var/lib/redis',
    'logfile /var/log/redis/redis-sentinel.log',
    `sentinel monitor ${name} 10.0.0.123 6379 2`,
    `sentinel auth-pass ${name} ${JSON.stringify(password)}`,
    `sentinel down-after-milliseconds ${name} 2000`,
    `sentinel failover-timeout ${name} 10000`,
    ...more,
  ];
}

/** Writes the file as a team’s own tool would, and starts Sentinel with it. */
export async function startSentinel(host: string, lines: readonly string[]): Promise<void> {
  const script = `set -e
systemctl stop redis-sentinel
cat >/etc/redis/sentinel.conf
chown redis:redis /etc/redis/sentinel.conf
chmod 640 /etc/redis/sentinel.conf
systemctl start redis-sentinel`;
  const { code, stderr } = await onHost(host, ['bash', '-c', script], { stdin: `${lines.join('\n')}\n` });
  if (code !== 0) throw new Error(`Sentinel on ${host}: ${stderr}`);
}

export async function startSentinels(lines: (host: string) => readonly string[]): Promise<void> {
  await Promise.all(SENTINEL_HOSTS.map((host) => startSentinel(host, lines(host))));
}

export async function stopSentinels(): Promise<void> {
  await Promise.all(SENTINEL_HOSTS.map((host) => onHost(host, 'systemctl stop redis-sentinel')));
}

/** Redis on the host itself. */
export async function plainCli(host: string, ...words: readonly string[]): Promise<string> {
  const { stdout } = await onHost(host, [
    `${labHosts().server}-cli`,
    '--no-auth-warning',
    '-a',
    PLAIN_PASSWORD,
    ...words,
  ]);
  return stdout.trim();
}

/** Sentinel on the host itself. */
export async function sentinelCli(host: string, ...words: readonly string[]): Promise<string> {
  const { stdout } = await onHost(host, [`${labHosts().server}-cli`, '-p', '26379', ...words]);
  return stdout.trim();
}

/** Waits until every Sentinel has heard of the others and of both replicas. */
export async function sentinelsKnowEachOther(name = 'redis'): Promise<void> {
  await until('the Sentinels to know each other', 60, async () => {
    const said = await Promise.all(SENTINEL_HOSTS.map((host) => sentinelCli(host, 'INFO', 'sentinel')));
    return said.every((each) => each.includes(`name=${name},`) && each.includes('slaves=2,sentinels=3')) || null;
  });
}
