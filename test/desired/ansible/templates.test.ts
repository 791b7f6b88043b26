import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANSIBLE, run } from './real-ansible.ts';
import { rendered, REPOSITORY, templates } from './rendered.ts';

const KEPT = join(import.meta.dirname, 'expected');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redisops-templates-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function filesOf(root: string): Promise<Record<string, string>> {
  const names = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const files = names.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [path.slice(root.length + 1), await readFile(path, 'utf8')] as const;
  });
  return Object.fromEntries(await Promise.all(files));
}

describe('the corpus', () => {
  it('has the bytes that Ansible gave for every template and host', async () => {
    const kept = await filesOf(KEPT);
    expect((await templates()).length).toBeGreaterThanOrEqual(30);
    expect(Object.keys(kept)).toHaveLength((await templates()).length * 3);
    expect(Object.fromEntries(await rendered())).toEqual(kept);
  });

  it.skipIf(ANSIBLE === null)('is what the installed Ansible makes of it', { timeout: 120_000 }, async () => {
    const { ok, output } = run('/usr/bin/python3', [join(import.meta.dirname, 'render.py'), REPOSITORY, folder]);
    expect(output).toBe('');
    expect(ok).toBe(true);
    expect(await filesOf(folder)).toEqual(Object.fromEntries(await rendered()));
  });

  it.skipIf(ANSIBLE === null)('is what the template module itself writes', { timeout: 120_000 }, async () => {
    const written = await mkdtemp(join(folder, 'module-'));
    const variables = `output=${written} only=[04][0-5]* ansible_python_interpreter=/usr/bin/python3`;
    const { ok, output } = run(
      'ansible-playbook',
      ['-i', 'inventory/hosts.yml', 'template-module.yml', '-e', variables],
      {
        cwd: join(REPOSITORY, 'ansible'),
      },
    );
    expect({ ok, output: ok ? '' : output }).toEqual({ ok: true, output: '' });
    const files = await filesOf(written);
    expect(Object.keys(files).length).toBeGreaterThanOrEqual(10);
    const ours = await rendered();
    for (const [name, text] of Object.entries(files)) expect(text).toBe(ours.get(`redis-02/${name}`));
  });
});
