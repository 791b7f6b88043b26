import { describe, expect, it } from 'vitest';
import { serversFact } from '../../../src/observed/facts/servers.ts';

describe('the servers that are installed', () => {
  it.each([
    ['the node’s own', 'redis yes \n', { name: 'redis', startsAtBoot: true, port: null }],
    ['one that is off', 'valkey no \n', { name: 'valkey', startsAtBoot: false, port: null }],
    ['one with a port', 'valkey yes port=6380 \n', { name: 'valkey', startsAtBoot: true, port: 6380 }],
    ['one with two: the last counts', 'valkey yes port=6379 PORT="6380" \n', { name: 'valkey', port: 6380 }],
    ['one whose port an included file may change', 'valkey yes port=6380 include=/x \n', { port: null }],
    ['one whose port is no number', 'valkey yes port={{port}} \n', { port: null }],
  ])('are read: %s', (_, stdout, expected) => {
    expect(serversFact.parse(stdout)).toMatchObject([expected]);
  });

  it('are no others', () => {
    expect(serversFact.parse('keydb yes \n')).toEqual([]);
  });
});
