import { describe, expect, it } from 'vitest';
import { touchesCluster } from '../../../src/desired/managed-paths.ts';
import { readDesired } from '../../../src/desired/read-desired.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { confOf, desiredOf, INVENTORY, problemsOf, REPLICATED, repository } from '../repository.ts';
import { vaultedVariable } from '../vaulted.ts';

const TEMPLATE = 'ansible/roles/redis/templates/redis.conf.j2';
const CLUSTERS = `clusters:\n  redis:\n    template: ${TEMPLATE}\n`;

const SAFE = `# {{ ansible_managed }}
bind 127.0.0.1 {{ ansible_host }}
port {{ redis_port }}
dir {{ redis_dir }}
dbfilename dump.rdb
save ""
rdb-del-sync-files yes
{% if inventory_hostname != redis_master_host %}
replicaof {{ hostvars[redis_master_host].ansible_host }} {{ redis_port }}
{% endif %}
requirepass {{ redis_password }}
masterauth {{ redis_password }}
`;
const GIVEN = `${REPLICATED}redis_port: 6380\nredis_dir: /data/redis\nredis_password: "hunter2 x"\n`;

const fine = GIVEN.replace('hunter2 x', 'hunter2');

function withTemplate(template: string, variables = GIVEN, files: Readonly<Record<string, string>> = {}) {
  return desiredOf(variables, { 'redisops.yml': CLUSTERS, [TEMPLATE]: template, ...files });
}

async function gapsOf(template: string, variables = GIVEN): Promise<readonly string[]> {
  const { nodes } = await withTemplate(template, variables);
  const gaps = nodes.flatMap(({ name, templateGaps = [] }) =>
    templateGaps.map(({ blocks, message }) => `${name} ${blocks ? 'blocks' : 'warns'}: ${message}`),
  );
  return gaps;
}

