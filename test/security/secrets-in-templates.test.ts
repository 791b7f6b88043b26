import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/domain/secret.ts';
import { desiredOf, problemsOf, REPLICATED } from '../desired/repository.ts';
import { vaultedVariable } from '../desired/vaulted.ts';
import {
  Dict,
  List,
  mistakeOf,
  Reading,
  renderTemplate,
  renderVariable,
  TemplateFile,
  type Names,
  type Tracked,
  type Value,
} from '../../src/jinja/index.ts';

/** The variables of a template: `s` and `t` are secrets, and `u` has some in it. */
function namesOf(secrets: readonly [string, string, string], reading: Reading): Names {
  const [s, t, inner] = secrets;
  for (const each of secrets) reading.secrets.add(each, 'stored');
  const user = (name: string, password: string): Dict =>
    new Dict([
      ['name', name],
      ['password', password],
    ]);
  const values = (): Readonly<Record<string, Tracked>> => ({
    s: { value: s, secret: true, stored: true },
    t: { value: t, secret: true, stored: true },
    u: { value: new List([user('ada', inner), user('bob', s), user('cy', t)]), secret: false },
    x: { value: 'plain', secret: false },
    n: { value: 3n, secret: false },
    l: { value: new List(['b', 'a', 'c']), secret: false },
  });
  const known = values();
  return { get: (name) => (Object.hasOwn(known, name) ? known[name] : undefined) };
}

/** What may be shown of a rendering: where secrets are, and the rest. */
function shownOf(source: string, secrets: readonly [string, string, string]): { text: string; fails: boolean } {
  const reading = new Reading();
  try {
    const names = namesOf(secrets, reading);
    const { text, secrets: pieces, decided } = renderTemplate(new TemplateFile(source), names, reading);
    if (decided) return { text: 'decided by a secret', fails: true };
    let shown = '';
    let end = 0;
    for (const { at, text: piece } of pieces) {
      shown += `${text.slice(end, Math.max(end, at))}•`;
      end = Math.max(end, at + piece.length);
    }
    return { text: shown + text.slice(end), fails: false };
  } catch (error) {
    const { message, line, ofSecret } = mistakeOf(error);
    return { text: ofSecret ? 'a mistake with a secret' : `${line}: ${message}`, fails: true };
  }
}

const FILTERS = [
  'length',
  'upper',
  'lower',
  'list',
  'first',
  'last',
  'sort',
  'unique',
  'reverse',
  'join',
  'string',
  'int',
  'bool',
  "default('d')",
  "default('d', true)",
  'max',
  'min',
  'b64encode',
  "replace('a', 'b')",
  "split('')",
  'to_json',
  "ternary('q', 'r')",
  "regex_search('a')",
  "regex_findall('[a-f]')",
  'hash',
  'wordcount',
  'title',
  'trim',
  'quote',
  "map('upper') | list",
  "map(attribute='name') | list",
  "map(attribute='password') | list",
  "sort(attribute='password')",
  "groupby('password')",
  "selectattr('password', 'gt', 'm')",
  "rejectattr('password', 'eq', x)",
  "select('gt', 'k')",
  "select('match', '[a-m]')",
  'select',
  "selectattr('password', 'defined')",
  "map('length')",
  "unique(attribute='password')",
  'batch(2)',
  'slice(2)',
  'zip(l)',
  'intersect(l)',
  'difference([s])',
  'union([t])',
  "items2dict(key_name='password', value_name='name')",
  'dictsort',
  'flatten',
  "extract(['y', 'z'])",
  "combine({'k': s})",
  'count',
  'abs',
  'float',
  'human_readable',
  'truncate(5)',
  'indent(2)',
  'center(12)',
  'from_json',
  "max(attribute='password')",
  'checksum',
  "regex_replace('[a-m]', '')",
  'product([1, 2])',
  "select('in', s)",
  'symmetric_difference([s])',
  'sum',
  "map('bool')",
  'comment',
  'ipaddr',
  'format(s)',
  'splitext',
  'basename',
] as const;
const TESTS = [
  'defined',
  'none',
  'string',
  "match('[a-m]')",
  "in 'abcdefghijklm'",
  'lower',
  "gt 'm'",
  'truthy',
  'sequence',
  "contains('a')",
  "version('1', '>')",
  "subset(['a'])",
  'odd',
  "search('z')",
  'iterable',
  'sameas(x)',
  'any',
  'all',
] as const;
const METHODS = [
  'upper()',
  "split('e')",
  "startswith('a')",
  "find('e')",
  "replace('a', 'c')",
  "count('a')",
  "index('a')",
  'append(s)',
  'pop()',
  "get('name')",
  'keys()',
  'items()',
  'extend(l)',
  "insert(0, 'i')",
  'reverse()',
  'sort()',
  'clear()',
  "remove('a')",
  "update({'z': 1})",
  'copy()',
  "setdefault('k', s)",
  'isalpha()',
  "join(['a', 'b'])",
  "format('a')",
  'append(1)',
] as const;

