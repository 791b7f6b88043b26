import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigInvalid } from '../../src/domain/error.ts';
import { desiredOf } from '../desired/repository.ts';

const TEMPLATE = 'ansible/roles/redis/templates/redis.conf.j2';
const CLUSTERS = `clusters:\n  redis:\n    template: ${TEMPLATE}\n`;
/** Alone it takes far less; other tests run beside it. */
const LIMIT_MS = 20_000;

/** What comes of it; fails for anything but an answer or a list of mistakes. */
async function outcome(template: string, variables = 'redis_password: "hunter2"\n'): Promise<string> {
  const reading = desiredOf(variables, { 'redisops.yml': CLUSTERS, [TEMPLATE]: template });
  return reading.then(
    () => 'rendered',
    (error: unknown) => {
      if (error instanceof ConfigInvalid) return error.message;
      throw error;
    },
  );
}

const A = 'a'.repeat(50);

describe('a hostile template', () => {
  it.each<[what: string, template: string, message: RegExp]>([
    ['a long range', '{{ range(1000000000) | list }}', /more than 50000 items/],
    ['a huge range', '{{ range(10 ** 30) }}', /items|too large/],
    [
      'loops in loops',
      '{% for a in range(50000) %}{% for b in range(50000) %}{% for c in range(50000) %}{% endfor %}{% endfor %}{% endfor %}',
      /too many steps/,
    ],
    ['a long text', "{{ 'x' * 1000000000 }}", /a text of more than/],
    [
      'a growing text',
      "{% set n = namespace(t='xx') %}{% for i in range(60) %}{% set n.t = n.t ~ n.t %}{% endfor %}",
      /a text of more than/,
    ],
    [
      'a growing list',
      '{% set n = namespace(l=[1]) %}{% for i in range(60) %}{% set n.l = n.l + n.l %}{% endfor %}',
      /more than 50000 items/,
    ],
    ['much output', `{% for i in range(40000) %}${A}{% endfor %}`, /a text of more than/],
    ['a huge number', '{{ 9 ** 999 }}', /too large a number/],
    [
      'a number that grows',
      '{% set n = namespace(v=2) %}{% for i in range(100) %}{% set n.v = n.v * n.v %}{% endfor %}',
      /too large a number/,
    ],
    ['a long number', `{{ ${'9'.repeat(100_000)} }}`, /more than 100 digits/],
    ['many digits read', "{{ ('9' * 100000) | int }}", /too long a number/],
    ['a macro that calls itself', '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}', /100 calls deep/],
    [
      'macros that multiply',
      '{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}',
      /too many steps/,
    ],
    ['a recursive loop', '{% for x in [[]] recursive %}{{ loop([x]) }}{% endfor %}', /deep|steps/],
    ['a list within itself', '{% set l = [] %}{% set _ = l.append(l) %}{{ l }}', /nested too deeply/],
    [
      'a list within itself, compared',
      '{% set l = [] %}{% set _ = l.append(l) %}{% set m = [] %}{% set _ = m.append(m) %}{{ l == m }}',
      /nested too deeply/,
    ],
    [
      'a list within itself, as JSON',
      '{% set l = [] %}{% set _ = l.append(l) %}{{ l | to_json }}',
      /nested too deeply/,
    ],
    ['a list within itself, flat', '{% set l = [] %}{% set _ = l.append(l) %}{{ l | flatten }}', /deep/],
    ['a list within itself, sorted', '{% set l = [] %}{% set _ = l.append(l) %}{{ [l, l] | sort }}', /deep/],
    ['brackets', `{{ ${'['.repeat(50_000)} }}`, /does not belong here|nested too deeply/],
    ['minus signs', `{{ ${'-'.repeat(100_000)}1 }}`, /nested too deeply/],
    ['nots', `{{ ${'not '.repeat(50_000)}1 }}`, /nested too deeply/],
    ['else after else', `{{ ${'1 if 0 else '.repeat(10_000)} 1 }}`, /nested too deeply|steps/],
    ['blocks', '{% if 1 %}'.repeat(20_000), /nested too deeply/],
    ['many attributes', `{{ a${'.b'.repeat(100_000)} }}`, /./],
    ['many filters', `{{ 1${'|string'.repeat(50_000)} }}`, /./],
    ['a sum of many', `{{ 1${'+1'.repeat(100_000)} }}`, /./],
    ['a slow expression', "{{ ('a' * 40) is match('(a+)+$b') }}", /too many steps/],
    ['a slow expression of choices', "{{ ('a' * 40 ~ 'b') | regex_replace('(a|aa|a)*$', '') }}", /too many steps|./],
    ['a deep expression', "{{ ('ab' * 5000) is match('(ab)*$') }}", /goes too deep/],
    ['an expression with repeats', "{{ 'a' is match('a{1,1000}{1,1000}') }}", /repeats/],
    ['many matches of nothing', "{{ ('a' * 60000) | regex_replace('', 'xxxxxxxxxxxxxxxx') }}", /./],
    [
      'sorting long texts',
      "{% set l = [] %}{% for i in range(300) %}{% set _ = l.append('a' * 200000 ~ i) %}{% endfor %}{{ l | sort | length }}",
      /too many steps/,
    ],
    [
      'long keys',
      "{% set d = {} %}{% for i in range(3000) %}{% set _ = d.update({'a' * 200000 ~ i: 1}) %}{% endfor %}",
      /too many steps/,
    ],
    [
      'comparing long lists',
      "{% set a = ['x' * 200000] * 50000 %}{% set b = ['x' * 199999 ~ 'x'] * 50000 %}{% for i in range(1000) %}{{ a == b }}{% endfor %}",
      /too many steps/,
    ],
    ['a width', "{{ '%99999999d' % 1 }}{{ 'x'.ljust(99999999) }}", /./],
    ['a width of a format', "{{ '{:99999999}'.format(1) }}", /./],
    ['indentation', "{{ 'x\\ny' | indent(99999999) }}", /a text of more than/],
    ['spaces', `{{${' '.repeat(200_000)}x y }}`, /./],
    ['slashes', "{{ ('/' * 100000 ~ 'x/y') | dirname | length }}", /./],
    ['spaces as a number', "{{ (' ' * 100000 ~ 'x' ~ ' ' * 100000 ~ 'y') | float }}", /too long a number/],
    ['open comments', '{#'.repeat(100_000), /lacks the end of a comment/],
    ['a prototype', "{{ {}.constructor.constructor('return process')() }}", /has no|undefined|“constructor”/],
    ['a prototype by its name', "{{ ''['constructor'] }}{{ {}['__proto__'] }}", /“constructor”/],
    ['another prototype', '{{ [].__proto__ }}', /“__proto__” is not supported/],
    ['Python’s inside', "{{ ''.__class__.__mro__[1].__subclasses__() }}", /“__class__” is not supported/],
    ['a variable named like JavaScript’s', '{{ toString }}{{ constructor }}', /“toString” is undefined/],
    ['a filter named like JavaScript’s', '{{ 1 | toString }}', /the filter “toString” is not supported/],
    ['a test named like JavaScript’s', '{{ 1 is constructor }}', /the test “constructor” is not supported/],
    ['a method of JavaScript', "{{ 'x'.charCodeAt(0) }}", /“charCodeAt”/],
    ['names as keys', "{% set d = {'__proto__': 1, 'constructor': 2} %}{{ d.constructor }}{{ d.nope }}", /“nope”/],
    ['a product', '{{ range(50000) | product(range(50000)) | list }}', /more than 50000 items/],
    ['a product with nothing', '{{ range(50000) | product(range(50000), []) | list }}{{ x }}', /“x” is undefined/],
    ['a product with itself', '{{ range(10) | product(repeat=10) | list }}', /more than 50000 items/],
    ['deep JSON', "{{ ('[' * 100000) | from_json }}", /nested too deeply/],
    ['a long text of JSON', "{{ ('\"' ~ 'x' * 200000 ~ '\"') | from_json | length }}{{ x }}", /“x” is undefined/],
    ['a text of JSON without end', "{{ ('\"' ~ 'x' * 200000) | from_json }}", /as JSON that is none/],
    [
      'many networks',
      "{% for j in range(100000) %}{{ range(0, 40000, 2) | map('ipaddr') | list | cidr_merge | length }}{% endfor %}",
      /too many steps|more than 50000 items/,
    ],
    [
      'ranges of addresses that fall apart',
      "{% set l = [] %}{% for i in range(6000) %}{% set _ = l.extend([(i * 4096 + 1) | string ~ '/128', ('ff00::' | ipaddr('int') + i * 99999999999999999999999999999) | string ~ '/128']) %}{% endfor %}{% for j in range(90) %}{{ l | cidr_merge | length }}{{ l | cidr_merge('span') }}{% endfor %}",
      /too many steps/,
    ],
    [
      'many addresses',
      "{% for j in range(1000) %}{{ range(40000) | map('ipaddr', 'public') | list | length }}{% endfor %}",
      /too many steps/,
    ],
    ['a long address', "{{ ('1.' * 100000) | ipaddr }}{{ ('1.' * 100000) | ipmath(1) }}", /no address/],
    ['a long header', `#jinja2:${' '.repeat(100_000)}x\n`, /too long/],
    ['nothing but bytes', '\u0000\u0001\uFFFE', /./],
  ])('%s', { timeout: 60_000 }, async (_, template, message) => {
    const started = performance.now();
    expect(await outcome(template)).toMatch(message);
    expect(performance.now() - started).toBeLessThan(LIMIT_MS);
  });

  it.each<[what: string, variables: string, message: RegExp]>([
    ['that name themselves', 'x: "{{ x }}"\n', /100 calls deep/],
    ['that name each other', 'x: "{{ y }}"\ny: "{{ x }}"\n', /100 calls deep/],
    [
      'that multiply',
      `${Array.from({ length: 40 }, (_, index) => `x${index}: "{{ x${index + 1} }}{{ x${index + 1} }}"`).join('\n')}\nx40: long\nx: "{{ x0 }}"\n`,
      /a text of more than|too many steps/,
    ],
    ['that are lists of brackets', `x: "{{ '[' * 50000 }}"\n`, /nested too deeply|rendered|./],
  ])('with variables %s', { timeout: 60_000 }, async (_, variables, message) => {
    const started = performance.now();
    expect(await outcome('{{ x }}', variables)).toMatch(message);
    expect(performance.now() - started).toBeLessThan(LIMIT_MS);
  });
});

