import { describe, expect, it } from 'vitest';
import { readDesired } from '../../../src/desired/read-desired.ts';
import type { DesiredEntry } from '../../../src/domain/entry/entry.ts';
import { INVENTORY, REPLICATED, THREE_HOSTS, problemsOf, repository } from '../repository.ts';

const PROXIES = `    haproxy:
      hosts:
        lb-01: { ansible_host: 10.0.0.120, ansible_port: 2222 }
        lb-02: { ansible_host: "{{ second }}", second: 10.0.0.121 }
      vars: { ansible_user: ops }
`;

function asked(entry: string, files: Readonly<Record<string, string>> = {}) {
  const source = repository(REPLICATED, {
    'redisops.yml': `clusters: {redis: {entry: ${entry}}}`,
    [INVENTORY]: `${THREE_HOSTS}${PROXIES}`,
    ...files,
  });
  return readDesired(source, {});
}

describe('the entry in redisops.yml', () => {
  it.each<[string, DesiredEntry]>([
    ['{addresses: ["10.0.0.120:6379"]}', { addresses: [{ host: '10.0.0.120', port: 6379 }] }],
    [
      '{addresses: ["vip:6379", "[::2]:6380"]}',
      {
        addresses: [
          { host: 'vip', port: 6379 },
          { host: '::2', port: 6380 },
        ],
      },
    ],
    [
      '{addresses: ["vip:6379"], hosts: haproxy, socket: /run/lb.sock}',
      {
        addresses: [{ host: 'vip', port: 6379 }],
        proxies: {
          socket: '/run/lb.sock',
          hosts: [
            { name: 'lb-01', address: '10.0.0.120', sshPort: 2222, sshUser: 'ops' },
            { name: 'lb-02', address: '10.0.0.121', sshPort: 22, sshUser: 'ops' },
          ],
        },
      },
    ],
  ])('%s', async (entry, expected) => {
    expect((await asked(entry)).entry).toEqual(expected);
  });

  it('is absent where it is not given', async () => {
    expect((await readDesired(repository(REPLICATED), {})).entry).toBeUndefined();
  });

  it.each([
    ['10.0.0.120:6379', 'entry must be a mapping'],
    ['{}', 'entry addresses must be a list'],
    ['{addresses: []}', 'entry addresses must be at least 1'],
    ['{addresses: [10.0.0.120]}', 'must be HOST:PORT'],
    ['{addresses: ["a:1"], socket: run/x}', 'must be an absolute path'],
    ['{addresses: ["a:1"], host: haproxy}', '“host” is not known here. Did you mean hosts?'],
    ['{addresses: ["a:1"], hosts: haprozy}', 'has no group “haprozy”. Did you mean haproxy?'],
  ])('%s is a mistake: %s', async (entry, message) => {
    expect((await problemsOf(asked(entry))).join('\n')).toContain(message);
  });

  it('needs the address of each host', async () => {
    const inventory = `${THREE_HOSTS}    haproxy: {hosts: {lb-01: }}\n`;
    const problems = await problemsOf(asked('{addresses: ["a:1"], hosts: haproxy}', { [INVENTORY]: inventory }));
    expect(problems.join('\n')).toContain('“lb-01” has no ansible_host with its address');
  });
});
