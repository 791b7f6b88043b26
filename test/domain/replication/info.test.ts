import { describe, expect, it } from 'vitest';
import { Info } from '../../../src/domain/replication/info.ts';
import { MASTER } from './info-replies.ts';

describe('INFO', () => {
  it('is names and values under sections', () => {
    const info = new Info(
      '# Server\r\nredis_version:7.0.15\r\nexecutable:/a:b\r\nempty:\r\n\r\nno colon\r\n# Keyspace\r\n',
    );
    expect(info.entries()).toEqual([
      ['redis_version', '7.0.15'],
      ['executable', '/a:b'],
      ['empty', ''],
    ]);
    expect(['Server', 'Keyspace', 'Clients'].map((name) => info.hasSection(name))).toEqual([true, true, false]);
  });

  it('does not have what it does not say', () => {
    const info = new Info('loading:0\r\nused_memory:lots\r\nempty:\r\n');
    expect(() => info.text('run_id')).toThrow('run_id');
    expect(() => info.flag('async_loading')).toThrow('async_loading');
    expect(() => info.number('used_memory')).toThrow('used_memory');
    expect(() => info.number('empty')).toThrow('empty');
    expect(info.number('loading')).toBe(0);
    expect(info.flag('loading')).toBe(false);
    expect(info.text('empty')).toBe('');
  });

  it.each(['run_id', 'used_memory', 'empty'])('returns null, never 0, for a missing optional field: %s', (name) => {
    expect(new Info('used_memory:lots\r\nempty:\r\n').optionalNumber(name)).toBeNull();
  });

  it.each([null, 7, ['role:master']])('is text: %j', (reply) => {
    expect(() => new Info(reply)).toThrow(expect.objectContaining({ code: 'REDIS_ERROR' }));
  });

  it.each([
    ['primary_repl_offset:7', 'master_repl_offset', '7'],
    ['replica_repl_offset:7', 'slave_repl_offset', '7'],
    ['master_repl_offset:7\r\nprimary_repl_offset:9', 'master_repl_offset', '7'],
  ])('reads Valkey’s words, too: %s', (text, name, value) => {
    expect(new Info(text).text(name)).toBe(value);
  });

  it('of a whole Redis has every section', () => {
    expect(new Info(MASTER).hasSection('Keyspace')).toBe(true);
  });
});