const { statement } = fc.letrec<{ expression: string; statement: string; body: string }>((tie) => {
  const inner = tie('expression');
  const block = tie('body');
  return {
    expression: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(
        's',
        't',
        'x',
        'n',
        'l',
        'u',
        "''",
        "'a'",
        '1',
        '0',
        '[]',
        'none',
        'm',
        'k',
        'u[0]',
        's[7]',
        '5',
        'u[1].password[7]',
        'ns.v',
        'true',
        'nope',
      ),
      fc.tuple(inner, fc.constantFrom(...FILTERS)).map(([of, name]) => `(${of}) | ${name}`),
      fc.tuple(inner, fc.constantFrom(...TESTS)).map(([of, name]) => `((${of}) is ${name})`),
      fc.tuple(inner, fc.constantFrom(...METHODS)).map(([of, name]) => `(${of}).${name}`),
      fc
        .tuple(
          inner,
          fc.constantFrom('==', '!=', '<', '>=', 'in', 'not in', 'and', 'or', '~', '+', '*', '%', '//'),
          inner,
        )
        .map(([a, sign, b]) => `((${a}) ${sign} (${b}))`),
      fc.tuple(inner, inner, inner).map(([a, test, b]) => `((${a}) if (${test}) else (${b}))`),
      fc.tuple(inner, inner).map(([of, key]) => `(${of})[${key}]`),
      fc.tuple(inner, inner).map(([of, to]) => `(${of})[:${to}]`),
      fc.tuple(inner, inner).map(([a, b]) => `[${a}, ${b}]`),
      fc.tuple(inner, inner).map(([a, b]) => `{'p': ${a}, ${b}: 1}`),
      inner.map((of) => `f(${of})`),
      inner.map((of) => `(not (${of}))`),
      inner.map((of) => `(${of}).password`),
    ),
    statement: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      inner.map((value) => `{{ ${value} }}`),
      fc.constantFrom('word ', '\n', 'k', ''),
      fc.tuple(fc.constantFrom('m', 'k', 'ns.v', 'x'), inner).map(([name, value]) => `{% set ${name} = ${value} %}`),
      fc.tuple(inner, block, block).map(([test, a, b]) => `{% if ${test} %}${a}{% else %}${b}{% endif %}`),
      fc.tuple(inner, block, block).map(([of, a, b]) => `{% for i in ${of} %}${a}{{ i }}{% else %}${b}{% endfor %}`),
      fc
        .tuple(inner, block)
        .map(([of, a]) => `{% for i in [${of}, 'w'] %}${a}{{ loop.index }}{{ loop.nextitem is defined }}{% endfor %}`),
      fc.tuple(inner, block).map(([of, a]) => `{% for i in l if ${of} %}${a}{% endfor %}`),
      block.map((a) => `{% set k %}${a}{% endset %}`),
      block.map((a) => `{% filter upper %}${a}{% endfilter %}`),
      fc.tuple(inner, block).map(([value, a]) => `{% with m = ${value} %}${a}{% endwith %}`),
      block.map((a) => `{% macro f(y) %}${a}{{ y }}{% endmacro %}`),
      fc.tuple(inner, block).map(([value, a]) => `{% call f(${value}) %}${a}{% endcall %}`),
      inner.map((value) => `{% set _ = l.append(${value}) %}{{ l | length }}`),
    ),
    body: fc.array(tie('statement'), { maxLength: 3 }).map((parts) => parts.join('')),
  };
});