describe('the repository’s own template', () => {
  it('is what a node gets, byte for byte', async () => {
    const desired = await withTemplate(
      `#é\r\n${SAFE}`
        .replace('requirepass {{ redis_password }}', 'requirepass "{{ redis_password }}"')
        .replace('masterauth {{ redis_password }}', 'masterauth "{{ redis_password }}"'),
    );
    expect(confOf(desired, 'redis-02')).toBe(`#é
# Ansible managed
bind 127.0.0.1 10.0.0.124
port 6380
dir /data/redis
dbfilename dump.rdb
save ""
rdb-del-sync-files yes
replicaof 10.0.0.123 6380
requirepass "hunter2 x"
masterauth "hunter2 x"
`);
    expect(confOf(desired, 'redis-01')).not.toContain('replicaof');
    expect(desired.nodes[1]).toMatchObject({ redisPort: 6380, dataDirectory: '/data/redis', templateGaps: [] });
    expect(desired.password?.reveal()).toBe('hunter2 x');
    expect(desired.nodes[1]?.redisConf.content.masked()).not.toContain('hunter2');
  });

  it('provides what redisops needs if no variable does', async () => {
    const template = SAFE.replaceAll('{{ redis_password }}', 'own')
      .replace('{{ redis_dir }}', '/srv/cache')
      .replaceAll('{{ redis_port }}', '7000')
      .replace('!= redis_master_host', "!= 'redis-03'")
      .replace('hostvars[redis_master_host].ansible_host', "hostvars['redis-03'].ansible_host");
    const desired = await withTemplate(
      `${template}appendonly yes\nappenddirname aof\n`,
      'their_own: 1\nredis_version: 7\n',
    );
    expect(desired).toMatchObject({ replication: true, nominatedMaster: 'redis-03' });
    expect(desired.password?.reveal()).toBe('own');
    expect(desired.nodes[0]).toMatchObject({ redisPort: 7000, dataDirectory: '/srv/cache' });
    expect(desired.nodes[0]?.directories.map(({ path }) => path)).toEqual(['/srv/cache', '/srv/cache/aof']);
  });

  it('has its role’s defaults below, and its vars above everything', async () => {
    const desired = await withTemplate(`${SAFE}hz {{ hz }}\nmaxclients {{ most }}\n`, `${fine}most: 5\n`, {
      'ansible/roles/redis/defaults/main.yml': 'hz: 11\nmost: 4\n',
      'ansible/roles/redis/vars/main.yaml': 'most: 6\n',
    });
    expect(confOf(desired, 'redis-01')).toContain('hz 11\nmaxclients 6\n');
  });

  it('is read for changes of it and of its role', async () => {
    const source = repository(GIVEN, { 'redisops.yml': CLUSTERS, [TEMPLATE]: SAFE });
    for (const path of [TEMPLATE, 'ansible/roles/redis/defaults/main.yml', 'ansible/roles/redis/vars/main/a.yml'])
      expect(await touchesCluster(source, 'redis', [path])).toBe(true);
    expect(await touchesCluster(source, 'redis', ['ansible/roles/redis/tasks/main.yml'])).toBe(false);
  });

  it('keeps secrets of vaults out of sight, also behind filters', async () => {
    const variables =
      GIVEN.replace(/redis_password.*\n/, 'redis_password: "{{ vaulted }}"\n') +
      vaultedVariable('vaulted', 'p4ss', 'v');
    const template = `${SAFE}user ada on >{{ vaulted | b64encode }} #{{ vaulted | hash('sha256') }} ~*\n{% set later = vaulted ~ '-x' %}\nuser bob on >{{ later | upper }} ~*\n`;
    const desired = await desiredOf(
      variables,
      { 'redisops.yml': CLUSTERS, [TEMPLATE]: template },
      { vaultPassword: new Secret('v') },
    );
    expect(confOf(desired, 'redis-01')).toContain('user ada on >cDRzcw==');
    const masked = desired.nodes[0]?.redisConf.content.masked() ?? '';
    for (const text of ['p4ss', 'cDRzcw==', 'P4SS']) expect(masked).not.toContain(text);
    expect(desired.password?.reveal()).toBe('p4ss');
  });
});

describe('gaps of a template', () => {
  it.each<[what: string, template: string, gap: string]>([
    ['no masterauth', SAFE.replace(/masterauth.*\n/, ''), 'redis-02 blocks: it has requirepass, but no masterauth'],
    [
      'another masterauth',
      SAFE.replace(/masterauth.*/, 'masterauth x'),
      'redis-02 warns: its masterauth is not its requirepass',
    ],
    ['loopback only', SAFE.replace(' {{ ansible_host }}', ''), 'redis-02 blocks: its bind lacks 10.0.0.124'],
    ['no bind', SAFE.replace(/bind.*\n/, ''), 'redis-02 warns: it has no bind'],
    ['writable replicas', `${SAFE}slave-read-only no\n`, 'redis-02 blocks: replica-read-only no'],
    ['no save', SAFE.replace('save ""\n', ''), 'redis-02 warns: it says nothing of save'],
    ['no dbfilename', SAFE.replace(/dbfilename.*\n/, ''), 'redis-02 warns: it says nothing of dbfilename'],
    ['files that stay', SAFE.replace(/rdb-del.*\n/, ''), 'redis-02 warns: without rdb-del-sync-files yes'],
    [
      'writes on a broken disk',
      `${SAFE}stop-writes-on-bgsave-error no\n`,
      'redis-02 warns: stop-writes-on-bgsave-error no',
    ],
    ['no role', SAFE.replace(/\{% if[^]*endif %\}\n/, ''), 'redis-02 warns: it prints no replicaof; redisops adds'],
    [
      'a role by name',
      SAFE.replace('{{ hostvars[redis_master_host].ansible_host }}', '{{ redis_master_host }}'),
      'redis-02 warns: its replicaof names the master redis-01',
    ],
    [
      'another master',
      SAFE.replace('{{ hostvars[redis_master_host].ansible_host }}', '10.0.0.9'),
      'redis-02 warns: its replicaof does not name the nominated',
    ],
    [
      'a role for the master',
      SAFE.replace('!= redis_master_host', '!= 1'),
      'redis-01 warns: it prints replicaof for the nominated master',
    ],
  ])('%s', async (_, template, gap) => {
    expect((await gapsOf(template, fine)).join('\n')).toContain(gap);
  });

  it('are reported without a password', async () => {
    const open = SAFE.replace(/requirepass[^]*/, '');
    const variables = GIVEN.replace(/redis_password.*\n/, '');
    expect((await gapsOf(open, variables)).join('\n')).toContain(
      'redis-02 blocks: it has no requirepass, and protected-mode',
    );
    expect((await gapsOf(`${open}protected-mode no\n`, variables)).join('\n')).not.toContain('protected-mode');
  });
});

