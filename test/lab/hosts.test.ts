import { beforeAll, describe, expect, it } from 'vitest';
import { bootHost, cutPower, labHosts, onHost, rebootHost, resetHosts, type LabHost } from '../../lab/hosts.ts';
import { cutBetween, cutNetwork, restoreNetwork, slowNetwork } from '../../lab/network.ts';
import { runProgram, type ProgramResult } from '../../lab/run-program.ts';

const { hosts } = labHosts();
const names = hosts.map(({ name }) => name);

/** Like the bot: by key, as ops, and only if the host proves its known_hosts key. */
function overSsh({ address }: Pick<LabHost, 'address'>, command: string): Promise<ProgramResult> {
  const { keyFile, knownHostsFile, sshUser } = labHosts();
  const settings = [
    'BatchMode=yes',
    'IdentitiesOnly=yes',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${knownHostsFile}`,
    'GlobalKnownHostsFile=/dev/null',
    'ConnectTimeout=2',
  ].flatMap((setting) => ['-o', setting]);
  return runProgram(['ssh', '-F', 'none', '-i', keyFile, ...settings, `${sshUser}@${address}`, command]);
}

async function answerOf(host: string, script: string): Promise<string> {
  const { code, stdout, stderr } = await onHost(host, script);
  return code === 0 ? stdout.trim() : `status ${code}: ${stderr.trim()}`;
}

/** Debian’s configuration with its data in /data/redis, and nothing else. */
const USE_DATA_DIRECTORY = `
  install --directory --owner redis --group redis /data/redis
  sed -i 's#^dir .*#dir /data/redis#' /etc/redis/redis.conf
  systemctl restart redis-server`;

const WRITABLE = `
  mkdir -p /etc/systemd/system/redis-server.service.d
  printf '[Service]\\nReadWritePaths=/data/redis\\n' >/etc/systemd/system/redis-server.service.d/override.conf
  systemctl daemon-reload`;

beforeAll(resetHosts);

describe.each(hosts)('the bare host $name', (host) => {
  it('lets ops in by its key, having proved who it is', async () => {
    expect(await overSsh(host, 'hostname; id -un')).toEqual({ code: 0, stdout: `${host.name}\nops\n`, stderr: '' });
  });

  it('lets ops become root without a password', async () => {
    expect(await overSsh(host, 'sudo -n id -u')).toEqual({ code: 0, stdout: '0\n', stderr: '' });
  });

  it('has Redis and Sentinel installed, off and unconfigured', async () => {
    expect(await answerOf(host.name, 'redis-server --version')).toMatch(/v=7\.0\./);
    expect((await onHost(host.name, 'systemctl is-active redis-server redis-sentinel')).stdout).toBe(
      'inactive\ninactive\n',
    );
    expect((await onHost(host.name, 'systemctl is-enabled redis-server redis-sentinel')).stdout).toBe(
      'disabled\ndisabled\n',
    );
    expect(await answerOf(host.name, 'dpkg --verify redis-server redis-sentinel; ls -A /var/lib/redis')).toBe('');
    expect((await onHost(host.name, 'ls /data')).code).not.toBe(0);
  });

  it('has what Ansible’s apt module asks for, and no failed unit', async () => {
    expect(await answerOf(host.name, 'python3 -c "import apt; print(len(apt.Cache()) > 100)"')).toBe('True');
    expect(await answerOf(host.name, 'systemctl --failed --no-legend; systemctl is-system-running')).toBe('running');
  });

  it('knows the other hosts by address, not by name', async () => {
    for (const other of hosts) expect((await onHost(host.name, ['ping', '-c1', '-W1', other.address])).code).toBe(0);
    expect(
      (await onHost(host.name, ['getent', 'hosts', host.name === 'redis-01' ? 'redis-02' : 'redis-01'])).code,
    ).not.toBe(0);
  });
});

describe('the sandbox of Debian’s unit', () => {
  it('makes /data/redis read-only until a drop-in allows it', async () => {
    await resetHosts();
    expect(await answerOf('redis-02', USE_DATA_DIRECTORY)).toBe('');
    expect(await answerOf('redis-02', 'redis-cli save')).toContain('ERR');
    expect(await answerOf('redis-02', 'tail -n 1 /var/log/redis/redis-server.log')).toContain('Read-only file system');

    // A Redis that cannot save does not stop on SIGTERM, and Debian's unit waits without limit.
    await onHost('redis-02', 'systemctl kill --signal=KILL redis-server');
    expect(await answerOf('redis-02', `${WRITABLE}; systemctl restart redis-server; redis-cli save`)).toBe('OK');
    expect(await answerOf('redis-02', 'ls /data/redis')).toBe('dump.rdb');
  });
});

describe('reset', () => {
  it('makes a used host bare again, without a reboot', async () => {
    const before = labHosts().hosts;
    await Promise.all(
      names.map(async (name) => {
        await onHost(
          name,
          `${WRITABLE}; ${USE_DATA_DIRECTORY}; systemctl enable redis-server; redis-cli set key value`,
        );
        await onHost(name, 'redis-server --port 7000 --daemonize yes; echo 10.0.0.123 redis-01 >>/etc/hosts');
        await onHost(name, 'mount -t tmpfs tmpfs /data/redis; rm /etc/redis/sentinel.conf; echo junk >/tmp/junk');
      }),
    );

    const started = performance.now();
    await resetHosts();
    expect(performance.now() - started).toBeLessThan(20_000);

    expect(labHosts().hosts).toEqual(before);
    for (const name of names) {
      expect(await answerOf(name, 'pgrep --list-name redis; ls -d /data /tmp/junk 2>/dev/null; true')).toBe('');
      expect(
        await answerOf(name, 'dpkg --verify redis-server redis-sentinel; ls -A /var/lib/redis /var/log/redis'),
      ).toBe('/var/lib/redis:\n\n/var/log/redis:');
      expect(await answerOf(name, 'systemctl cat redis-server')).not.toContain('/data/redis');
      expect(await answerOf(name, 'systemctl is-enabled redis-server || true; wc -l </etc/hosts')).toBe('disabled\n2');
    }
  });
});

describe('a host that dies', () => {
  it('comes back with its disk after its power was cut', async () => {
    await onHost('redis-03', 'echo kept >/root/note; sync');
    await cutPower('redis-03');
    expect(labHosts().hosts.map(({ leader }) => leader === undefined)).toEqual([false, false, true]);
    await expect(onHost('redis-03', 'true')).rejects.toThrow('redis-03 is down');
    await bootHost('redis-03');
    expect(await answerOf('redis-03', 'cat /root/note; rm /root/note')).toBe('kept');
  });

  it('gets a new process 1 when it reboots', async () => {
    const before = labHosts().hosts.find(({ name }) => name === 'redis-01');
    await rebootHost('redis-01');
    const after = labHosts().hosts.find(({ name }) => name === 'redis-01');
    expect(after?.leader).toBeGreaterThan(0);
    expect(after?.leader).not.toBe(before?.leader);
  });

  it('also when it reboots itself', async () => {
    const leader = (): number | undefined => labHosts().hosts.find(({ name }) => name === 'redis-02')?.leader;
    const before = leader();
    await onHost('redis-02', 'systemctl reboot');
    await expect.poll(leader, { timeout: 20_000 }).not.toBe(before);
    await expect
      .poll(async () => (await overSsh({ address: '10.0.0.124' }, 'true')).code, { timeout: 20_000, interval: 200 })
      .toBe(0);
  });
});

describe('the network', () => {
  const reaches = async (from: string, address: string): Promise<boolean> =>
    (await onHost(from, ['ping', '-c1', '-W1', address])).code === 0;

  it('can be cut for one host, and mended', async () => {
    await cutNetwork('redis-02');
    expect(await reaches('redis-02', '10.0.0.123')).toBe(false);
    expect((await overSsh({ address: '10.0.0.124' }, 'true')).code).toBe(255);
    await restoreNetwork('redis-02');
    expect(await reaches('redis-02', '10.0.0.123')).toBe(true);
  });

  it('can be cut between two hosts that others still reach', async () => {
    await cutBetween('redis-01', 'redis-02');
    expect(await reaches('redis-01', '10.0.0.124')).toBe(false);
    expect(await reaches('redis-03', '10.0.0.124')).toBe(true);
    await restoreNetwork('redis-01');
    await restoreNetwork('redis-02');
    expect(await reaches('redis-01', '10.0.0.124')).toBe(true);
  });

  it('can be made slow', async () => {
    await slowNetwork('redis-03', 8_000);
    const started = performance.now();
    await overSsh({ address: '10.0.0.125' }, 'head -c 1000000 /dev/zero');
    expect(performance.now() - started).toBeGreaterThan(800);
    await restoreNetwork('redis-03');
  });
});

describe('a command on a host', () => {
  it('gets its input, and its status and output come back', async () => {
    const result = await onHost('redis-01', 'cat; echo oops >&2; exit 3', { stdin: 'in' });
    expect(result).toEqual({ code: 3, stdout: 'in', stderr: 'oops\n' });
  });

  it('is killed with what it started when it takes too long', async () => {
    await expect(onHost('redis-01', 'sleep 987', { timeoutMs: 300 })).rejects.toThrow('did not end within 300 ms');
    await expect.poll(() => answerOf('redis-01', 'pgrep --full "^sleep 987" || echo none')).toBe('none');
  });

  it('on an unknown host is refused by name', async () => {
    await expect(onHost('redis-04', 'true')).rejects.toThrow(
      'has no host redis-04; it has redis-01, redis-02, redis-03',
    );
  });
});
