import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resetHosts } from '../../lab/hosts.ts';
import { fingerprint, openProgram, type Program } from './program.ts';

/** A person at a terminal on a healthy cluster, who has read the README. */
let program: Program;

beforeAll(async () => {
  await resetHosts();
  program = await openProgram();
  await program.asks();
  await program.applies();
});

afterAll(() => program.close());

/** What a terminal shows, and the status, where the person types this at the question. */
function atTerminal(argv: readonly string[], typed: string): Promise<{ code: number | null; shown: string }> {
  const line = program.command(argv);
  return new Promise((resolve, reject) => {
    // util-linux: a terminal of its own, whose status is the command’s.
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