describe('mistakes of a template', () => {
  it.each<[what: string, template: string, problem: string]>([
    ['an undefined variable', `${SAFE}hz {{ hertz }}\n`, ':13:1: “hertz” is undefined'],
    ['an undefined variable in a list', `${SAFE}hz {{ [hertz] }}\n`, ':13:1: “hertz” is undefined'],
    [
      'a fact',
      `${SAFE}bind {{ ansible_default_ipv4.address }}\n`,
      ':13:1: “ansible_default_ipv4” is known to a running Ansible only',
    ],
    [
      'a fact with a default',
      `${SAFE}hz {{ ansible_processor_vcpus | default(2) }}\n`,
      ':13:1: “ansible_processor_vcpus” is known to a running',
    ],
    [
      'a fact of another host',
      `${SAFE}#{{ hostvars['redis-02'].ansible_eth0 }}\n`,
      ':13:1: “ansible_eth0” is known to a running',
    ],
    ['a lookup', `${SAFE}hz {{ lookup('env', 'HOME') }}\n`, ':13:1: “lookup” is not supported'],
    [
      'a lookup that is not called for',
      `${SAFE}{% if false %}{{ nope() }}{% endif %}{{ query('file', '/etc/passwd') }}\n`,
      ':13:1: “query” is not supported',
    ],
    ['a filter', `${SAFE}\nhz {{ 1 | to_nice_yaml }}\n`, ':14:1: the filter “to_nice_yaml” is not supported'],
    ['what is no JSON', `${SAFE}{{ '[1,]' | from_json }}\n`, ':13:1: reads something as JSON that is none'],
    ['JSON with more behind it', `${SAFE}{{ '1 2' | from_json }}\n`, ':13:1: reads something as JSON that is none'],
    ['a size of a text', `${SAFE}{{ '1' | human_readable }}\n`, ':13:1: makes a size of something that is no number'],
    [
      'ipaddr',
      `${SAFE}bind {{ ansible_host | ipaddr('adress') }}\n`,
      ':13:1: asks ipaddr for something that it does not know',
    ],
    ['a test', `${SAFE}{{ 1 is abs }}\n`, ':13:1: the test “abs” is not supported'],
    ['a tag', `${SAFE}{% extends 'x.j2' %}\n`, ':13:1: the tag “extends” is not supported'],
    ['an import of nothing', `${SAFE}{% import 'x.j2' as x %}\n`, ':13:1: imports from “x.j2”, which is not there'],
    [
      'an import by a variable',
      `${SAFE}{% import x as x %}\n`,
      ':13:1: the tag “import” with something else than a name',
    ],
    ['an import of what is hidden', `${SAFE}{% from 'x' import _y %}\n`, ':13:1: imports a name that begins with _'],
    ['an import of no name', `${SAFE}{% from 'x' import %}\n`, ':13:1: has “%}” where it does not belong'],
    [
      'an included file that is not there',
      `${SAFE}{% include 'x.j2' %}\n`,
      ':13:1: includes “x.j2”, which is not there',
    ],
    ['an included file elsewhere', `${SAFE}{% include '../x.j2' %}\n`, ':13:1: includes “../x.j2”, which is not there'],
    [
      'an include by a variable',
      `${SAFE}{% include x %}\n`,
      ':13:1: the tag “include” with something else than a name in quotes',
    ],
    [
      'an included file that is not named as a template',
      `${SAFE}{% include 'x.conf' ignore missing %}\n`,
      ':13:1: includes “x.conf”, but such files must be named *.j2',
    ],
    ['an include without context', `${SAFE}{% include 'x' without context %}\n`, ':13:1: an include without context'],
    ['an unknown tag', `${SAFE}{% iff x %}\n`, ':13:1: has a tag “iff” that is not known'],
    ['a missing end', `${SAFE}{% if true %}\n`, ':13:1: lacks an endif'],
    ['an open tag', `${SAFE}{{ 1\n`, ':13:1: lacks a }}'],
    ['an inner attribute', `${SAFE}{{ ''.__class__ }}\n`, ':13:1: the attribute “__class__” is not supported'],
    ['a secret in a value', `${SAFE}hz {{ redis_password }}\n`, ':13:1: prints a secret in “hz”'],
    ['a secret that may be a comment', `${SAFE}{{ redis_password }} # x\n`, ':13:1: prints a secret in “…”'],
    [
      'a secret elsewhere',
      `${SAFE}logfile /var/log/redis/{{ redis_password }}\n`,
      ':13:1: prints a secret in “logfile”',
    ],
    [
      'a secret in disguise',
      `${SAFE}logfile /var/log/redis/{% for c in redis_password %}{{ c | upper }}{% endfor %}\n`,
      ':13:1: prints a secret in “logfile”',
    ],
    [
      'an unknown directive',
      `${SAFE}maxmemry 1gb\n`,
      ':13:1: prints “maxmemry”, which Redis 7 does not know. Did you mean maxmemory',
    ],
    [
      'a wrong value',
      `${SAFE}{% if true %}\nhz {{ 'x' }}\n{% endif %}\n`,
      ':14:1: prints hz, which must be a whole number',
    ],
    [
      'Python’s booleans',
      `${SAFE}appendonly {{ true }}\n`,
      ':13:1: prints appendonly, which must be yes or no, not “True”',
    ],
    [
      'an empty dbfilename',
      SAFE.replace('dbfilename dump.rdb', 'dbfilename ""'),
      ':5:1: prints dbfilename, which must be the name of a file',
    ],
    ['quotes that are not closed', `${SAFE}save "\n`, ':13:1: prints a line with quotes that are not closed'],
    ['an include', `${SAFE}include /etc/redis/more.conf\n`, ':13:1: prints include: what another file says'],
    ['renamed commands', `${SAFE}rename-command CONFIG ""\n`, ':13:1: prints rename-command'],
    ['no dir', SAFE.replace(/dir.*\n/, ''), ':1:1: prints no dir'],
    ['a folder of the system', SAFE.replace('{{ redis_dir }}', '/etc/redis'), ':4:1: dir is a folder of the system'],
    ['a log elsewhere', `${SAFE}logfile /etc/passwd\n`, ':13:1: prints logfile, which must be "" (the journal)'],
    [
      'passwords that differ',
      SAFE.replace('masterauth {{ redis_password }}', 'masterauth {{ inventory_hostname }}'),
      ':1:1: prints another masterauth for one host',
    ],
  ])('%s', async (_, template, problem) => {
    expect((await problemsOf(withTemplate(template, fine))).join('\n')).toContain(`${TEMPLATE}${problem}`);
  });

  it.each([
    '{{ hostvars[redis_password] }}',
    '{{ {}[redis_password[0:5]] }}',
    '{{ {}[redis_password | upper] }}',
    '{{ [1] | map(redis_password) | list }}',
    '{{ [1] | select(redis_password) | list }}',
    '{{ [{}] | map(attribute=redis_password) | list }}',
    "{{ ('{:' ~ redis_password ~ '}').format(1) }}",
    '{{ undef(hint=redis_password) }}',
    '{% set x = {}[redis_password] %}{{ x }}',
    '{% set l = [] %}{% set _ = l.append({}[redis_password]) %}{{ l[0] }}',
    '{% macro m(a) %}{{ {}[a] }}{% endmacro %}{{ m(redis_password) }}',
    'dir /data/{{ redis_password }}',
    '{{ [1] | map(*creds) | list }}',
    '{{ [1] | select(*creds) | list }}',
    '{{ [1] | reject(*creds) | list }}',
    "{{ [{}] | selectattr('a', *creds) | list }}",
    '{{ [{}] | sum(*creds) }}',
    '{{ [{}, {}] | sort(false, false, *creds) }}',
    '{{ [{}] | map(**{"attribute": redis_password}) | list }}',
    'loglevel x{{ [{"key": redis_password, "value": 1}] | items2dict }}',
    'loglevel x{{ [{"key": redis_password, "value": 1}] | items2dict | upper }}',
  ])('that a secret is part of does not quote it: %s', async (line) => {
    const reading = withTemplate(`${SAFE}${line}\n`, `${fine}creds: ["{{ redis_password }}"]\n`);
    const problems = (await problemsOf(reading)).join('\n');
    expect(problems).toContain(`${TEMPLATE}:`);
    expect(problems).not.toMatch(/hunte/i);
  });

  it.each(['{{ redis_password }}', 'port {{ redis_password }}', 'hz {{ redis_password }}', 'dir {{ redis_password }}'])(
    'with a secret in it, not shown: %s',
    async (line) => {
      const problems = (await problemsOf(withTemplate(`${SAFE}${line}\n`, fine))).join('\n');
      expect(problems).toContain(`${TEMPLATE}:13:1: prints `);
      expect(problems).not.toContain('hunter2');
    },
  );

  it('in a variable’s value are reported at the variable', async () => {
    const problems = await problemsOf(withTemplate(`${SAFE}hz {{ hertz }}\n`, `${fine}hertz: "{{ 1 | nope }}"\n`));
    expect(problems[0]).toBe(
      `${TEMPLATE}:13:1: the filter “nope” is not supported (in hertz, ansible/group_vars/redis.yml:7)`,
    );
  });

  it('not of team variables with the names of redisops’ own: what the template prints counts', async () => {
    const variables = `${fine.replace(/redis_master_ip.*\n/, '')}redis_enable_sentinel: { a: b }\nredis_bind: false\nredis_master_ip: redis-01\nredis_maxmemory: "{{ nope }}"\n`;
    const desired = await withTemplate(SAFE.replace('port {{ redis_port }}', 'port 1'), variables);
    expect(desired.nodes.map(({ redisPort }) => redisPort)).toEqual([1, 1, 1]);
  });

  it('a file that is not there', async () => {
    expect(await problemsOf(desiredOf(fine, { 'redisops.yml': CLUSTERS }))).toContain(
      `${TEMPLATE}:1:1: is not there, but redisops.yml names it`,
    );
  });
});

