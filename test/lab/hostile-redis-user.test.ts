import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { onHost, resetHosts } from '../../lab/hosts.ts';
import { redisCli } from './lab-cluster.ts';
import { on, openHealthyCluster, type Program } from './program.ts';

const HOST = 'redis-02';
const status = z.looseObject({
  nodes: z.array(z.looseObject({ name: z.string(), reachable: z.boolean(), role: z.string().nullable() })),
});

let program: Program;

beforeAll(async () => {
  program = await openHealthyCluster();
});

afterAll(async () => {
  await program.close();
  await resetHosts();
});

const asRedis = (script: string) => on(HOST, `setpriv --reuid=redis --regid=redis --init-groups sh -c '${script}'`);

/** In place of the programs, scripts that note who runs them on what. */
const WATCHED = ['redis-check-rdb', 'find', 'head', 'sed', 'stat'];
const NOTES = '/tmp/notes';
const watch = () =>
  on(
    HOST,
    `: >${NOTES}; chmod 666 ${NOTES}
for name in ${WATCHED.join(' ')}; do
  mv /usr/bin/$name /usr/bin/$name.real
  printf '#!/bin/sh\\necho "$(id -un) ${'$'}{0##*/} $*" >>${NOTES}\\nexec /usr/bin/%s.real "$@"\\n' "$name" >/usr/bin/$name
  chmod 755 /usr/bin/$name
done`,
  );
const unwatch = () =>
  on(HOST, `for name in ${WATCHED.join(' ')}; do mv /usr/bin/$name.real /usr/bin/$name; done; cat ${NOTES}`);

describe('user redis of a node', () => {
  const clean = () =>
    on(HOST, 'rm -rf /data/redis/* /etc/redis/trap.conf /root/secret; sed -i "/trap/d" /etc/redis/redis.conf');

  it('hangs no look with FIFOs, devices, links, and names that mean something', async () => {
    await on(HOST, 'install -d -m 700 /root/secret; printf REDIS0009secret-of-root >/root/secret/dump.rdb');
    await asRedis(
      [
        'cd /data/redis; mkfifo dump.rdb x.aof plain',
        'ln -s /root/secret/dump.rdb root.rdb; ln -s /etc/shadow shadow.aof; ln -s /root/secret secret; ln -s / all',
        'mkdir ./-rf; : >./-rf/-exec; printf REDIS0009 >"./--help.rdb"; printf x >"$(printf "a\\nb.aof")"',
        'printf x >"$(printf "%0240d" 7).aof"; mkfifo /etc/redis/trap.conf; echo "include /etc/redis/trap.conf" >>/etc/redis/redis.conf',
      ].join('; '),
    );
    await on(HOST, 'mknod /data/redis/zero.rdb c 1 5; chown redis /data/redis/zero.rdb');
    const size = await on(HOST, 'stat -c %s /etc/shadow');
    const secret = await on(HOST, 'stat -c %s /root/secret/dump.rdb');
    for (const argv of [['status'], ['plan'], ['doctor'], ['purge']]) {
      const began = performance.now();
      const { stdout, stderr } = await program.run([...argv, '--json']);
      expect([argv, stderr, performance.now() - began < 20_000]).toEqual([argv, '', true]);
      for (const text of [stdout, stderr]) {
        expect(text).not.toMatch(/secret-of-root/);
        expect(text).not.toMatch(new RegExp(`\\b(?:${size}|${secret}) bytes`));
      }
      if (argv[0] === 'status')
        expect(status.parse(JSON.parse(stdout)).nodes.map(({ reachable }) => reachable)).toEqual([true, true, true]);
    }
    await clean();
  });

  it('has no program of root parse what it wrote', async () => {
    await asRedis(
      'cd /data/redis; printf REDIS0009 >dump.rdb; mkdir appendonlydir; printf x >appendonlydir/a.aof; true',
    );
    await watch();
    await program.run(['status']);
    await on(HOST, 'systemctl stop redis-server');
    await program.run(['plan']);
    await program.run(['apply', '--yes']);
    const lines = (await unwatch()).split('\n');
    const inItsFolder = lines.filter((line) =>
      /\/data\/redis\/|redis-check-rdb| find -L|\/etc\/redis\/redis\.conf/.test(line),
    );
    expect(inItsFolder.some((line) => line.startsWith('redis redis-check-rdb'))).toBe(true);
    // Root’s own list of what Git names: no link is followed there.
    const byRoot = inItsFolder.filter(
      (line) => line.startsWith('root ') && !/^root stat (?!.*-L|.*--dereference)/.test(line),
    );
    expect(byRoot).toEqual([]);
    await clean();
    await program.run(['apply', '--yes']);
  });

  it('does not lead root’s hand where /etc/redis is a mount of its own', async () => {
    await on(
      HOST,
      `cp -a /etc/redis /tmp/kept; mount -t tmpfs -o mode=2770,uid=$(id -u redis),gid=$(id -g redis) tmpfs /etc/redis
cp -a /tmp/kept/. /etc/redis/; install -m 600 /dev/null /root/victim; echo untouched >/root/victim`,
    );
    // Swaps everything that root could trust, as fast as it can.
    await on(
      HOST,
      `systemd-run --quiet --unit=attacker --uid=redis sh -c 'cd /etc/redis; while :; do
  for each in .redisops-new* ; do [ -e "$each" ] || continue; rm -rf "$each" || mv "$each" "gone.$$"; ln -s /root "$each"; done
  ln -sfn /root/victim redis.conf.redisops-previous
done 2>/dev/null'`,
    );
    await program.asks({ variables: ['redis_maxmemory: 77mb'] });
    await program.run(['apply', '--yes', '--json']);
    await on(HOST, 'systemctl stop attacker; rm -rf /etc/redis/.redisops-new* /etc/redis/gone.* /etc/redis/*previous');
    expect(
      await on(HOST, 'stat -c "%U %a" /root/victim; cat /root/victim; ls -A /root | grep -c redisops || true'),
    ).toBe('root 600\nuntouched\n0');
    // Without an attacker, the file is written, as its owner.
    const { code, stdout } = await program.run(['apply', '--yes', '--json']);
    expect([code, stdout]).toEqual([0, expect.anything()]);
    expect(await on(HOST, 'stat -c "%U %G %a" /etc/redis/redis.conf; grep ^maxmemory /etc/redis/redis.conf')).toMatch(
      /^redis redis 640\nmaxmemory 77mb/,
    );
    expect(await redisCli(HOST, 'CONFIG', 'GET', 'maxmemory')).toContain(String(77 * 1024 * 1024));
    const { stdout: left } = await onHost(HOST, 'ls -A /etc/redis /run | grep redisops-new');
    expect(left).toBe('');
    expect((await program.run(['plan'])).code).toBe(0);
    await onHost(HOST, 'umount -l /etc/redis');
  });
});
