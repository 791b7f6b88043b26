import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type AddressInfo, type Server } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ServerChannel } from 'ssh2';
import { sshNodes } from '../../../src/adapters/ssh/ssh.ts';
import { asRedisopsError } from '../../../src/domain/error.ts';
import { SensitiveText } from '../../../src/domain/secret.ts';
import { answering, ending, newKey, runWith, sshServer, type TestServer } from '../ssh-server.ts';
import { bash, sh, type Script } from '../../../src/domain/shell.ts';

/** Those installed on this machine. */
const SHELLS = ['sh', 'bash', 'fish', 'tcsh', 'zsh'].filter((shell) => !spawnSync(shell, ['-c', 'true']).error);

async function codeOf(outcome: Promise<unknown>): Promise<string> {
  return outcome.then(
    () => 'no error',
    (error: unknown) => asRedisopsError(error).code,
  );
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port.
  return (server.address() as AddressInfo).port;
}

/** A server that accepts connections and stays silent. */
function silentPort(): Promise<number> {
  return listening(createServer((socket) => onTestFinished(() => void socket.destroy())));
}

describe('connecting', () => {
  it('shares one connection among all callers, at once and later', async () => {
    const { nodes, node, connections } = await sshServer();
    await Promise.all([nodes.connect(node), nodes.connect(node), nodes.connect(node)]);
    await nodes.connect({ ...node });
    expect(connections).toHaveLength(1);
  });

  it('makes a broken connection anew', async () => {
    const { nodes, node, connections } = await sshServer();
    const session = await nodes.connect(node);
    connections[0]?.end();
    expect(await codeOf(session.run(sh`sleep 5`))).toBe('SSH_UNREACHABLE');
    const { stdout } = await (await nodes.connect(node)).run(sh`echo back`);
    expect(stdout).toBe('back\n');
    expect(connections).toHaveLength(2);
  });

  it('tries again after a failure', async () => {
    const { nodes, node, settings } = await sshServer({ knownKey: 'ssh-ed25519 AAAA' });
    expect(await codeOf(nodes.connect(node))).toBe('SSH_HOST_KEY');
    expect(await codeOf(nodes.connect(node))).toBe('SSH_HOST_KEY');
    await writeFile(settings.knownHostsFile, '');
    expect(await codeOf(nodes.connect(node))).toBe('SSH_HOST_KEY');
  });

  it('refuses a host whose key is not the known one', async () => {
    const { nodes, node, commands } = await sshServer({ knownKey: newKey().public.trim() });
    const error = await nodes.connect(node).catch(asRedisopsError);
    expect(error).toMatchObject({
      code: 'SSH_HOST_KEY',
      message: expect.stringContaining('is not the known one'),
    });
    expect(commands).toEqual([]);
  });

  it('refuses a host that has only keys of another type', async () => {
    const { nodes, node } = await sshServer({ knownKey: 'ecdsa-sha2-nistp256 AAAA' });
    expect(await codeOf(nodes.connect(node))).toBe('SSH_HOST_KEY');
  });

  it('refuses a key that is revoked', async () => {
    const key = newKey().public.trim();
    const { nodes, node, settings } = await sshServer({ knownKey: key });
    await appendFile(settings.knownHostsFile, `@revoked [127.0.0.1]:${node.sshPort} ${key}\n`);
    expect(await codeOf(nodes.connect(node))).toBe('SSH_HOST_KEY');
  });

  it('finds a host by its inventory name if its address is not in the file', async () => {
    const key = newKey();
    const { nodes, node, settings } = await sshServer();
    await writeFile(settings.knownHostsFile, `[redis-02]:${node.sshPort} ${key.public.trim()}\n`);
    const error = await nodes.connect(node).catch(asRedisopsError);
    expect(error).toMatchObject({ message: expect.stringContaining('is not the known one') });
  });

  it('says when the node refuses the key', async () => {
    const { nodes, node } = await sshServer({ refuseKeys: true });
    expect(await codeOf(nodes.connect(node))).toBe('SSH_AUTH');
  });

  it('gives up on a node that accepts the connection and stays silent', async () => {
    const { nodes, node, settings } = await sshServer();
    const port = await silentPort();
    await appendFile(settings.knownHostsFile, `[127.0.0.1]:${port} ssh-ed25519 AAAA\n`);
    const startedAt = performance.now();
    expect(await codeOf(nodes.connect({ ...node, sshPort: port }))).toBe('SSH_TIMEOUT');
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('says when nothing listens', async () => {
    const { nodes, node, settings } = await sshServer();
    await appendFile(settings.knownHostsFile, '[127.0.0.1]:1 ssh-ed25519 AAAA\n');
    expect(await codeOf(nodes.connect({ ...node, sshPort: 1 }))).toBe('SSH_UNREACHABLE');
  });

  it.each([
    ['a key file that is not there', { privateKeyFile: '/nonexistent/key' }],
    ['a key file that holds no key', { privateKeyFile: '/etc/hostname' }],
    ['a known_hosts file that is not there', { knownHostsFile: '/nonexistent/known_hosts' }],
  ])('names a wrong setting: %s', async (_, wrong) => {
    const { node, settings } = await sshServer();
    expect(await codeOf(sshNodes({ ...settings, ...wrong }).connect(node))).toBe('SETTINGS_INVALID');
  });

  it('closes every connection at the end', async () => {
    const { nodes, node, connections } = await sshServer();
    await nodes.connect(node);
    const closed = new Promise<void>((resolve) => connections[0]?.on('close', () => resolve()));
    await nodes.close();
    await closed;
    expect(connections).toHaveLength(1);
  });
});

describe('running a script', () => {
  it('answers with status, output and errors', async () => {
    const { nodes, node } = await sshServer();
    const session = await nodes.connect(node);
    const result = await session.run(sh`echo out; echo err >&2; cat; exit 3`, { input: new SensitiveText('secret') });
    expect(result).toEqual({ status: 3, stdout: 'out\nsecret', stderr: 'err\n' });
  });

  it('keeps every parameter unchanged, whatever it contains', async () => {
    const { nodes, node } = await sshServer();
    const session = await nodes.connect(node);
    const letters = fc.constantFrom("'", '"', '$', '\\', '`', ' ', '\n', ';', '*', '!', '-', 'é', 'a');
    const words = fc.array(fc.string({ unit: letters }));
    await fc.assert(
      fc.asyncProperty(words, async (parameters) => {
        const { stdout } = await session.run(sh`for each; do printf '%s\0' "$each"; done`, { parameters });
        expect(stdout.split('\0').slice(0, -1)).toEqual(parameters);
      }),
      { numRuns: 30, examples: [[["'; reboot; '", '$(reboot)', '`reboot`', '-n', '\n', '"', '\\', '']]] },
    );
  });

  it('uses one short command line for all, without a word that a shell could interpret', async () => {
    const { nodes, node, commands } = await sshServer();
    const session = await nodes.connect(node);
    await session.run(sh`cat; echo canary-9d1`, { input: 'canary-9d2', parameters: ['canary-9d3'], timeoutMs: 2500 });
    await session.stream(bash`true`, {}, async () => {});
    await (await session.hold(sh`echo held`)).release();
    expect(new Set(commands)).toEqual(new Set(['/bin/sh -s redisops']));
  });

  it('shows neither script nor parameters to a process list', async () => {
    const { nodes, node } = await sshServer();
    const session = await nodes.connect(node);
    const script = sh`tr '\0' ' ' <"/proc/$$/cmdline"; tr '\0' ' ' <"/proc/$PPID/cmdline"`;
    const { stdout } = await session.run(script, { parameters: ['canary-9d1'] });
    expect(stdout).toBe(
      `/bin/sh -c eval "$REDISOPS_SCRIPT" redisops timeout -k 2 16 /bin/sh -c eval "$REDISOPS_SCRIPT" redisops `,
    );
    expect((await session.run(sh`env`)).stdout).not.toContain('REDISOPS');
  });

  it('uses sudo for everyone except root', async () => {
    const { nodes, node, commands } = await sshServer({ onCommand: answering({}) });
    await (await nodes.connect(node)).run(sh`true`);
    await (await nodes.connect({ ...node, sshUser: 'ops' })).run(sh`true`);
    expect(commands).toEqual(['/bin/sh -s redisops', 'sudo -n /bin/sh -s redisops']);
  });

  it.each([
    ['sudo: a password is required\n', 1, 'SUDO_REFUSED'],
    ['sudo: a terminal is required to read the password\n', 1, 'SUDO_REFUSED'],
    ['sudo: sorry, you must have a tty to run sudo\n', 1, 'SUDO_REFUSED'],
    ['ops is not in the sudoers file.\n', 1, 'SUDO_REFUSED'],
    ["Sorry, user ops is not allowed to execute '/bin/sh -s redisops' as root on redis-02.\n", 1, 'SUDO_REFUSED'],
    ['Sorry, user ops may not run sudo on redis-02.\n', 1, 'SUDO_REFUSED'],
    ['bash: line 1: sudo: command not found\n', 127, 'SUDO_REFUSED'],
    ['Welcome to prod\nsudo: a password is required\n', 1, 'SUDO_REFUSED'],
    ['This account is currently not available.\n', 1, 'COMMAND_FAILED'],
    ['', 0, 'COMMAND_FAILED'],
  ])('says why it never began: %j', async (stderr, status, code) => {
    const { nodes, node } = await sshServer({ onCommand: ending({ stderr, status }) });
    const session = await nodes.connect(node);
    for (const outcome of [
      session.run(sh`true`),
      session.hold(sh`true`),
      session.stream(sh`true`, {}, async () => {}),
    ]) {
      const error = await outcome.catch(asRedisopsError);
      expect(error).toMatchObject({ code });
      if (code === 'COMMAND_FAILED')
        expect(error).toMatchObject({ message: expect.stringContaining(stderr.trim() || 'nothing') });
    }
  });

  it.each([
    ['sudo: unable to resolve host redis-02: Name or service not known\n', 1],
    ['grep: /etc/shadow: a password is required\n', 1],
    ['sudo: a password is required\n', 0],
    ['sudo: a password is required\n', 1],
  ])('does not take what a script says for sudo’s words: %s', async (stderr, status) => {
    const { nodes, node } = await sshServer();
    const script = sh`printf '%s' "$1" >&2; exit "$2"`;
    const result = await (await nodes.connect(node)).run(script, { parameters: [stderr, String(status)] });
    expect(result).toEqual({ status, stdout: '', stderr });
  });

  it.each([
    ['before', 'echo WELCOME to prod; echo warn >&2; eval "$0"'],
    ['without an end of line', 'printf "held "; printf "sudo: " >&2; eval "$0"'],
    ['after', 'eval "$0"; status=$?; echo bye; echo bye >&2; exit $status'],
    ['much', 'head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2; eval "$0"'],
  ])('tells a script’s words from those of a login shell that prints %s', async (_, shell) => {
    const { nodes, node } = await sshServer({
      onCommand: (line, channel) => runWith('/bin/sh', ['-c', shell, line], channel),
    });
    const session = await nodes.connect(node);
    const script = sh`echo out; echo err >&2; cat; exit 3`;
    expect(await session.run(script, { input: 'in' })).toEqual({ status: 3, stdout: 'out\nin', stderr: 'err\n' });
    const chunks: Uint8Array[] = [];
    const streamed = await session.stream(script, { input: 'in' }, async (chunk) => void chunks.push(chunk));
    expect([streamed, Buffer.concat(chunks).toString()]).toEqual([{ status: 3, stderr: 'err\n' }, 'out\nin']);
    const hold = await session.hold(sh`echo held; read -r _`);
    expect(hold.firstLine).toBe('held');
    await hold.release();
  });

  it.each(SHELLS)('works with %s as the login shell', async (shell) => {
    const { nodes, node } = await sshServer({ onCommand: (line, channel) => runWith(shell, ['-c', line], channel) });
    const session = await nodes.connect(node);
    const result = await session.run(sh`printf '%s' "$1"; exit 3`, { parameters: [`it's $HOME`] });
    expect(result).toEqual({ status: 3, stdout: `it's $HOME`, stderr: '' });
  });

  it('gives scripts the same environment, whatever the login shell set', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'redisops-ssh-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const noise = join(folder, 'bashrc');
    await writeFile(noise, 'echo WELCOME; echo warn >&2; umask 077\n');
    const shell = `export BASH_ENV=${noise} LC_ALL=de_DE.UTF-8; umask 077; eval "$0"`;
    const { nodes, node } = await sshServer({
      onCommand: (line, channel) => runWith('/bin/sh', ['-c', shell, line], channel),
    });
    const session = await nodes.connect(node);
    for (const script of [sh`umask; echo "$LC_ALL"`, bash`umask; echo "$LC_ALL"`])
      expect(await session.run(script)).toEqual({ status: 0, stdout: '0022\nC\n', stderr: '' });
  });

  it('gives up on a script that does not end, and kills it on the node', async () => {
    const { nodes, node } = await sshServer();
    const session = await nodes.connect(node);
    const startedAt = performance.now();
    const script = sh`echo $$; exec 2>/dev/null; sleep 60`;
    expect(await codeOf(session.run(script, { timeoutMs: 300 }))).toBe('COMMAND_TIMEOUT');
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    // The connection is still usable.
    expect((await session.run(sh`echo still`)).stdout).toBe('still\n');
  });

  it('has the node itself end what outlives its limit', async () => {
    const inputs: string[] = [];
    const { nodes, node } = await sshServer({ onCommand: answering((input) => (inputs.push(input), {})) });
    await (await nodes.connect(node)).run(sh`true`, { timeoutMs: 2500 });
    expect(inputs[0]).toContain('timeout -k 2 4 /bin/sh ');
  });

  it('gives up a node that does not answer to a request, together with its connection', async () => {
    const { nodes, node, connections } = await sshServer({ silentSessions: true });
    const session = await nodes.connect(node);
    expect(await codeOf(session.run(sh`true`, { timeoutMs: 200 }))).toBe('COMMAND_TIMEOUT');
    await nodes.connect(node);
    expect(connections).toHaveLength(2);
  });

  it('says when the node opens no session', async () => {
    const { nodes, node } = await sshServer({ refuseSessions: true });
    expect(await codeOf((await nodes.connect(node)).run(sh`true`))).toBe('SSH_SESSION_REFUSED');
  });

  it('treats a channel that closes without a status as a lost connection', async () => {
    const { nodes, node } = await sshServer({ onCommand: (_, channel) => channel.close() });
    expect(await codeOf((await nodes.connect(node)).run(sh`true`))).toBe('SSH_UNREACHABLE');
  });

  it('keeps 4 MiB of what a script prints, and no more', async () => {
    const { nodes, node } = await sshServer();
    const { stdout } = await (await nodes.connect(node)).run(sh`head -c 6000000 /dev/zero`);
    expect(stdout).toHaveLength(4 * 1024 * 1024);
  });

  it('reports a connection closed underneath it', async () => {
    const { nodes, node } = await sshServer();
    const session = await nodes.connect(node);
    await nodes.close();
    expect(await codeOf(session.run(sh`true`))).toBe('SSH_UNREACHABLE');
    expect(await codeOf(session.hold(sh`true`))).toBe('SSH_UNREACHABLE');
    expect(await codeOf(session.redis(undefined))).toBe('SSH_UNREACHABLE');
  });
});

describe('many sessions at once', () => {
  it('are limited to what sshd allows: the others wait their turn', async () => {
    const open = new Set<ServerChannel>();
    let most = 0;
    const { nodes, node } = await sshServer({
      onCommand: (line, channel) => {
        open.add(channel);
        most = Math.max(most, open.size);
        setImmediate(() => {
          open.delete(channel);
          answering((input) => ({ stdout: /set -- (\d+)/.exec(input)?.[1] ?? '' }))(line, channel);
        });
      },
    });
    const session = await nodes.connect(node);
    const numbers = Array.from({ length: 40 }, (_, index) => String(index + 10));
    const results = await Promise.all(numbers.map((number) => session.run(sh`true`, { parameters: [number] })));
    expect(results.map(({ stdout }) => stdout)).toEqual(numbers);
    expect(most).toBeLessThanOrEqual(8);
  });

  it('do not wait longer than their limit, and leave the connection to the others', async () => {
    const { nodes, node } = await sshServer();
    const session = await nodes.connect(node);
    const script = sh`echo held; while read -r _; do :; done`;
    const holds = await Promise.all(Array.from({ length: 8 }, () => session.hold(script)));
    expect(await codeOf(session.run(sh`true`, { timeoutMs: 50 }))).toBe('COMMAND_TIMEOUT');
    const waiting = session.run(sh`echo my turn`);
    await holds[0]?.release();
    expect((await waiting).stdout).toBe('my turn\n');
    await Promise.all(holds.map((hold) => hold.release()));
  });

  it('are retried while sshd still counts ended ones', async () => {
    const { nodes, node, commands } = await sshServer({ refuseSessions: 3 });
    const session = await nodes.connect(node);
    const results = await Promise.all([session.run(sh`echo one`), session.run(sh`echo two`)]);
    expect(results.map(({ stdout }) => stdout)).toEqual(['one\n', 'two\n']);
    expect(commands).toHaveLength(2);
  });

  it('get their turn back from what failed', async () => {
    const { nodes, node } = await sshServer({ refuseSessions: true });
    const session = await nodes.connect(node);
    const outcomes = Array.from({ length: 20 }, () => codeOf(session.run(sh`true`)));
    expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['SSH_SESSION_REFUSED']));
  });
});