describe('an included file', () => {
  const folder = TEMPLATE.replace('redis.conf.j2', '');
  const including = `${SAFE}{% include 'parts/more.j2' %}\n`;

  it('belongs to the template: its output, its includes, its secrets', async () => {
    const files = {
      [`${folder}parts/more.j2`]: 'hz 20\n{% include "user.j2" %}\n',
      [`${folder}user.j2`]: 'user ada on >{{ redis_password | upper }} ~*\n',
    };
    const desired = await withTemplate(including, fine, files);
    expect(confOf(desired, 'redis-01')).toContain('\nhz 20\nuser ada on >HUNTER2 ~*\n');
    expect(desired.nodes[0]?.redisConf.content.masked()).not.toContain('HUNTER2');
    const source = repository(fine, { 'redisops.yml': CLUSTERS, [TEMPLATE]: including, ...files });
    for (const path of Object.keys(files)) expect(await touchesCluster(source, 'redis', [path])).toBe(true);
    expect(await touchesCluster(source, 'redis', [`${folder}other.j2`])).toBe(false);
  });

  it('is the template’s also before it is there', async () => {
    const template = `${SAFE}{% include 'later.j2' ignore missing %}\n`;
    expect(confOf(await withTemplate(template, fine), 'redis-01')).toContain('masterauth hunter2\n');
    const source = repository(fine, { 'redisops.yml': CLUSTERS, [TEMPLATE]: template });
    expect(await touchesCluster(source, 'redis', [`${folder}later.j2`])).toBe(true);
  });

  it.each<[what: string, text: string, problem: string]>([
    ['undefined', 'hz 20\n{{ nope }}\n', 'parts/more.j2:2:1: “nope” is undefined'],
    ['not closed', 'hz 20\n{% if %}\n', 'parts/more.j2:2:1: has “%}” where it does not belong'],
    ['within itself', 'hz 20\n{% include "parts/more.j2" %}\n', 'parts/more.j2:2:1: goes more than 100 calls deep'],
    ['a secret in a value', 'hz 20\nhz {{ redis_password }}\n', 'redis.conf.j2:13:1: prints a secret in “hz”'],
    ['a wrong value', '\n\nhz x\n', 'redis.conf.j2:13:1: prints hz, which must be a whole number'],
  ])('has its mistakes: %s', async (_, text, problem) => {
    const problems = await problemsOf(withTemplate(including, fine, { [`${folder}parts/more.j2`]: text }));
    expect(problems[0]).toContain(`${folder}${problem}`);
  });

  it('is none of a variable', async () => {
    const problems = await problemsOf(withTemplate(`${SAFE}{{ x }}\n`, `${fine}x: "{% include 'x.j2' %}"\n`));
    expect(problems[0]).toContain(
      'the tag “include” in a variable is not supported (in x, ansible/group_vars/redis.yml:7)',
    );
  });

  it('is one of thirty at most', async () => {
    const many = Array.from({ length: 31 }, (_, index) => [`${folder}p${index}.j2`, 'x'] as const);
    const template = many.map((_, index) => `{% include 'p${index}.j2' %}`).join('');
    const problems = await problemsOf(withTemplate(template, fine, Object.fromEntries(many)));
    expect(problems.join()).toContain(`${TEMPLATE}:1:1: includes more than 30 files`);
  });
});

