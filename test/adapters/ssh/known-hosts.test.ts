import { describe, expect, it } from 'vitest';
import { entriesFor, isTrusted, parseKnownHosts } from '../../../src/adapters/ssh/known-hosts.ts';

const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIOJpQwHSiqc29FUmvsHWzYV2VbuR7q7DUCmVIsRAagFP';
const OTHER = 'AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
/** As `ssh-keygen -H` wrote them: 10.0.0.124, and [10.0.0.124]:2222. */
const HASHED = '|1|ULwWJM81C8ZHX5665kCJY7vsqdU=|OixIXOPB9AQKhsyNM71hGwK0ChY=';
const HASHED_PORT = '|1|KY38Bgq6PStWeCznw6OTUaD5FVs=|dI3otsj7L+3Pqf7LRqFaZrjtl2w=';

describe('which lines speak of a host', () => {
  it.each([
    ['its address', `10.0.0.124 ssh-ed25519 ${KEY}`, 22, 1],
    ['its address among others', `redis-02,10.0.0.124 ssh-ed25519 ${KEY} a comment`, 22, 1],
    ['another address', `10.0.0.125 ssh-ed25519 ${KEY}`, 22, 0],
    ['a beginning of its address', `10.0.0.12 ssh-ed25519 ${KEY}`, 22, 0],
    ['its address at another port', `[10.0.0.124]:2222 ssh-ed25519 ${KEY}`, 22, 0],
    ['its address at its port', `[10.0.0.124]:2222 ssh-ed25519 ${KEY}`, 2222, 1],
    ['its address without a port that is not 22', `10.0.0.124 ssh-ed25519 ${KEY}`, 2222, 0],
    ['its hashed address', `${HASHED} ssh-ed25519 ${KEY}`, 22, 1],
    ['its hashed address, asked for another port', `${HASHED} ssh-ed25519 ${KEY}`, 2222, 0],
    ['its hashed address and port', `${HASHED_PORT} ssh-ed25519 ${KEY}`, 2222, 1],
    ['a pattern', `10.0.0.* ssh-ed25519 ${KEY}`, 22, 1],
    ['a pattern whose dot is a dot', `10.0x0.* ssh-ed25519 ${KEY}`, 22, 0],
    ['a pattern of one letter', `10.0.0.12? ssh-ed25519 ${KEY}`, 22, 1],
    ['a pattern that leaves it out', `10.0.0.*,!10.0.0.124 ssh-ed25519 ${KEY}`, 22, 0],
    ['a comment', `# 10.0.0.124 ssh-ed25519 ${KEY}`, 22, 0],
    ['a certificate authority, which is not followed', `@cert-authority 10.0.0.124 ssh-ed25519 ${KEY}`, 22, 0],
    ['a revocation', `@revoked 10.0.0.124 ssh-ed25519 ${KEY}`, 22, 1],
    ['a line without a key', '10.0.0.124 ssh-ed25519', 22, 0],
    ['nothing', '', 22, 0],
  ])('%s', (_, line, port, count) => {
    expect(entriesFor(parseKnownHosts(line), '10.0.0.124', port)).toHaveLength(count);
  });
});

describe('which keys are trusted', () => {
  const trusts = (text: string, key = KEY): boolean => isTrusted(parseKnownHosts(text), Buffer.from(key, 'base64'));

  it('the known one, in any of several lines', () => {
    expect(trusts(`a ssh-ed25519 ${OTHER}\r\na ssh-ed25519 ${KEY}\r\n`)).toBe(true);
  });

  it('no other', () => {
    expect(trusts(`a ssh-ed25519 ${OTHER}`)).toBe(false);
  });

  it('none without lines', () => {
    expect(trusts('')).toBe(false);
  });

  it('none that is revoked anywhere', () => {
    expect(trusts(`a ssh-ed25519 ${KEY}\n@revoked a ssh-ed25519 ${KEY}`)).toBe(false);
  });
});
