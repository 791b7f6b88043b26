import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { withEnvFile } from '../../src/cli/env-file.ts';

let folder: string;
const before = process.cwd();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redisops-env-'));
  process.chdir(folder);
});

afterEach(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true });
});

it('puts what .env says below the environment', async () => {
  await writeFile('.env', '# Bot token\n#SLACK_CHANNEL=\nPORT=1\nLOG_LEVEL="debug" # loud\nSTATE_DIR=~/state\n');
  expect(withEnvFile({ PORT: '2', HOME: '/root' })).toEqual({
    PORT: '2',
    HOME: '/root',
    LOG_LEVEL: 'debug',
    STATE_DIR: '~/state',
  });
});

it('needs no file, and says when there is one that cannot be read', async () => {
  expect(withEnvFile({ PORT: '2' })).toEqual({ PORT: '2' });
  await mkdir('.env');
  expect(() => withEnvFile({})).toThrow(/^\.env cannot be read/);
});