describe('an imported file', () => {
  const macros = `${TEMPLATE.replace('redis.conf.j2', '')}macros.j2`;
  const importing = (line: string): string =>
    `${SAFE}{% import 'macros.j2' as m %}{% from 'macros.j2' import list %}\n${line}\n`;

  it.each<[what: string, line: string, text: string, problem: string]>([
    [
      'a macro’s mistake',
      '{{ m.list() }}',
      '\n{% macro list() %}\n{{ nope }}\n{% endmacro %}',
      `${macros}:3:1: “nope” is undefined`,
    ],
    [
      'a variable of the host',
      '{{ list() }}',
      '{% macro list() %}{{ redis_port }}{% endmacro %}',
      `${macros}:1:1: “redis_port” is undefined`,
    ],
    [
      'an argument too many',
      '\n{{ list(1) }}',
      '{% macro list() %}{% endmacro %}',
      `${TEMPLATE}:15:1: gives the macro “list” more arguments`,
    ],
    [
      'a caller’s mistake',
      '\n{% call m.list() %}\n{{ nope }}{% endcall %}',
      '{% macro list() %}\n\n\n{{ caller() }}{% endmacro %}',
      `${TEMPLATE}:16:1: “nope” is undefined`,
    ],
    ['a name that it does not have', '{{ list() }}', ' ', `${TEMPLATE}:14:1: “macros.j2” has no “list”`],
    ['itself', '', '{% import "macros.j2" as m %}', `${macros}:1:1: goes more than 100 calls deep`],
    ['a lookup', '', '{% set x = lookup("env", "HOME") %}', `${macros}:1:1: “lookup” is not supported`],
  ])('has its mistakes: %s', async (_, line, text, problem) => {
    const problems = await problemsOf(withTemplate(importing(line), fine, { [macros]: text }));
    expect(problems.join('\n')).toContain(problem);
  });

  it('does not hide where secrets go', async () => {
    const text = '{% macro list(x) %}{% for letter in x %}{{ letter | upper }}{% endfor %}{% endmacro %}';
    const problems = await problemsOf(
      withTemplate(importing('hz {{ list(redis_password) }}\nhz {{ m.list(redis_password[1:]) }}'), fine, {
        [macros]: text,
      }),
    );
    expect(problems.map((each) => each.replace(/.*:(\d+:1: )/, '$1'))).toEqual([
      '14:1: prints a secret in “hz”, which plans and reports show',
      '15:1: prints a secret in “hz”, which plans and reports show',
    ]);
  });

  it('with context keeps its secrets', async () => {
    const text = '{% set word = redis_password | list %}{% set other = redis_password ~ "x" %}';
    const line =
      "{% import 'macros.j2' as own with context %}\nhz {{ own.word | join('-') }}\nhz {{ own.other[:2] }}\n";
    const problems = await problemsOf(withTemplate(`${SAFE}${line}`, fine, { [macros]: text }));
    expect(problems.filter((each) => each.includes('prints a secret in “hz”'))).toHaveLength(2);
  });
});

