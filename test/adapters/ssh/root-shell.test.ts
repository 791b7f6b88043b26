import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandLine, opening } from '../../../src/adapters/ssh/root-shell.ts';
import { bash, sh, type Script } from '../../../src/domain/shell.ts';

const NONCE = 'c0ffee';

/** As a node has it, without sudo. Debian’s /bin/sh is dash; elsewhere it is bash. */
function run(stdin: string | Buffer, shell?: string): { status: number | null; stdout: string; stderr: string } {
  const [sh = '', ...argv] = commandLine({ root: true }).split(' ');
  const program = shell ?? sh;
  const { status, stdout, stderr } = spawnSync(program, argv, { input: stdin, encoding: 'utf8' });
  return { status, stdout, stderr };
}

const framed = (text: string): string => NONCE + text + NONCE;

describe('the command line', () => {
  it.each([true, false])('has no letter that any shell reads as its own; root: %s', (root) => {
    expect(commandLine({ root })).toMatch(/^[\w/ -]{1,40}$/);
  });
});

describe.each(['dash', 'bash'])('root’s shell, if it is %s', (shell) => {
  it.each<[string, Script]>([
    ['sh', sh`printf '%s|' "$@"; echo err >&2; exit 3`],
    ['bash', bash`printf '%s|' "$@"; echo err >&2; exit 3`],
  ])('runs a script of %s with its parameters', (_, script) => {
    const { status, stdout, stderr } = run(opening({ script, parameters: ['a b', "it's"], nonce: NONCE }), shell);
    expect([status, stdout, stderr]).toEqual([3, framed(`a b|it's|`), framed('err\n')]);
  });

  it.each<[string, Script]>([
    ['sh', sh`printf '%s\0' "$@"`],
    ['bash', bash`printf '%s\0' "$@"`],
  ])('hands over every letter to %s as it is', (_, script) => {
    const letters = fc.oneof(
      fc.constantFrom("'", '"', '$', '\\', '`', ' ', '\n', '\x01', '\x7f', '\x81', 'Á', 'é', '\t', '\r'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((each) => each !== '\0'),
    );
    fc.assert(
      fc.property(fc.array(fc.string({ unit: letters }), { minLength: 1 }), (parameters) => {
        const { stdout } = run(opening({ script, parameters, nonce: NONCE }), shell);
        expect(stdout).toBe(framed(parameters.map((each) => `${each}\0`).join('')));
      }),
      { numRuns: 40 },
    );
  });

  it('leaves a script its input once it has begun, in any chunks', async () => {
    const child = spawn(`/bin/${shell}`, ['-s', 'redisops'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const script = sh`read -r line; printf '%s|' "$line"; cat`;
    for (const piece of opening({ script, parameters: [], nonce: NONCE }).match(/[^]{1,40}/g) ?? []) {
      child.stdin.write(piece);
      await setImmediate();
    }
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (printed === '') child.stdin.end(`first\n${'x'.repeat(20_000)}`);
      printed += chunk.toString();
    });
    await once(child, 'close');
    expect(printed).toBe(framed(`first|${'x'.repeat(20_000)}`));
  });

  it('runs nothing of a truncated script, wherever it was cut', () => {
    const whole = Buffer.from(opening({ script: sh`echo ran >&2`, parameters: ['é'], nonce: NONCE, limitSeconds: 15 }));
    for (let length = 0; length < whole.length; length += 3)
      expect(run(whole.subarray(0, length), shell)).toMatchObject({
        stdout: '',
        stderr: expect.not.stringContaining('ran\n'),
      });
    expect(run(whole, shell).stderr).toContain('ran\n');
  });

  it('ends what outlives its limit, and what that started', () => {
    const script = sh`trap '' TERM; echo $$; sleep 30 & wait; sleep 30`;
    const startedAt = performance.now();
    const { status } = run(opening({ script, parameters: [], nonce: NONCE, limitSeconds: 1 }), shell);
    expect(status).toBe(137);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });
});
