import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const ROOT = resolve(import.meta.dirname, '../..');
const WORKFLOWS = join(ROOT, '.github/workflows');

const step = z.looseObject({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const workflow = z.looseObject({
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(
    z.string(),
    z.looseObject({ permissions: z.record(z.string(), z.string()).optional(), steps: z.array(step) }),
  ),
});
const packed = z.array(z.looseObject({ files: z.array(z.looseObject({ path: z.string() })) }));

const workflows = readdirSync(WORKFLOWS).map((file) => ({
  ...workflow.parse(parse(readFileSync(join(WORKFLOWS, file), 'utf8'))),
  file,
}));
const steps = workflows.flatMap(({ jobs }) => Object.values(jobs).flatMap((job) => job.steps));

describe('a release', () => {
  it('uses every action by its digest, which nobody can move', () => {
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((each) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(each))).toEqual([]);
  });

  it('runs no install script, and leaves no token in a checkout', () => {
    const installs = steps.flatMap(({ run }) => (run?.includes('npm ci') ? [run] : []));
    expect(installs.length).toBeGreaterThan(0);
    expect(installs.filter((run) => !run.includes('--ignore-scripts'))).toEqual([]);
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.filter((each) => each.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  it('builds where nothing can be written, and writes where nothing is built', () => {
    const release = workflows.find(({ file }) => file === 'release.yml');
    expect(release?.permissions).toEqual({});
    expect(Object.keys(release?.jobs ?? {})).toEqual(['build', 'publish']);
    const [build, publish] = Object.values(release?.jobs ?? {});
    expect(build?.permissions).toEqual({ contents: 'read' });
    expect(publish?.permissions).toEqual({ contents: 'write', 'id-token': 'write', attestations: 'write' });
    const ran = publish?.steps.flatMap(({ run = '', uses = '' }) => [run, uses]).join('\n') ?? '';
    expect(ran).not.toMatch(/npm|node|checkout/);
    expect(ran).toContain('attest-build-provenance');
  });

  it('has a lock file that names no server, with a digest for each package but those of other platforms', () => {
    const { packages } = z
      .object({
        packages: z.record(
          z.string(),
          z.looseObject({ integrity: z.string().optional(), optional: z.boolean().optional() }),
        ),
      })
      .parse(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')));
    const dependencies = Object.entries(packages).filter(([path]) => path !== '');
    expect(dependencies.filter(([, each]) => 'resolved' in each).map(([path]) => path)).toEqual([]);
    const unnamed = dependencies.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'));
    expect(unnamed.filter(([path, { optional }]) => !optional || existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('holds what users need, and nothing else', () => {
    const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const paths = packed.parse(JSON.parse(output)).flatMap(({ files }) => files.map(({ path }) => path));
    const needed =
      /^(?:package\.json|README\.md|CHANGELOG\.md|LICENSE|\.env\.example|slack-manifest\.yml|docs\/.*\.(?:md|json)|dist\/src\/(?:cli\.js(?:\.map)?|chunks\/[^/]+))$/;
    expect(paths.filter((path) => !needed.test(path))).toEqual([]);
    expect(paths).toEqual(expect.arrayContaining(['README.md', 'docs/security.md', 'docs/how/restart.md']));
    expect(paths.length).toBeLessThan(200);
  });
});