describe('secrets by piece', () => {
  const masked = async (template: string, variables = ''): Promise<string> => {
    const { nodes } = await withTemplate(template, `${fine}${variables}`);
    return nodes[0]?.redisConf.content.masked() ?? '';
  };

  it.each([
    [
      'a block of lines',
      'block: |\n  maxclients 10\n  requirepass {{ redis_password }}\n  hz 20\n',
      '{{ block }}',
      'maxclients 10\nrequirepass ••••••\nhz 20\n',
    ],
    [
      'a block within a block',
      'a: |\n  maxclients 10\n  masterauth {{ redis_password }}\nb: "{{ a }}hz 20\\n"\n',
      '{{ b }}',
      'maxclients 10\nmasterauth ••••••\nhz 20\n',
    ],
    [
      'a block that is asked for',
      'block: |\n  maxclients 10\n  requirepass {{ redis_password }}\n',
      "{% if block is defined and block != '' %}\n{{ block }}{% endif %}",
      'maxclients 10\nrequirepass ••••••\n',
    ],
    [
      'combine in a variable',
      'one: {requirepass: "{{ redis_password }}", hz: 20}\nall_of: "{{ one | combine({\'maxclients\': 10}) }}"\n',
      '{% for k, v in all_of.items() %}\n{{ k }} {{ v }}\n{% endfor %}',
      'requirepass ••••••\nhz 20\nmaxclients 10\n',
    ],
    [
      'dict2items without the empty ones',
      'one: {requirepass: "{{ redis_password }}", x: ""}\n',
      "{% for i in one | dict2items | rejectattr('value', 'equalto', '') %}\n{{ i.key }} {{ i.value }}\n{% endfor %}",
      'requirepass ••••••\n',
    ],
  ])('keeps the clear lines of %s', async (_, variables, line, printed) => {
    expect(await masked(`${SAFE}${line}\n`, variables)).toContain(printed);
  });

  it('shows no comment of a file with a secret in one', async () => {
    const text = await masked(
      `${SAFE}# redis://:{{ redis_password }}@host\n# {{ redis_password | length }}\n# clear\nhz 20\n`,
    );
    expect(text.split('\n').filter((line) => line.startsWith('#'))).toEqual(
      Array.from({ length: 4 }, () => '# ••••••'),
    );
    expect(text).toContain('\nhz 20\n');
  });

  it('takes a text that a secret chose for a secret as a whole', async () => {
    const variables = `${fine}a: |\n  hz 10\n  requirepass {{ redis_password }}\n`;
    const template = `${SAFE}{% set chosen = a if redis_password == 'x' else 'hz 20' %}\n{{ chosen }}\n`;
    const [problem] = await problemsOf(withTemplate(template, variables));
    expect(problem).toContain('prints a secret in “…”');
  });
});

