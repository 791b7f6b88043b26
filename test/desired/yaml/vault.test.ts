import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isVault, openVault } from '../../../src/desired/yaml/vault.ts';
import { Secret } from '../../../src/domain/secret.ts';
import { vaulted } from '../vaulted.ts';

const PASSWORD = new Secret('vault pass');

/** By ansible-vault of ansible-core 2.14. */
const INLINE = `$ANSIBLE_VAULT;1.1;AES256
          61396465646538323735656337666136303761663736333764343564366465346461363337393766
          6437303933613066616235396430363930613330373138380a366534373939386637643434326330
          65646366323462653163343463316338616632646639626463383030623364363465653131336265
          6630616533653738630a663737646632306537336636376539613630363934613165653838393739
          3764`;
const LABELLED = `$ANSIBLE_VAULT;1.2;AES256;prod
65333435343361316235663662343633383434333963663038636434383636653234316430616530
6532336232326336316532386464343633613932663033390a303037386665393861633739363262
63633732363435646537396365346631623465316463626536303537623532363963313963623833
6537373732363761640a633964363933336636623938643434336364646566643935303839613238
3633
`;

describe('openVault', () => {
  it.each([
    ['1.1', INLINE, String.raw`pässw"ord \ 1`],
    ['1.2 with a label', LABELLED, 'with label'],
    ['with Windows line ends', LABELLED.replaceAll('\n', '\r\n'), 'with label'],
  ])('opens what ansible-vault made: %s', (_, text, plain) => {
    expect(openVault(text, PASSWORD)).toEqual({ ok: true, value: plain });
  });

  it('opens any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (plain) => {
        expect(openVault(vaulted(plain, 'p'), new Secret('p'))).toEqual({ ok: true, value: plain });
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['another password', INLINE, new Secret('other'), /another password/],
    ['no password', INLINE, undefined, /ANSIBLE_VAULT_PASSWORD_FILE is not set/],
    ['a changed byte', LABELLED.replace('\n3633', '\n3634'), PASSWORD, /another password .* or was changed/],
    ['a line less', LABELLED.replace(/\n6537.*/, ''), PASSWORD, /another password|missing/],
    ['no payload', '$ANSIBLE_VAULT;1.1;AES256\n', PASSWORD, /missing/],
    ['no hexadecimal', '$ANSIBLE_VAULT;1.1;AES256\nhello', PASSWORD, /missing/],
    ['an old cipher', '$ANSIBLE_VAULT;1.0;AES\n6162', PASSWORD, /not known/],
    ['bytes that are no text', vaulted(Buffer.from([0xff, 0xfe]), 'vault pass'), PASSWORD, /not UTF-8/],
  ])('says what is wrong: %s', (_, text, password, message) => {
    const opened = openVault(text, password);
    expect(opened).toMatchObject({ ok: false, message: expect.stringMatching(message) });
  });
});

describe('isVault', () => {
  it.each([
    [LABELLED, true],
    ['a: $ANSIBLE_VAULT;1.1;AES256', false],
    ['', false],
  ])('%j', (text, is) => {
    expect(isVault(text)).toBe(is);
  });
});
