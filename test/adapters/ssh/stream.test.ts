import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { asRedisopsError } from '../../../src/domain/error.ts';
import type { CommandOptions } from '../../../src/ports/nodes.ts';
import { ending, sshServer, type ServerOptions } from '../ssh-server.ts';
import { sh } from '../../../src/domain/shell.ts';

const MEGABYTES = 24;
const MANY = MEGABYTES * 1024 * 1024;

describe('streaming a script', () => {
  it('passes every byte on, in order, with status and errors at the end', async () => {
    const { nodes, node } = await sshServer();
    const session = await nodes.connect(node);
    const hash = createHash('sha256');
    let bytes = 0;
    const script = sh`head -c "$1" /dev/zero | tr '\0' '\377'; printf end; echo err >&2; exit 3`;
    const result = await session.stream(script, { parameters: [String(MANY)] }, async (chunk) => {
      hash.update(chunk);
      bytes += chunk.length;
    });
    expect(result).toEqual({ status: 3, stderr: 'err\n' });
    expect(bytes).toBe(MANY + 3);
    const expected = createHash('sha256').update(Buffer.alloc(MANY, 0xff)).update('end').digest('hex');
    expect(hash.digest('hex')).toBe(expected);
  });

  it('makes the node wait while a chunk is processed: the rest is not in memory', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'redisops-stream-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const { nodes, node } = await sshServer();
    const session = await nodes.connect(node);
    const marker = join(folder, 'all-was-sent');
    const seen: boolean[] = [];
    await session.stream(sh`head -c "$1" /dev/zero; touch "$2"`, { parameters: [String(MANY), marker] }, async () => {
      if (seen.length > 0) return;
      // Time enough to send everything without back-pressure.
      for (let round = 0; round < 30; round += 1) await session.run(sh`true`);
      seen.push(existsSync(marker));
    });
    expect(seen).toEqual([false]);
    expect(existsSync(marker)).toBe(true);
  });

  it('accepts input', async () => {
    const { nodes, node } = await sshServer();
    const texts: string[] = [];
    await (
      await nodes.connect(node)
    ).stream(sh`cat`, { input: 'word' }, async (chunk) => {
      texts.push(Buffer.from(chunk).toString());
    });
    expect(texts.join('')).toBe('word');
  });

  it('ends with the consumer’s error, and the connection stays usable', async () => {
    const { nodes, node } = await sshServer();
    const session = await nodes.connect(node);
    const full = new Error('disk full');
    const streamed = session.stream(sh`cat /dev/zero`, {}, () => Promise.reject(full));
    await expect(streamed).rejects.toBe(full);
    expect((await session.run(sh`echo there`)).stdout).toBe('there\n');
  });

  it.each<[string, CommandOptions, ServerOptions]>([
    ['COMMAND_TIMEOUT', { timeoutMs: 300 }, {}],
    ['SUDO_REFUSED', {}, { onCommand: ending({ stderr: 'sudo: a password is required\n', status: 1 }) }],
  ])('says %s', async (code, options, server) => {
    const { nodes, node } = await sshServer(server);
    const script = sh`echo begins; sleep 30`;
    const streamed = (await nodes.connect(node)).stream(script, options, () => Promise.resolve());
    expect(
      await streamed.then(
        () => 'no error',
        (error: unknown) => asRedisopsError(error).code,
      ),
    ).toBe(code);
  });

  it('says that the connection was lost, whatever came before', async () => {
    const { nodes, node, connections } = await sshServer();
    const streamed = (await nodes.connect(node)).stream(sh`echo begins; sleep 30`, {}, async () => {
      connections[0]?.end();
    });
    await expect(streamed).rejects.toMatchObject({ code: 'SSH_UNREACHABLE' });
  });
});
