import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { opening } from '../src/adapters/ssh/root-shell.ts';
import { bash, sh, type Script } from '../src/domain/shell.ts';

const ROOT = resolve(import.meta.dirname, '..');
const HAS_SHELLCHECK = spawnSync('shellcheck', ['--version']).status === 0;
/** Code that talks to nodes. The rest of the program makes no script, which is tested below. */
const MAKERS = ['src/domain', 'src/observed', 'src/apply', 'src/verify', 'src/adapters/ssh'];

/** Where everything is checked, a missing tool is a failure. */
const CHECKS_ALL = process.env['CI'] === 'true' || HAS_SHELLCHECK;

if (!CHECKS_ALL) process.stderr.write('SKIPPED: shellcheck is not installed (Debian’s package: shellcheck).\n');

let scripts: readonly Script[] = [];
let folder = '';

/** Scripts are made when their files are imported, only by a tag of domain/shell.ts: after this all exist. */
beforeAll(async () => {
  // Scripts of other test files in the same process are not the program’s.
  vi.resetModules();
  for (const file of MAKERS.flatMap((top) => filesOf(top, '.ts'))) await import(join(ROOT, file));
  const { everyScript } = await import('../src/domain/shell.ts');
  scripts = everyScript();
  folder = mkdtempSync(join(tmpdir(), 'redisops-scripts-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('every script that can reach a node', () => {
  it('is found', () => {
    expect(scripts.length).toBeGreaterThan(25);
    for (const known of ['flock -n 9', 'systemctl daemon-reload', '-check-rdb', 'ss --no-header'])
      expect(scripts.some(({ text }) => text.includes(known))).toBe(true);
  });

  it('is a constant of a file that talks to nodes, so that what varies comes as a parameter', () => {
    const placed = ['src', 'commands', 'jobs']
      .flatMap((top) => filesOf(top, '.ts'))
      .flatMap((file) =>
        readFileSync(join(ROOT, file), 'utf8')
          .split('\n')
          .filter((line) => /\b(?:sh|bash)`/.test(line) && !line.startsWith(' *'))
          .map((line) => `${file}: ${line}`),
      );
    expect(placed.length).toBeGreaterThan(25);
    // These assemble scripts from fragments and scripts only.
    const assembled = ['src/observed/host-script.ts:   return sh`', 'src/apply/purge/script.ts:   return sh`'];
    const constant = /^\S+: (?:export )?const [A-Z_]+ = (?:\w+\()?(?:sh|bash)`/;
    expect(placed.filter((line) => !constant.test(line) && !assembled.includes(line))).toEqual([]);
    expect(placed.filter((line) => !MAKERS.some((folder) => line.startsWith(`${folder}/`)))).toEqual([]);
  });

  it('is understood by its interpreter', () => {
    const mistakes = scripts.flatMap(({ interpreter, text }) => {
      const { status, stderr } = spawnSync(`/bin/${interpreter}`, ['-n'], { input: text, encoding: 'utf8' });
      return status === 0 ? [] : [`${stderr}\n${text}`];
    });
    expect(mistakes).toEqual([]);
  });

  it.runIf(CHECKS_ALL)('passes shellcheck', () => {
    expect(
      remarks(scripts.map(({ interpreter, text }, at) => written(`${at}.${interpreter}`, interpreter, text))),
    ).toEqual([]);
  });

  it.runIf(CHECKS_ALL)('is started by what passes shellcheck', () => {
    // A script is one word of it, checked above.
    const files = [sh`true`, bash`true`].flatMap((script) =>
      [{}, { limitSeconds: 16 }].map((limit) => {
        const text = opening({ script, parameters: ['word'], nonce: 'c0ffee', ...limit });
        return written(`${script.interpreter}.${Object.keys(limit).length}`, 'sh', text);
      }),
    );
    expect(files).toHaveLength(4);
    expect(remarks(files)).toEqual([]);
  });
});

describe('the repository’s own shell', () => {
  const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' })
    .split('\n')
    .filter((file) => file.endsWith('.sh') || file === '.ci/run');

  it('is found', () => {
    expect(files.length).toBeGreaterThan(15);
    expect(files).toContain('lab/bin/lab.sh');
  });

  it.each(files)('is understood by bash: %s', (file) => {
    expect(spawnSync('/bin/bash', ['-n', file], { cwd: ROOT, encoding: 'utf8' })).toMatchObject({ status: 0 });
  });

  it.runIf(CHECKS_ALL)('passes shellcheck', () => {
    // Sourced files are checked separately.
    expect(remarks(files, '--exclude=SC1091')).toEqual([]);
  });
});

function written(name: string, interpreter: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, `# shellcheck shell=${interpreter}\n${text}\n`);
  return file;
}

interface Remark {
  file: string;
  line: number;
  code: number;
  message: string;
}

/** shellcheck’s remarks on these files, with the line of each. */
function remarks(files: readonly string[], ...options: readonly string[]): readonly string[] {
  const argv = ['--format=json', ...options, ...files];
  const { stdout, error } = spawnSync('shellcheck', argv, { cwd: ROOT, encoding: 'utf8' });
  if (error) throw error;
  const found = JSON.parse(stdout) as readonly Remark[];
  return found.map(({ file, line, code, message }) => {
    const text = readFileSync(resolve(ROOT, file), 'utf8').split('\n')[line - 1] ?? '';
    return `${file}:${line} SC${code}: ${message}\n${text.trim()}`;
  });
}

function filesOf(top: string, ending: string): string[] {
  return readdirSync(join(ROOT, top), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(top, name));
}
