import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprint, openHealthyCluster, type Program } from './program.ts';

/** A person at a terminal on a healthy cluster, who has read the README. */
let program: Program;

beforeAll(async () => {
  program = await openHealthyCluster();
});

afterAll(() => program.close());

/** A terminal’s output and status, with this answer typed at the prompt. */
function atTerminal(argv: readonly string[], typed: string): Promise<{ code: number | null; shown: string }> {
  const line = program.command(argv);
  return new Promise((resolve, reject) => {
    // util-linux: a separate terminal, with the command’s status.
    const child = spawn('script', ['-qec', line.argv.map(quoted).join(' '), '/dev/null'], { env: line.environment });
    let shown = '';
    let isTyped = false;
    child.stdout.on('data', (text: Buffer) => {
      shown += text.toString();
      if (isTyped || !shown.includes('Type yes:')) return;
      isTyped = true;
      child.stdin.write(typed);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, shown }));
  });
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

describe('a mistake on this machine', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'redisops-mistakes-'));
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret', '-f', at('locked')]);
    await writeFile(at('empty'), '');
  });

  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['SSH_PRIVATE_KEY_FILE', 'nowhere', 'does not exist', 'ssh-keygen -t ed25519'],
    ['SSH_PRIVATE_KEY_FILE', 'locked', 'has a passphrase', 'ssh-keygen -p'],
    ['SSH_PRIVATE_KEY_FILE', 'locked.pub', 'is a public key', 'Set SSH_PRIVATE_KEY_FILE to the private key'],
    ['SSH_KNOWN_HOSTS_FILE', 'nowhere', 'does not exist', 'ssh-keyscan'],
    ['SSH_KNOWN_HOSTS_FILE', 'empty', 'holds no host key', 'ssh-keyscan'],
  ])('%s=%s is reported once, with a fix', async (setting, file, what, help) => {
    for (const argv of [['status'], ['plan'], ['verify'], ['doctor'], ['drift'], ['apply', '--yes']]) {
      const { code, stdout, stderr } = await program.run(argv, { [setting]: at(file) });
      const said = stdout + stderr;
      expect(said).toContain(`${setting}: ${at(file)} ${what}.`);
      expect(said).toContain(help);
      expect(said.split(at(file)).length - 1).toBeLessThanOrEqual(4);
      expect(said).not.toMatch(/unreachable|redis-0\d/);
      expect(code).toBe(64);
    }
  });
});

describe('a question at the terminal', () => {
  beforeAll(() => program.asks({ directives: { databases: 32 } }));
  afterAll(() => program.asks());

  it.each([
    ['n', 'n\r'],
    ['nothing', '\r'],
    ['Ctrl-D', '\u0004'],
    ['Ctrl-C', '\u0003'],
  ])('that is answered with %s cancels the run', async (_, typed) => {
    const before = await fingerprint();
    const { code, shown } = await atTerminal(['apply'], typed);
    expect(shown).toMatch(/converge to Git – cancelled[^]*Cancelled\.[^]*No changes were made\./);
    expect(shown).not.toContain('--yes');
    expect(code).toBe(3);
    expect(await fingerprint()).toEqual(before);
  });

  it('is not asked where nobody can answer', async () => {
    const { code, stdout } = await program.run(['apply']);
    expect(stdout).toContain('run again with --yes');
    expect(code).toBe(3);
  });
});