describe('holding', () => {
  it('answers with the first line, and lets go at release', async () => {
    const { nodes, node } = await sshServer();
    const session = await nodes.connect(node);
    const hold = await session.hold(sh`echo "held by $1"; echo more; while read -r _; do :; done`, {
      parameters: ['me'],
    });
    expect(hold.firstLine).toBe('held by me');
    expect(hold.lost.aborted).toBe(false);
    await hold.release();
    await hold.release();
  });

  it.each<[what: string, script: Script, end: (server: TestServer) => void]>([
    ['the connection breaks', sh`echo held; read -r _`, ({ connections }) => connections[0]?.end()],
    ['the script ends', sh`echo held`, () => {}],
  ])('says that it is lost when %s', async (_, script, end) => {
    const server = await sshServer();
    const hold = await (await server.nodes.connect(server.node)).hold(script);
    const lost = hold.lost.aborted || new Promise((resolve) => hold.lost.addEventListener('abort', resolve));
    end(server);
    await lost;
    expect(hold.lost.aborted).toBe(true);
  });

  it('is lost after a sleep of this machine, before the node says so', async () => {
    const { nodes, node } = await sshServer();
    const session = await nodes.connect(node);
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const hold = await session.hold(sh`echo held; while read -r _; do :; done`);
    vi.advanceTimersByTime(60_000);
    expect(hold.lost.aborted).toBe(false);
    vi.setSystemTime(Date.now() + 26_000);
    vi.advanceTimersByTime(1000);
    expect(hold.lost.aborted).toBe(true);
    await hold.release();
  });

  it('keeps what the script says before it ends at once', async () => {
    const { nodes, node } = await sshServer();
    const hold = await (await nodes.connect(node)).hold(sh`echo "busy run-1"`);
    expect(hold.firstLine).toBe('busy run-1');
    await hold.release();
  });

  it.each([
    ['a script that fails', sh`exit 3`, {}, 'COMMAND_FAILED'],
    ['sudo', sh``, { onCommand: ending({ stderr: 'sudo: a password is required\n', status: 1 }) }, 'SUDO_REFUSED'],
    ['a node that opens no session', sh``, { refuseSessions: true }, 'SSH_SESSION_REFUSED'],
  ])('does not hold: %s', async (_, script, options, code) => {
    const { nodes, node } = await sshServer(options);
    expect(await codeOf((await nodes.connect(node)).hold(script))).toBe(code);
  });

  it.each([
    ['a script that says nothing', {}],
    ['a node that does not answer', { silentSessions: true }],
  ])('gives up: %s', async (_, options) => {
    const { nodes, node } = await sshServer(options);
    const session = await nodes.connect(node);
    const outcome = session.hold(sh`while read -r _; do :; done`, { timeoutMs: 300 });
    expect(await codeOf(outcome)).toBe('COMMAND_TIMEOUT');
  });
});

