import { describe, expect, it } from 'vitest';
import { readDesired } from '../../../src/desired/read-desired.ts';
import { REPLICATED, repository } from '../../desired/repository.ts';

const ON = `${REPLICATED}redis_enable_sentinel: true\nredis_password: secret-1\n`;

async function dropInOf(variables: string, rules = ''): Promise<string> {
  const desired = await readDesired(repository(variables, rules === '' ? {} : { 'redisops.yml': rules }), {});
  return desired.nodes[0]?.dropIn.content.reveal() ?? '';
}

describe('the wait for Sentinel at a start', () => {
  it.each([
    ['down-after and ten seconds', ON, 15],
    ['a longer down-after', `${ON}redis_sentinel_down_after: 20500\n`, 31],
    ['a minute at most', `${ON}redis_sentinel_down_after: 600000\n`, 60],
  ])('is %s', async (_, variables, seconds) => {
    expect(await dropInOf(variables)).toContain(
      `in $$(seq ${seconds}); do grep -qs "^sentinel monitor redis 10.0.0.123 6379 "`,
    );
  });

  it.each([
    ['Sentinel is off', REPLICATED, ''],
    ['an append-only file has every write', `${ON}redis_config: {appendonly: true}\n`, ''],
    ['redisops.yml does not want it', ON, 'clusters: {redis: {wait_for_sentinel: false}}'],
  ])('is not there where %s', async (_, variables, rules) => {
    expect(await dropInOf(variables, rules)).not.toContain('sentinel');
  });
});