const WORDS = [
  '{{',
  '}}',
  '{%',
  '%}',
  '{#',
  '#}',
  '{%-',
  '-%}',
  '{{-',
  '-}}',
  'if',
  'else',
  'elif',
  'endif',
  'for',
  'in',
  'endfor',
  'set',
  'endset',
  'macro',
  'endmacro',
  'call',
  'endcall',
  'filter',
  'endfilter',
  'raw',
  'endraw',
  'with',
  'endwith',
  'x',
  'y',
  'loop',
  'range',
  'dict',
  'namespace',
  'groups',
  'hostvars',
  'inventory_hostname',
  'redis_password',
  '1',
  '2.5',
  '"s"',
  "'t'",
  'true',
  'none',
  '[',
  ']',
  '(',
  ')',
  '{',
  '}',
  ',',
  '.',
  ':',
  '|',
  '~',
  '+',
  '-',
  '*',
  '/',
  '//',
  '%',
  '**',
  '==',
  '!=',
  '<',
  '>=',
  '=',
  'is',
  'not',
  'and',
  'or',
  'defined',
  'default',
  'join',
  'map',
  'select',
  'regex_replace',
  'to_json',
  'int',
  'list',
  'sort',
  'length',
  'items',
  'upper',
  'combine',
  '\n',
  ' ',
  'word',
];

describe('any template', () => {
  it('is rendered, or refused with a mistake', { timeout: 120_000 }, async () => {
    const soup = fc.array(fc.constantFrom(...WORDS), { maxLength: 40 }).map((words) => words.join(' '));
    const expression = fc
      .array(fc.constantFrom(...WORDS.slice(29)), { maxLength: 12 })
      .map((words) => `{{ ${words.join(' ')} }}`);
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(soup, expression, expression, text), async (template) => {
        expect(typeof (await outcome(template))).toBe('string');
      }),
      { numRuns: 1500 },
    );
  });
});
