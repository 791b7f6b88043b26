import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fragment, type Fragment } from '../../src/domain/shell.ts';
import type { Fact } from '../../src/observed/facts/fact.ts';
import type { Facts } from '../../src/observed/facts/facts.ts';
import { hostScript, sectionsOf } from '../../src/observed/host-script.ts';

const fact = (script: Fragment): Fact<string> => ({ script, parse: (stdout) => stdout });

const GIVEN = ['unit', 'package', '/data', '/log', '/conf', '/dropin', '6379', ''];

/** The script in a shell of this machine. */
function run(facts: Facts, marker: string, parameters: readonly string[] = GIVEN): string {
  const argv = ['-c', hostScript(facts).text, 'redisops', marker, ...parameters];
  return spawnSync('/bin/sh', argv, { encoding: 'utf8' }).stdout;
}

describe('one script for all facts', () => {
  it('gives each fact its own output', () => {
    const facts = {
      first: fact(fragment`echo one`),
      silent: fact(fragment`true`),
      last: fact(fragment`printf "no end of line"`),
    };
    const sections = sectionsOf(run(facts, 'a1b2'), 'a1b2');
    expect([...sections]).toEqual([
      ['first', 'one\n'],
      ['silent', ''],
      ['last', 'no end of line'],
      ['end', ''],
    ]);
  });

  it('passes its parameters on, whatever they contain', () => {
    const shown = fact(
      fragment`printf '%s|' "$unit" "$package" "$directory" "$log" "$conf" "$dropin" "$port" "$aclfile" "$@"`,
    );
    const parameters = ['unit', 'package', "/it's $HOME", '', '/conf', '/dropin', '6379', '/acl', '/a b', '$(id)', '*'];
    const text = sectionsOf(run({ shown }, 'm', parameters), 'm').get('shown');
    expect(text).toBe(`${parameters.join('|')}|`);
  });

  it('continues after a failed fact', () => {
    const facts = { broken: fact(fragment`false; /nonexistent/program`), next: fact(fragment`echo on`) };
    expect(sectionsOf(run(facts, 'm'), 'm').get('next')).toBe('on\n');
  });

  it('reports that it did not finish', () => {
    expect(() => sectionsOf(run({ last: fact(fragment`exit 3`) }, 'm'), 'm')).toThrow('end');
    expect(() => sectionsOf('', 'm')).toThrow('end');
  });

  it('is not misled by a node’s output', () => {
    const pieces = fc.constantFrom('\n', '0f1e2', 'd', ' ', 'end', 'first');
    const printable = fc.string({ unit: pieces }).filter((text) => !text.includes('0f1e2d'));
    fc.assert(
      fc.property(printable, (printed) => {
        const stdout = `\n0f1e2d first\n${printed}\n0f1e2d second\n2\n0f1e2d end\n`;
        expect(sectionsOf(stdout, '0f1e2d').get('first')).toBe(printed);
      }),
      { examples: [['\n0f1e2c end\n'], ['0f1e2 end'], ['']] },
    );
  });
});
