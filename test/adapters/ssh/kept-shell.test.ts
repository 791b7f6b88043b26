import { PassThrough } from 'node:stream';
import type { ClientChannel, ServerChannel } from 'ssh2';
import { describe, expect, it, vi } from 'vitest';
import { KeptShell } from '../../../src/adapters/ssh/kept-shell.ts';
import { sh } from '../../../src/domain/shell.ts';
import { runWith, sshServer, type TestServer } from '../ssh-server.ts';

/** A server that remembers its sessions. */
async function withChannels(): Promise<TestServer & { channels: ServerChannel[] }> {
  const channels: ServerChannel[] = [];
  const server = await sshServer({
    onCommand: (line, channel) => {
      channels.push(channel);
      runWith('/bin/sh', ['-c', line], channel);
    },
  });
  return { ...server, channels };
}

describe('the root shell that a script leaves', () => {
  it('runs the next ones, each with its own status, output and environment', async () => {
    const { nodes, node, commands } = await sshServer();
    const session = await nodes.connect(node);
    await session.run(sh`true`);
    const first = await session.run(sh`echo out; echo err >&2; cd /tmp; leaked=yes; exit 7`);
    const second = await session.run(sh`printf '%s|' "$leaked" "$@"; cat`, { parameters: ['a b'] });
    const third = await session.run(sh`kill -TERM $$`);
    expect([first, second]).toEqual([
      { status: 7, stdout: 'out\n', stderr: 'err\n' },
      { status: 0, stdout: '|a b|', stderr: '' },
    ]);
    expect(third.status).toBe(143);
    expect(commands).toHaveLength(2);
  });

  it('gives a script its input, and ends with it', async () => {
    const { nodes, node, commands } = await sshServer();
    const session = await nodes.connect(node);
    await session.run(sh`true`);
    await session.run(sh`true`);
    expect(await session.run(sh`cat; exit 3`, { input: 'text' })).toMatchObject({ status: 3, stdout: 'text' });
    expect(commands).toHaveLength(2);
    await session.run(sh`true`);
    expect(commands).toHaveLength(3);
  });

  it('serves one script at a time', async () => {
    const { nodes, node } = await sshServer();
    const session = await nodes.connect(node);
    await session.run(sh`true`);
    const numbers = Array.from({ length: 30 }, (_, number) => String(number));
    const said = numbers.map((number) => session.run(sh`echo "$1"`, { parameters: [number] }));
    expect((await Promise.all(said)).map(({ stdout }) => stdout)).toEqual(numbers.map((number) => `${number}\n`));
  });

  it('is made anew once it has ended, whatever ended it', async () => {
    const { nodes, node, channels, commands } = await withChannels();
    const session = await nodes.connect(node);
    await session.run(sh`true`);
    await session.run(sh`true`);
    channels[1]?.exit(0);
    channels[1]?.end();
    expect(await session.run(sh`echo again`)).toMatchObject({ status: 0, stdout: 'again\n' });
    expect(commands).toHaveLength(3);
  });

  it('is not left by a script that took too long', async () => {
    const { nodes, node, commands } = await sshServer();
    const session = await nodes.connect(node);
    await session.run(sh`true`);
    await expect(session.run(sh`sleep 5`, { timeoutMs: 300 })).rejects.toMatchObject({ code: 'COMMAND_TIMEOUT' });
    expect(await session.run(sh`echo next`)).toMatchObject({ status: 0, stdout: 'next\n' });
    expect(commands).toHaveLength(3);
  });

  it('is one, however many scripts ran at once', async () => {
    const open = new Set<ServerChannel>();
    const { nodes, node, commands } = await sshServer({
      onCommand: (line, channel) => {
        open.add(channel);
        channel.once('close', () => open.delete(channel));
        runWith('/bin/sh', ['-c', line], channel);
      },
    });
    const session = await nodes.connect(node);
    await session.run(sh`true`);
    await session.run(sh`true`);
    await Promise.all([session.run(sh`sleep 0.1`), session.run(sh`sleep 0.1`), session.run(sh`sleep 0.1`)]);
    await vi.waitFor(() => expect(open.size).toBe(1));
    expect(commands.length).toBeGreaterThan(2);
  });

  it('is not left by the first script: its input ends at once', async () => {
    const { nodes, node, channels } = await withChannels();
    const session = await nodes.connect(node);
    await session.run(sh`true`);
    expect(channels[0]?.writable).toBe(false);
  });
});

describe('a kept shell', () => {
  /** As much of a channel as is used here. */
  function channel(): ClientChannel {
    const stream = Object.assign(new PassThrough(), { stderr: new PassThrough() });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only ends, resumes and closes.
    return stream as unknown as ClientChannel;
  }

  it('ends after a time without a script', async () => {
    const shell = new KeptShell(20);
    const kept = channel();
    shell.keep(kept);
    await vi.waitFor(() => expect(kept.writableEnded).toBe(true));
    expect(shell.take()).toBeNull();
  });

  it('is the only one: a second one ends', () => {
    const shell = new KeptShell();
    const [first, second] = [channel(), channel()];
    shell.keep(first);
    shell.keep(second);
    expect(second.writableEnded).toBe(true);
    expect(shell.take()).toBe(first);
    expect(shell.take()).toBeNull();
  });
});
