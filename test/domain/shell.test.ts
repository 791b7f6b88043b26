import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bash, everyScript, fragment, quoted, sh, type Script } from '../../src/domain/shell.ts';

function run({ interpreter, text }: Script, ...parameters: readonly string[]): string {
  return execFileSync(`/bin/${interpreter}`, ['-c', text, 'test', ...parameters], { encoding: 'utf8' });
}

/** Everything a shell might interpret. */
const WORDS = fc.string({
  unit: fc.constantFrom("'", '"', '$', '\\', '`', ' ', '\n', ';', '*', '!', '~', '=', 'é', 'a'),
});

describe('a script', () => {
  it('is what was written, as shell reads it', () => {
    const script = sh`
x=a/b
printf '%s\n' "\${x%/*}" "$(printf '\101')" 'back\slash' "$x"
`;
    expect(script.text).toBe(`x=a/b\nprintf '%s\\n' "\${x%/*}" "$(printf '\\101')" 'back\\slash' "$x"`);
    expect(run(script)).toBe('a\nA\nback\\slash\na/b\n');
  });

  it('needs one escape, JavaScript’s own: before ${ and a backtick', () => {
    expect(sh`\${a} \`b\` \\ \n`.text).toBe('${a} `b` \\\\ \\n');
  });

  it('inserts fragments as they are, a list of them line by line', () => {
    const greet = fragment`
greet() { echo "hello $1"; }
`;
    const calls = ['a', 'b'].map((name) => fragment`greet ${name}`);
    expect(
      sh`${greet}
${calls}`.text,
    ).toBe('greet() { echo "hello $1"; }\ngreet a\ngreet b');
  });

  it('inserts everything else as one word, whatever is in it', () => {
    fc.assert(
      fc.property(WORDS, (word) => {
        expect(run(sh`printf '%s.' ${word} ${fragment`printf '%s.' ${word}`.text}`)).toBe(
          `${word}.printf '%s.' ${quoted(word)}.`,
        );
      }),
      { numRuns: 30, examples: [[''], ["'; exit 1; '"], ['$(exit 1)'], ['-n']] },
    );
    expect(sh`exit ${3}`.text).toBe('exit 3');
  });

  it('inserts another script as the word that its interpreter takes', () => {
    const inner = bash`printf '%s' "it's $1"`;
    expect(run(sh`${inner.interpreter} -c ${inner} redisops "$1"`, 'here')).toBe("it's here");
  });

  it('is made once, and listed', () => {
    const make = (word: string): Script => sh`echo ${word}`;
    expect(make('once')).toBe(make('once'));
    expect(make('once')).not.toBe(make('twice'));
    expect(bash`echo once`).not.toBe(make('once'));
    expect(
      everyScript()
        .filter(({ text }) => text === 'echo once')
        .map(({ interpreter }) => interpreter),
    ).toEqual(['sh', 'bash']);
  });
});