describe('the way to Redis', () => {
  const redis = (answer: string): Promise<number> =>
    listening(createServer((socket) => socket.on('error', () => {}).on('data', () => socket.write(answer))));

  it('leads to loopback on the node', async () => {
    const port = await redis('+PONG\r\n');
    const asked: string[] = [];
    const { nodes, node } = await sshServer({ forwardTo: (host) => (asked.push(host), port) });
    const link = await (await nodes.connect(node)).redis(undefined);
    expect(await link.command('PING')).toBe('PONG');
    link.close();
    expect(asked).toEqual(['127.0.0.1']);
  });

  it('falls back to the node’s own address if loopback refuses', async () => {
    const port = await redis('+PONG\r\n');
    const asked: string[] = [];
    const { nodes, node } = await sshServer({
      forwardTo: (host) => {
        asked.push(host);
        return asked.length === 1 ? null : port;
      },
    });
    const link = await (await nodes.connect(node)).redis(undefined);
    expect(await link.command('PING')).toBe('PONG');
    link.close();
    expect(asked).toEqual(['127.0.0.1', node.address]);
  });

  it.each([
    ['nothing listens', { reason: 2, description: 'Connection refused' }, 'REDIS_UNREACHABLE'],
    [
      'it cannot be told whether something listens',
      { reason: 2, description: 'Connection timed out' },
      'REDIS_TIMEOUT',
    ],
    ['no reason is given', { reason: 2, description: '' }, 'REDIS_TIMEOUT'],
    ['sshd forbids it', { reason: 1, description: 'open failed' }, 'SSH_FORWARDING_REFUSED'],
  ])('says why it leads nowhere: %s', async (_, refusal, code) => {
    const { nodes, node } = await sshServer({ refusal });
    expect(await codeOf((await nodes.connect(node)).redis(undefined))).toBe(code);
  });

  it.each([
    [{}, 'Run `systemctl status redis-server.service` on '],
    [{ server: 'valkey' as const }, 'Run `systemctl status valkey-server.service` on '],
    [{ unit: 'redis-sentinel.service' }, 'Run `systemctl status redis-sentinel.service` on '],
  ])('names the unit of %j where nothing listens', async (place, hint) => {
    const { nodes, node } = await sshServer({ refusal: { reason: 2, description: 'Connection refused' } });
    const session = await nodes.connect({ ...node, ...place });
    await expect(session.redis(undefined)).rejects.toMatchObject({ hint: `${hint}${node.name}.` });
  });

  it('leads on after another link was closed', async () => {
    const port = await redis('+OK\r\n');
    const { nodes, node, connections } = await sshServer({ forwardTo: () => port });
    const session = await nodes.connect(node);
    (await session.redis(undefined)).close();
    const link = await session.redis(undefined);
    expect(await link.command('SET', 'a', 'b')).toBe('OK');
    link.close();
    expect(connections).toHaveLength(1);
  });
});
