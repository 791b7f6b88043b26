import { describe, expect, it } from 'vitest';
import { changedVariables } from '../../../src/desired/variables/changed-variables.ts';
import { readPullRequestRules } from '../../../src/desired/rules/pull-request-rules.ts';
import { clustersOf } from '../../../src/desired/rules/read-rules.ts';
import { asksFor, planWhen, DEFAULT_RULES } from '../../../src/domain/git/pull-request.ts';
import { problemsOf, repository, sourceOf, VARIABLES } from '../repository.ts';
import { Secret } from '../../../src/domain/secret.ts';

const rulesOf = (text: string) => readPullRequestRules(sourceOf({ 'redisops.yml': text }), 'redisops.yml');

describe('pull_requests of redisops.yml', () => {
  it('gives what holds; on request where nothing is said', async () => {
    expect(await rulesOf('pull_requests: {forks: never}')).toEqual({ forks: 'never', drafts: 'on-request' });
    expect(await rulesOf('people: {}')).toEqual(DEFAULT_RULES);
    expect(await readPullRequestRules(sourceOf({}), 'redisops.yml')).toEqual(DEFAULT_RULES);
    expect(await clustersOf(repository('', { 'redisops.yml': 'pull_requests: {drafts: always}' }))).toEqual(['redis']);
  });

  it.each([
    ['pull_requests: {forks: sometimes}', '1:24: forks must be never, on-request or always'],
    ['pull_requests: {fork: never}', '1:17: “fork” is not known here. Did you mean forks?'],
    ['pull_requests: always', '1:16: “pull_requests” must map forks and drafts to never, on-request or always'],
  ])('%s is a mistake, and nobody is planned by it', async (text, mistake) => {
    expect(await problemsOf(clustersOf(repository('', { 'redisops.yml': text })))).toEqual([`redisops.yml:${mistake}`]);
    expect(await rulesOf(text)).toEqual(DEFAULT_RULES);
  });
});

it.each([
  [{ draft: false, fork: null }, 'always'],
  [{ draft: true, fork: null }, 'always'],
  [{ draft: false, fork: 'mallory/infra' }, 'never'],
  [{ draft: true, fork: 'mallory/infra' }, 'never'],
] as const)('%j is planned %s', (pull, when) => {
  expect(planWhen(pull, { forks: 'never', drafts: 'always' })).toBe(when);
});

describe('a word', () => {
  const head = 'abcdef0123456789abcdef0123456789abcdef01';
  it.each([
    ['/redisops plan', null, true],
    ['Fine.\r\n/redisops plan  \r\nThanks', null, true],
    ['/redisops plan abcdef012345', 'mallory/infra', true],
    ['/redisops plan ABCDEF0123456', 'mallory/infra', true],
    ['/redisops plan', 'mallory/infra', false],
    ['/redisops plan abcdef01234', 'mallory/infra', false],
    ['/redisops plan bcdef0123456', 'mallory/infra', false],
    ['> /redisops plan abcdef012345', 'mallory/infra', false],
    ['please /redisops plan', null, false],
    ['/redisops plan9', null, false],
    [`${'x'.repeat(3000)}\n/redisops plan`, null, false],
  ])('%j from %s counts: %s', (comment, fork, counts) => {
    expect(asksFor(comment, { head, fork })).toBe(counts);
  });
});

describe('changed variables', () => {
  const changes = async (before: string, after: string) =>
    (await changedVariables(repository(after), repository(before), [VARIABLES], new Secret('none'))).map(
      ({ line, name, directive }) => [line, name, directive],
    );

  it('are named with the line that they have now, directives each for itself', async () => {
    const before = 'redis_port: 1\nredis_config:\n  maxclients: 1\n  databases: 2\nother: 1\n';
    const after =
      '# new\nredis_config:\n  maxclients: 1\n  databases: 3\n  slave-priority: 4\nredis_port: 1\nother: 2\n';
    expect(await changes(before, after)).toEqual([
      [4, 'redis_config databases', 'databases'],
      [5, 'redis_config slave-priority', 'replica-priority'],
    ]);
  });

  it('are none of what is no mapping, vaulted, or written in another way only', async () => {
    expect(await changes('redis_port: 1', '- x')).toEqual([]);
    expect(await changes('redis_port: 1', '$ANSIBLE_VAULT;1.1;AES256\n00')).toEqual([]);
    expect(await changes('redis_port: 6379', 'redis_port:   6379 # here')).toEqual([]);
  });
});
