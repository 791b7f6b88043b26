import { format, inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RedisopsError } from '../../src/domain/error.ts';
import { maskSecrets, Secret, SensitiveText } from '../../src/domain/secret.ts';

const CANARY = 'hunter2-canary';
const MASK = '••••••';

/** Every way a value may leak into a text. */
function printed(value: Secret | SensitiveText): readonly string[] {
  return [
    String(value),
    JSON.stringify(value),
    JSON.stringify({ deep: [{ value }] }),
    inspect(value, { showHidden: true, depth: 9 }),
    inspect({ deep: { value } }, { showHidden: true, depth: 9 }),
    format('%s %o %j', value, value, value),
    String(Object.entries(value)),
    JSON.stringify(Object.assign({}, value)),
    new RedisopsError('INTERNAL', `it was ${String(value)}`, { hint: '', cause: value }).message,
    inspect(new RedisopsError('INTERNAL', 'failed', { hint: '', cause: { value } }), { depth: 9 }),
  ];
}

describe('Secret', () => {
  it('shows nowhere but in reveal', () => {
    expect(printed(new Secret(CANARY)).join('\n')).not.toContain(CANARY);
    expect(new Secret(CANARY).reveal()).toBe(CANARY);
    expect(new Secret(CANARY).toString()).toBe(MASK);
  });

  it.each([
    [new Secret(CANARY), true],
    [CANARY, true],
    [new Secret('other'), false],
    ['', false],
    [undefined, false],
  ])('compares with %s', (other, same) => {
    expect(new Secret(CANARY).equals(other)).toBe(same);
  });
});

describe('SensitiveText', () => {
  it.each([
    [`requirepass ${CANARY}`, `requirepass ${MASK}`],
    [`  masterauth "${CANARY} more"`, `  masterauth ${MASK}`],
    [`REQUIREPASS\t${CANARY}`, `REQUIREPASS\t${MASK}`],
    [`"requirepass" ${CANARY}`, `"requirepass" ${MASK}`],
    [`requirepass ${CANARY}\r`, `requirepass ${MASK}`],
    [`tls-key-file-pass ${CANARY}`, `tls-key-file-pass ${MASK}`],
    [`tls-client-key-file-pass ${CANARY}`, `tls-client-key-file-pass ${MASK}`],
    [`sentinel auth-pass mymaster ${CANARY}`, `sentinel auth-pass mymaster ${MASK}`],
    [`sentinel sentinel-pass ${CANARY}`, `sentinel sentinel-pass ${MASK}`],
    [`user app on >${CANARY} ~* +@all`, `user app on >${MASK} ~* +@all`],
    [`user app on #${CANARY} <${CANARY} !${CANARY} +@all`, `user app on #${MASK} <${MASK} !${MASK} +@all`],
    [`user app on ">${CANARY} and more" +@all`, `user app on >${MASK} +@all`],
    [`user default on nopass ~* &* +@all "~ x"`, 'user default on nopass ~* &* +@all "~ x"'],
    [`USER "a b" on '>${CANARY}' "\\x3e${CANARY}" -@all`, `user "a b" on >${MASK} >${MASK} -@all`],
    [`user app on ">${CANARY} +@all`, `user ${MASK}`],
    ['maxmemory 256mb', 'maxmemory 256mb'],
    ['# requirepass foobared', '# requirepass foobared'],
    ['requirepass', 'requirepass'],
  ])('masks %j', (line, masked) => {
    const text = new SensitiveText(`port 1\n${line}\nport 2\n`);
    expect(text.masked()).toBe(`port 1\n${masked}\nport 2\n`);
    expect(printed(text).join('\n')).not.toContain(CANARY);
    expect(text.reveal()).toContain(line);
  });

  it('masks its known secrets everywhere', () => {
    const text = new SensitiveText(`proc-title-template ${CANARY}\n`, [new Secret(CANARY)]);
    expect(text.masked()).toBe(`proc-title-template ${MASK}\n`);
    expect(text.map((plain) => `x${plain}`).masked()).toBe(`xproc-title-template ${MASK}\n`);
  });
});

describe('maskSecrets', () => {
  it.each([
    ['no secrets', 'a b', [], 'a b'],
    ['the longer first', 'abcabc abc', ['abc', 'abcabc'], `${MASK} ${MASK}`],
    ['an empty one is none', 'a b', [''], 'a b'],
    ['signs that mean something elsewhere', 'x$&.*y', ['$&.*'], `x${MASK}y`],
  ])('%s', (_name, text, secrets, masked) => {
    expect(
      maskSecrets(
        text,
        secrets.map((secret) => new Secret(secret)),
      ),
    ).toBe(masked);
  });

  it('leaves nothing of any secret', () => {
    const secret = fc.string({ minLength: 1, maxLength: 20 }).filter((value) => !MASK.includes(value));
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        expect(maskSecrets(`${before}${value}${after}`, [new Secret(value)])).not.toContain(value);
      }),
    );
  });
});
