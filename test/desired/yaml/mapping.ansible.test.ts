import { describe, expect, it } from 'vitest';
import { Problems } from '../../../src/desired/source/problems.ts';
import { readAnsibleMapping } from '../../../src/desired/yaml/mapping.ts';
import { plain } from '../../../src/desired/yaml/value.ts';

async function read(text: string) {
  const problems = new Problems();
  const mapping = await readAnsibleMapping('f.yml', text, { problems });
  return {
    value: mapping && plain(mapping),
    problems: problems.found.map(({ line, column, message }) => `${line}:${column}: ${message}`),
    warnings: problems.warnings.map(({ line, column, message }) => `${line}:${column}: ${message}`),
  };
}

describe('readAnsibleMapping', () => {
  it.each([
    ['a: 1\na: 2', { a: 2 }, ['2:1: “a” stands here twice: Ansible takes the last one']],
    ['a: 1\nb: 2\na: 3', { a: 3, b: 2 }, ['3:1: “a” stands here twice: Ansible takes the last one']],
    ['a: {x: 1, x: 2}', { a: { x: 2 } }, ['1:11: “x” stands here twice: Ansible takes the last one']],
    ['a: &a {x: 1}\nb: {<<: *a, x: 2}', { a: { x: 1 }, b: { x: 2 } }, []],
  ])('reads %j, and warns as Ansible does', async (text, value, warnings) => {
    expect(await read(text)).toEqual({ value, problems: [], warnings });
  });

  it.each([
    ['a: !custom b', '1:12: has the tag “!custom”, which Ansible does not know'],
    ['a: !custom {b: 1}', '1:12: has the tag “!custom”, which Ansible does not know'],
    ['a: !!python/tuple [1, 2]', '1:19: has the tag “tag:yaml.org,2002:python/tuple”, which Ansible does not know'],
    ['? [a]\n: 1', '1:3: a name must be a single word'],
  ])('refuses %j like Ansible', async (text, problem) => {
    expect((await read(text)).problems).toEqual([problem]);
  });

  // Ansible tries Python’s json first: 1e3 is a number there, and a text in YAML.
  it.each([
    ['{"a": 1e3, "b": 0.5, "c": true}', { a: 1000, b: 0.5, c: true }],
    ['{"a": 1e3, b: yes}', { a: '1e3', b: true }],
  ])('reads %j as JSON only if it is', async (text, value) => {
    expect((await read(text)).value).toEqual(value);
  });

  it('keeps PyYAML’s order of merged names', async () => {
    const { value } = await read('o: &o {y: 1}\np: &p {z: 1, y: 2}\na: {k: 1, <<: [*o, *p]}');
    expect(JSON.stringify(value)).toBe('{"o":{"y":1},"p":{"z":1,"y":2},"a":{"z":1,"y":1,"k":1}}');
  });
});
