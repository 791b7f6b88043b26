import { describe, expect, it } from 'vitest';
import type { Code } from '../../src/domain/code.ts';
import { ConfigInvalid, RedisopsError } from '../../src/domain/error.ts';
import { errorReport } from '../../src/report/error-report.ts';
import { itemsOf } from './look.ts';

describe('errorReport', () => {
  it.each<[Code, string, string]>([
    ['RESYNC_MASTER', 'Refused', 'warning'],
    ['UNKNOWN_NODE', 'Not understood', 'warning'],
    ['SSH_TIMEOUT', 'Failed', 'bad'],
  ])('%s is “%s”', (code, title, tone) => {
    const report = errorReport(new RedisopsError(code, 'It is so.', { hint: 'Do this.' }));
    expect(report).toMatchObject({ title, tone, summary: 'It is so.', next: 'Do this.' });
    expect(report.footer).toEqual([expect.stringMatching(new RegExp(`^${code}: .+`))]);
  });

  it('leaves out a hint that is not there', () => {
    expect(errorReport(new RedisopsError('INTERNAL', 'Broken.', { hint: '' })).next).toBeUndefined();
  });

  it('lists a repository’s mistakes by position', () => {
    const problems = [{ file: 'redis.yml', line: 4, column: 18, message: 'not a size' }];
    const report = errorReport(new ConfigInvalid(problems));
    expect(report.summary).toBe('1 mistake in the configuration repository.');
    expect(itemsOf(report)).toEqual([{ tone: 'bad', text: 'redis.yml:4:18: not a size' }]);
  });

  it('lists the first hundred of a flood', () => {
    const problems = Array.from({ length: 5_000 }, (_, at) => ({
      file: 'hosts.yml',
      line: at + 1,
      column: 1,
      message: 'bad',
    }));
    const items = itemsOf(errorReport(new ConfigInvalid(problems)));
    expect(items).toHaveLength(101);
    expect(items.at(-1)?.text).toBe('and 4,900 more');
  });
});