describe('a file for a reader only', () => {
  it('is printed whatever Redis, or the way to the host, would say', async () => {
    const files = {
      'redisops.yml': CLUSTERS,
      [TEMPLATE]: `${SAFE}no-such-directive 1\n`,
      [INVENTORY]: 'redis: {hosts: {redis-01: {ansible_host: name.example}}}\n',
    };
    const source = repository(fine, files);
    expect(await problemsOf(readDesired(source, {}))).toHaveLength(2);
    const { nodes } = await readDesired(source, { onlyPrints: true });
    expect(nodes[0]?.redisConf.content.reveal()).toContain('\nno-such-directive 1\n');
  });

  it('is none with a secret where plans show it', async () => {
    const source = repository(fine, { 'redisops.yml': CLUSTERS, [TEMPLATE]: `${SAFE}hz {{ redis_password }}\n` });
    const [problem] = await problemsOf(readDesired(source, { onlyPrints: true }));
    expect(problem).toContain('prints a secret in “hz”');
  });
});

describe('a template in a value', () => {
  it.each<[line: string, problem: string]>([
    ['redis_dir: "/data/{{ vault_x }}"', '2:12: redis_dir is made of a secret, but plans and reports show it'],
    ['redis_config: { logfile: "{{ vault_x | upper }}" }', '2:26: logfile is made of a secret'],
    ['redis_config: { save: ["{{ [vault_x] }}"] }', '2:24: save is made of a secret'],
    ['redis_maxmemory: "{{ a_password | length }}mb"', '2:18: redis_maxmemory is made of a secret'],
    ['redis_password: "{{ vault_x }}"', ''],
  ])('%s', async (line, problem) => {
    const vault = vaultedVariable('vault_x', 'p4ssw0rd', 'v');
    const reading = desiredOf(`a_password: "1234567"\n${line}\n${vault}`, {}, { vaultPassword: new Secret('v') });
    if (problem === '') await expect(reading).resolves.toBeDefined();
    else expect((await problemsOf(reading)).join('\n')).toContain(problem);
  });

  it.each<[line: string, template: string]>([
    ['redis_password: "{{ hunter2x }}"', '{{ redis_password }}'],
    ['redis_password: "{{ hunter2x }"', '{{ redis_password }}'],
    ['redis_config: { requirepass: "{{ hunter2x }}" }', ''],
    ['redis_config: { user: ["on >{{ hunter2x }}"] }', ''],
    ['a: { password: "{{ hunter2x | b64 }}" }', '{{ a.password }}'],
    ['a: "{{ b_password }}"\nb_password: "{{ 1 + hunter2x }}"\nredis_maxmemory: "{{ a }}"', '{{ a }}'],
  ])('%s is refused without a word of it', async (line, template) => {
    const variables = `${REPLICATED}redis_port: 6380\nredis_dir: /data/redis\n${line}\n`;
    const file = `${SAFE.replaceAll('{{ redis_password }}', 'x')}user a >${template}\n`;
    // Beside a template, redis_config is the team’s own.
    const reading = template === '' ? desiredOf(variables) : withTemplate(file, variables);
    const problems = await problemsOf(reading);
    expect(problems.join('\n')).toMatch(/not shown: it is a secret’s template|does not belong/);
    expect(problems.join('\n')).not.toContain('hunter2x');
  });
});
