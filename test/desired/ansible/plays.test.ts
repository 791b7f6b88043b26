import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readDesired } from '../../../src/desired/read-desired.ts';
import { confOf, sourceOf } from '../repository.ts';
import { REPOSITORIES, type Files } from './plays.ts';
import { ANSIBLE } from './real-ansible.ts';
import { ranByAnsible } from './run-play.ts';

async function rendered(files: Files): Promise<Readonly<Record<string, string>>> {
  const desired = await readDesired(sourceOf(files), {});
  return Object.fromEntries(desired.nodes.map(({ name }) => [name, confOf(desired, name)]));
}

const FILE = join(import.meta.dirname, 'expected-plays.json');
/** Set by expect.sh: the installed Ansible’s bytes are kept. */
const RECORDS = process.env['RECORD_PLAYS'] === 'yes';
const KEPT: Record<string, unknown> = JSON.parse(readFileSync(FILE, 'utf8'));

if (RECORDS) afterAll(() => writeFile(FILE, `${JSON.stringify(KEPT, null, 2)}\n`));

describe.each([...REPOSITORIES])('%s', (name, files) => {
  it.runIf(RECORDS)('is recorded', { timeout: 120_000 }, async () => {
    KEPT[name] = await ranByAnsible(files);
    expect(KEPT[name]).toEqual({ 'redis-01': expect.any(String), 'redis-02': expect.any(String) });
  });

  it.skipIf(RECORDS)('has the bytes that Ansible wrote', async () => {
    expect(await rendered(files)).toEqual(KEPT[name]);
  });

  it.skipIf(ANSIBLE === null || RECORDS)('is what the installed Ansible writes', { timeout: 120_000 }, async () => {
    expect(await ranByAnsible(files)).toEqual(KEPT[name]);
  });
});
