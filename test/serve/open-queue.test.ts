import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/domain/secret.ts';
import { queueWarnings } from '../../src/serve/open-queue.ts';

const said = (url: string) => queueWarnings(new Secret(url)).map((warning) => /no \w+/.exec(warning)?.[0]);

describe('queueWarnings', () => {
  it.each([
    ['redis://10.0.0.5:6379', ['no TLS', 'no password']],
    ['redis://queue.internal', ['no TLS', 'no password']],
    ['redis://:secret@10.0.0.5', ['no TLS']],
    ['rediss://10.0.0.5', ['no password']],
    ['redis://bot@10.0.0.5', ['no TLS', 'no password']],
    ['redis://127.0.0.1.example.org', ['no TLS', 'no password']],
    ['redis://[2001:db8::1]', ['no TLS', 'no password']],
    ['rediss://bot:secret@10.0.0.5', []],
    ['redis://127.0.0.1:6379', []],
    ['redis://localhost', []],
    ['redis://[::1]:6379', []],
  ])('%s: %j', (url, expected) => expect(said(url)).toEqual(expected));

  it('shows no password, and says nothing of the queue of its own', () => {
    expect(queueWarnings(new Secret('redis://:canary@10.0.0.5')).join('')).not.toContain('canary');
    expect(queueWarnings(undefined)).toEqual([]);
  });
});