const START =
  "{% set ns = namespace(v='o') %}{% set m = ['b'] %}{% set k = {'z': 'y'} %}{% macro f(y) %}<{% if y is defined %}{{ y }}{% endif %}>{% endmacro %}";
const templates = fc.array(statement, { minLength: 1, maxLength: 5 }).map((parts) => START + parts.join(''));

/** What may be shown of a variable with that template. */
function shownVariable(source: string, secrets: readonly [string, string, string]): string {
  const reading = new Reading();
  try {
    const { value, secret } = renderVariable(source, namesOf(secrets, reading), reading);
    return secret ? '•' : JSON.stringify(plain(value));
  } catch (error) {
    const { message, line, ofSecret } = mistakeOf(error);
    return ofSecret ? 'a mistake with a secret' : `${line}: ${message}`;
  }
}

function plain(value: Value): unknown {
  if (value instanceof List) return value.items.map(plain);
  if (value instanceof Dict) return [...value.entries()].map(([key, item]) => [plain(key), plain(item)]);
  return typeof value === 'bigint' ? String(value) : value;
}

const SECRETS = [
  ['fishbowl', 'Zebra-77', 'quixotic9'],
  ['walrus4', 'aardvark-aardvark', '0xCAFEd00d'],
] as const;
/** By hand more: `npm run fuzz`. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 2000);
const FAILED = 'a mistake with a secret';

describe('a template', () => {
  it('shows the same whatever the secrets are', { timeout: 3_600_000 }, () => {
    let both = 0;
    fc.assert(
      fc.property(templates, (template) => {
        const [one, other] = SECRETS.map((secrets) => shownOf(template, secrets));
        // That a template fails says one thing of a secret: the plan is refused then, without saying where.
        if (one?.text === FAILED || other?.text === FAILED) return;
        both += 1;
        expect(one).toEqual(other);
      }),
      { numRuns: RUNS },
    );
    expect(both).toBeGreaterThan(RUNS / 4);
  });

  it('in a variable does, too', { timeout: 3_600_000 }, () => {
    let both = 0;
    fc.assert(
      fc.property(templates, (template) => {
        const [one, other] = SECRETS.map((secrets) => shownVariable(template, secrets));
        if (one === FAILED || other === FAILED) return;
        both += 1;
        expect(one).toBe(other);
      }),
      { numRuns: RUNS },
    );
    expect(both).toBeGreaterThan(RUNS / 4);
  });
});

const TEMPLATE = 'ansible/roles/redis/templates/redis.conf.j2';
const LINES = [
  'port 6379',
  'bind 0.0.0.0',
  'dir /data/redis',
  'requirepass {{ vault_x }}',
  'masterauth {{ vault_x }}',
  'save ""',
  'dbfilename dump.rdb',
  'rdb-del-sync-files yes',
  '',
].join('\n');
const CANARY = 'Zq7-Xw9-Kv3';

function printing(line: string, variables = ''): Promise<unknown> {
  return desiredOf(
    `${REPLICATED}${vaultedVariable('vault_x', CANARY, 'v')}users: [{name: ada, password: Aa1-secret}, {name: bob, password: Bb2-secret}]\n${variables}`,
    {
      'redisops.yml': `clusters: { redis: { template: ${TEMPLATE} } }\n`,
      [TEMPLATE]: `${LINES}${line}\n`,
      [TEMPLATE.replace('redis.conf', 'part')]: '{% macro same(a, b) %}{% if a == b %}1{% endif %}{% endmacro %}',
    },
    { vaultPassword: new Secret('v') },
  );
}

describe('an attacker’s template', () => {
  it.each([
    "syslog-ident {% for c in vault_x %}{% for a in 'XZKqwv-379' %}{% if a == c %}{{ a }}_{% endif %}{% endfor %}{% endfor %}",
    "syslog-ident {{ 'a' if vault_x[0] == 'Z' else 'b' }}",
    "syslog-ident {{ (vault_x is match('Z')) | ternary('a', 'b') }}",
    'maxclients {{ vault_x | length }}',
    'user {{ vault_x[:3] }} on >x ~*',
    "user ada on >x ~{{ vault_x[5] | default('') }}*",
    '{% if vault_x[10] is defined %}\nmaxclients 500\n{% endif %}',
    '{% if users[0].password[9] %}\nmaxclients 500\n{% endif %}',
    'maxclients {{ 100 + vault_x.find("q") }}',
    "syslog-ident {{ ['a', 'b', vault_x] | sort | map('length') | join('-') }}",
    "syslog-ident {{ users | sort(attribute='password') | map(attribute='name') | join('-') }}",
    "syslog-ident {{ users | groupby('password') | length }}",
    "syslog-ident {{ users | selectattr('password', 'gt', 'B') | map(attribute='name') | join }}",
    "syslog-ident {{ users | max(attribute='password') | attr('name') | default('x') }}",
    "syslog-ident {{ {'Z': 'a'}[vault_x[0]] | default('b') }}",
    "syslog-ident {{ 'abcdefghijklmnopqrstuvwxyz'[(vault_x | int(base=36)) % 26] }}",
    "syslog-ident {{ 'x' * (vault_x | length) }}",
    "{% set k = 'a' %}{% if vault_x > 'M' %}{% set k = 'b' %}{% endif %}\nsyslog-ident {{ k }}",
    "{% set n = namespace(k='a') %}{% if vault_x > 'M' %}{% set n.k = 'b' %}{% endif %}\nsyslog-ident {{ n.k }}",
    "{% set l = [] %}{% set _ = l.append(1) if vault_x > 'M' else '' %}\nmaxclients {{ 100 + l | length }}",
    '{% set l = [] %}{% set _ = l.append(vault_x[0]) %}\nsyslog-ident {{ l[0] }}',
    "{% set j = joiner('a') %}\nuser u on >{{ j() if vault_x > 'M' else 'q' }}\nsyslog-ident x{{ j() }}",
    "{% macro m(a) %}{% if a == vault_x %}1{% else %}2{% endif %}{% endmacro %}\nmaxclients {{ m('Zq7-Xw9-Kv3') }}00",
    "{% from 'part.j2' import same %}\nmaxclients 1{{ same(vault_x, 'x') }}00",
    "{% if 'Z' in vault_x %}\nmaxclients 500\n{% endif %}",
    "{% if vault_x.startswith('Z') %}{% else %}\nmaxclients 500\n{% endif %}",
    "{{ 'requirepass a' if vault_x > 'M' else 'masterauth a' }}",
    "syslog-ident {{ [vault_x] == ['Zq7-Xw9-Kv3'] }}",
    "syslog-ident {{ 'Zq7' in (users | map(attribute='password') | list) }}",
    "syslog-ident {{ vault_x and vault_x[0] and 'a' }}",
    "syslog-ident {{ hostvars[inventory_hostname].vault_x == 'x' }}",
    'syslog-ident {{ d.flag }}',
    "syslog-ident {{ 'a' if d.word == '' else 'b' }}",
  ])('%s is refused, and nothing of the secret is said', async (line) => {
    const variables = "d: { flag: \"{{ vault_x > 'M' }}\", word: \"{{ 'w' if vault_x > 'M' else '' }}\" }\n";
    const problems = (await problemsOf(printing(line, variables))).join('\n');
    expect(problems).toMatch(/secret/);
    expect(problems).not.toMatch(/Zq7-|Z_q_7|Aa1-|Bb2-/);
  });

  it.each([
    '{% if vault_x %}\nmaxclients 500\n{% endif %}',
    '{% if vault_x is defined and vault_x != "" and not (vault_x | length == 0) %}\nmaxclients 500\n{% endif %}',
    '{% for u in users if u.password is defined %}\nuser {{ u.name }} on >{{ u.password }} ~* +@all\n{% endfor %}',
    "{% for u in users | sort(attribute='name') %}\nuser {{ u.name }} on >{{ u.password }} ~* +@all\n{% endfor %}",
    "{% macro acl(name, pw) %}user {{ name }} on {% if pw %}>{{ pw }}{% else %}nopass{% endif %} ~*{% endmacro %}\n{{ acl('ada', vault_x) }}\nmaxclients {{ users | length }}00",
    "user ada on >{{ vault_x if vault_x[0] == 'Z' else 'none' }} ~* +@all",
    "{% for p in [vault_x, 'other'] %}\nuser a{{ loop.index }} on >{{ p }} ~* +@all\n{% endfor %}",
  ])('%s is none: it is rendered as ever', async (line) => {
    await expect(printing(line)).resolves.toBeDefined();
  });
});
