import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleRepository } from '../../../lab/example-repository.ts';
import { writeFiles } from '../../../lab/write-files.ts';
import { main } from '../../../src/cli.ts';
import { isGenuine } from '../../../src/domain/audit/chain.ts';
import { ownRedis } from '../../adapters/own-redis.ts';
import { terminalOutput } from '../../terminal-output.ts';

let server: Awaited<ReturnType<typeof ownRedis>>;
let repository = '';
const output = terminalOutput();

beforeAll(async () => {
  server = await ownRedis();
  repository = await mkdtemp(join(tmpdir(), 'redisops-cli-'));
  await writeFiles(repository, exampleRepository({ password: 'x', replication: true }));
});

afterAll(async () => {
  await server.end();
  await rm(repository, { recursive: true });
});

async function run(...line: readonly string[]): Promise<number> {
  output.stdout = '';
  return main([...line, '--repo', repository], { STATE_DIR: server.stateDir, NO_COLOR: '1' });
}

const segment = () => join(server.stateDir, 'audit', '000000000001.jsonl');

describe('redisops audit', () => {
  it('shows what the command line did, and finds what was changed or cut', async () => {
    expect(await run('audit')).toBe(0);
    expect(output.stdout).toContain('No entries yet.');
    expect(await run('unlock')).toBe(3);
    expect(await run('lock', 'new disks')).toBe(0);
    expect(await run('unlock')).toBe(0);

    expect(await run('audit')).toBe(0);
    expect(output.stdout).toMatch(
      /All 3 entries are as they were written\.[^]*unlock; it was locked by[^]*lock: new disks[^]*NOT_LOCKED/,
    );
    expect(output.stdout).not.toContain('Not compared');

    expect(await run('audit', '--export')).toBe(0);
    const lines = output.stdout.trimEnd().split('\n');
    expect([lines.length, lines.every(isGenuine)]).toEqual([3, true]);

    const whole = await readFile(segment(), 'utf8');
    await writeFile(segment(), whole.replace('new disks', 'old disks'));
    expect(await run('audit')).toBe(1);
    expect(output.stdout).toMatch(/AUDIT_BROKEN[^]*Entry 2 was changed: 000000000001\.jsonl, line 2\./);
    expect(await run('audit', '--export')).toBe(1);
    expect(output.stderr).toContain('AUDIT_BROKEN: entry 2 was changed');

    // Cut at the end, with the head: the queue’s Redis still has it.
    await writeFile(segment(), `${lines.slice(0, 2).join('\n')}\n`);
    await rm(join(server.stateDir, 'audit', 'head.json'));
    expect(await run('audit', '--json')).toBe(1);
    expect(JSON.parse(output.stdout)).toMatchObject({
      verified: false,
      code: 'AUDIT_BROKEN',
      head: { number: 2 },
      problems: [{ entry: 3, message: 'entry 3 is cut from the end: the queue’s Redis has them' }, { entry: 2 }],
    });

    // What follows does not heal it.
    expect(await run('lock', 'again')).toBe(0);
    expect(await run('audit')).toBe(1);
    expect(output.stdout).toContain('Entry 3 is not the one that the queue’s Redis has.');
  });

  it('takes either --json or --export', async () => {
    expect(await run('audit', '--json', '--export')).toBe(64);
  });
});
