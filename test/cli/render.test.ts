import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeFiles } from '../../lab/write-files.ts';
import { main } from '../../src/cli.ts';
import { terminalOutput } from '../terminal-output.ts';
import { THREE_HOSTS } from '../desired/repository.ts';

const TEMPLATE = 'ansible/roles/redis/templates/redis.conf.j2';
const CONF = 'bind 0.0.0.0\nport 6379\ndir /data/redis\nrequirepass pw\nmasterauth pw\n';

let repository = '';
const output = terminalOutput();

beforeEach(async () => {
  repository = await mkdtemp(join(tmpdir(), 'redisops-render-'));
  await writeFiles(repository, {
    'redisops.yml': `clusters:\n  redis:\n    template: ${TEMPLATE}\n`,
    'ansible/inventory/hosts.yml': THREE_HOSTS,
  });
});

afterEach(() => rm(repository, { recursive: true }));

async function rendered(template: string): Promise<number> {
  await writeFiles(repository, { [TEMPLATE]: template });
  return main(['render', 'redis-01', '--reveal', '--repo', repository], { STATE_DIR: join(repository, 'state') });
}

it.each([
  ['a directive that Redis does not know', `${CONF}mxamemory 1gb\n`, `${TEMPLATE}:6:1: prints “mxamemory”`],
  ['a byte order mark', `\uFEFF${CONF}`, `${TEMPLATE}:1:1: prints a byte order mark`],
])('prints %s, and says that check and plan refuse it', async (_, template, mistake) => {
  expect(await rendered(template)).toBe(0);
  expect(output.stdout).toBe(template);
  expect(output.stderr).toContain('refused by check and plan');
  expect(output.stderr).toContain(mistake);
});

it('says nothing beside a file without mistakes', async () => {
  expect(await rendered(CONF)).toBe(0);
  expect(output.stdout).toBe(CONF);
  expect(output.stderr).toBe('');
});
