import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditTrail } from '../../lab/audit-trail.ts';
import { exampleRepository } from '../../lab/example-repository.ts';
import { writeFiles } from '../../lab/write-files.ts';
import { main } from '../../src/cli.ts';
import { obstacleHere } from '../../src/cli/lock.ts';
import type { Policy } from '../../src/domain/run/policy.ts';
import { readSettings } from '../../src/settings.ts';
import { connectQueue } from '../../src/adapters/queue/connection.ts';
import { quietLog } from '../adapters/quiet-log.ts';
import { ownRedis } from '../adapters/own-redis.ts';
import { realClock } from '../../src/time/real-clock.ts';
import { terminalOutput } from '../terminal-output.ts';

const OPEN: Policy = { requesters: [], approvers: [], allowOwnApproval: false, approvalMinutes: 30 };
const WEEKEND = { cron: '0 18 * * 5', minutes: 3600, timezone: 'UTC', reason: 'weekend' };

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

function run(line: readonly string[], stateDir = server.stateDir): Promise<number> {
  return main([...line, '--repo', repository, '--json'], { STATE_DIR: stateDir });
}

async function obstacle(breakGlass: string | null, { freeze = [WEEKEND], stateDir = server.stateDir } = {}) {
  const told: string[] = [];
  const context = {
    settings: readSettings({ STATE_DIR: stateDir }),
    clock: { ...realClock, now: () => new Date('2025-11-23T12:00:00Z') },
    tell: (text: string) => void told.push(text),
  };
  const found = await obstacleHere({ cluster: 'redis', policy: { ...OPEN, freeze } }, { breakGlass }, context);
  return { code: found?.code ?? null, told };
}

describe('the command line beside the bot', () => {
  it('sets, honours and ends the bot’s lock', async () => {
    expect(await run(['unlock'])).toBe(3);
    expect(await run(['lock', 'new disks', '--for', '2h'])).toBe(0);
    expect(await run(['lock', 'newer disks'])).toBe(0);
    expect(output.stdout).toContain('newer disks');
    expect(await obstacle('fire')).toEqual({ code: 'CLUSTER_LOCKED', told: [] });
    expect(await run(['unlock'])).toBe(0);
    expect(await obstacle(null, { freeze: [] })).toEqual({ code: null, told: [] });
    const redis = connectQueue(server.address, quietLog());
    const trail = await auditTrail(redis);
    redis.disconnect();
    expect(trail.map(({ what, outcome }) => `${what} → ${outcome}`)).toEqual([
      expect.stringMatching(/^unlock; it was locked by \w+: newer disks → done$/),
      'lock: newer disks → done',
      'lock: new disks → done',
      'unlock → NOT_LOCKED',
    ]);
  });

  it('keeps freezes, unless they are broken', async () => {
    expect(await obstacle(null)).toEqual({ code: 'FROZEN', told: [] });
    expect(await obstacle('fire')).toEqual({ code: null, told: [] });
  });
});

describe('the command line alone', () => {
  it('cannot lock, and says that it does not see locks', async () => {
    expect(await run(['lock', 'disks'], '/nowhere')).toBe(1);
    expect(output.stdout).toContain('QUEUE_FAILED');
    const { code, told } = await obstacle(null, { freeze: [], stateDir: '/nowhere' });
    expect(code).toBeNull();
    expect(told).toEqual([expect.stringMatching(/^Cannot check from here whether the cluster is locked/)]);
  });
});
