import type fc from 'fast-check';
import { RedisopsError } from '../../../src/domain/error.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { managedPaths, readDesired } from '../../../src/desired/questions.ts';
import { guardedValues } from '../../../src/desired/variables/guarded-values.ts';
import { openVault } from '../../../src/desired/yaml/vault.ts';
import { INVENTORY, repository, REPLICATED, VARIABLES } from '../../desired/repository.ts';
import { vaulted, vaultedVariable } from '../../desired/vaulted.ts';
import { CANARY, type Border } from './border.ts';
import { textsOf } from './texts.ts';

const TEMPLATE = 'ansible/roles/redis/templates/redis.conf.j2';
const WITH_TEMPLATE = `clusters: { redis: { template: ${TEMPLATE} } }\n`;
const vaultPassword = new Secret('v');
const OWN = `${REPLICATED}${vaultedVariable('redis_password', CANARY, 'v')}${vaultedVariable('vault_x', CANARY, 'v')}`;

/** What anyone is shown of a repository: mistakes, or the masked files. */
async function shown(variables: string, files: Readonly<Record<string, string>>): Promise<unknown> {
  const source = repository(variables, files);
  await managedPaths(source, 'redis', [VARIABLES, INVENTORY, TEMPLATE]).catch(refusal);
  await guardedValues(source, [VARIABLES, INVENTORY, TEMPLATE]);
  const desired = await readDesired(source, { cluster: 'redis', vaultPassword });
  return desired.nodes.map(({ name, redisConf, kept, templateGaps }) => [
    name,
    redisConf.content.masked(),
    kept,
    templateGaps,
  ]);
}

function refusal(error: unknown): void {
  if (!(error instanceof RedisopsError)) throw error;
}

const YAML = [
  'all:',
  'children:',
  'redis:',
  'hosts:',
  'vars:',
  '\n  ',
  '\n    ',
  '\n',
  ': ',
  '- ',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '|',
  '>',
  '&a ',
  '*a',
  '<<: ',
  '!vault ',
  '!unsafe ',
  '# ',
  '---\n',
  'redis-01: ',
  'redis_port: 6379\n',
  'redis_password: x\n',
  'redis_config: ',
  '{{ vault_x }}',
  '{% if vault_x %}',
  'ansible_host: 10.0.0.1',
  'x: 1\n',
  '\\x7b',
  '\t',
  '? ',
  'yes',
  '0x1',
  '1_000',
  '.inf',
  '2001-01-01',
  '%YAML 1.1\n',
  'redis[01:99]: ',
  '$ANSIBLE_VAULT;1.1;AES256\n',
];
const INI = [
  '[redis]\n',
  '[redis:children]\n',
  '[redis:vars]\n',
  '[',
  ']',
  '\n',
  ' ',
  '=',
  'redis-01',
  'redis-[01:99]',
  '[a:z]',
  '#',
  ';',
  '"',
  "'",
  '\\',
  'ansible_host=10.0.0.1',
  'redis_password=x',
  '{{ vault_x }}',
  ',',
  "['a', 'b']",
  '{',
  '}',
  ':',
  '0',
  'x=',
  '\r\n',
  '[0:999999999]',
];
const JINJA = [
  '{{ ',
  ' }}',
  '{% if ',
  '{% for c in ',
  '{% endif %}',
  '{% endfor %}',
  '{% set x = ',
  ' %}',
  '{% macro m(a) %}',
  '{% endmacro %}',
  '{{ m(',
  ')',
  'vault_x',
  'redis_password',
  ' | length',
  " | replace('a', 'b')",
  ' | sort',
  ' | join',
  ' | upper',
  ' | map("upper")',
  ' | regex_search("(a*)*b")',
  ' | title',
  ' | b64encode',
  " | zip('ab')",
  '[0]',
  '[1:]',
  ' ~ ',
  ' == ',
  ' in ',
  ' is match("a")',
  ' if ',
  ' else ',
  "'a'",
  '1',
  '10 ** 9',
  'range(9999)',
  '.split("")',
  '.swapcase()',
  '\n',
  'port 6379\n',
  'dir /data/redis\n',
  'requirepass ',
  'syslog-ident ',
  'user a on >',
  '# ',
  '{# ',
  ' #}',
  '#jinja2: trim_blocks: False\n',
  '{% include "a.j2" %}',
  '{% raw %}',
  '{% endraw %}',
  '(',
  '[',
  ']',
  '{',
  '}',
  ', ',
  '|',
  'hostvars',
  '["redis-01"]',
  '.redis_password',
];
const RULES = [
  'clusters:',
  'redis:',
  '\n  ',
  '\n    ',
  ': ',
  '{',
  '}',
  '[',
  ']',
  ', ',
  'inventory',
  'group_vars',
  'template',
  'approvers',
  'U01',
  'people',
  'channel',
  'freeze',
  'cron',
  '* * * * *',
  'drift',
  'apply',
  'true',
  'limits',
  'pull_requests',
  'forks',
  'always',
  'a/b.yml',
  '../x',
  '"',
  '90s',
  '\n',
  '- ',
  'direct_pushes',
];
const VAULT = [
  '$ANSIBLE_VAULT;1.1;AES256',
  '$ANSIBLE_VAULT;1.2;AES256;id',
  '\n',
  '\r\n',
  '61',
  '0a',
  '3132',
  ' ',
  'zz',
  vaulted(CANARY, 'v').slice(0, 120),
  vaulted(CANARY, 'v').trim(),
];

const texts = (words: readonly string[]): fc.Arbitrary<string> => textsOf(words);

export const REPOSITORY_BORDERS: readonly Border<string>[] = [
  {
    name: 'inventory in YAML',
    apart: true,
    inputs: texts(YAML),
    read: (text) => shown(OWN, { [INVENTORY]: `all:\n  ${text}` }),
  },
  {
    name: 'inventory in INI',
    apart: true,
    inputs: texts(INI),
    read: (text) =>
      shown(OWN, {
        [INVENTORY]: '',
        'ansible/inventory/hosts.ini': `[redis]\nredis-01 ansible_host=10.0.0.123\n${text}`,
      }),
  },
  { name: 'variables', apart: true, inputs: texts(YAML), read: (text) => shown(`${OWN}${text}`, {}) },
  {
    name: 'a host’s variables',
    apart: true,
    inputs: texts(YAML),
    read: (text) => shown(OWN, { 'ansible/host_vars/redis-02.yml': `redis_config:\n  ${text}` }),
  },
  {
    name: 'template in a variable',
    apart: true,
    inputs: texts(JINJA),
    read: (text) => shown(`${OWN}redis_config: { syslog-ident: ${JSON.stringify(text)} }\n`, {}),
  },
  {
    name: 'template',
    apart: true,
    inputs: texts(JINJA),
    read: (text) =>
      shown(OWN, {
        'redisops.yml': WITH_TEMPLATE,
        [TEMPLATE]: `port 6379\ndir /data/redis\nrequirepass {{ redis_password }}\n${text}\n`,
      }),
  },
  { name: 'redisops.yml', apart: true, inputs: texts(RULES), read: (text) => shown(OWN, { 'redisops.yml': text }) },
  {
    name: 'vault',
    apart: true,
    inputs: texts(VAULT),
    read: (text) => {
      const opened = openVault(text, vaultPassword);
      return opened.ok ? '' : opened.message;
    },
  },
];
