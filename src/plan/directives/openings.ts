import type { DirectiveChange, Opening } from '../../domain/action.ts';
import type { OpeningCode } from '../../domain/code.ts';
import { isLoopback, listensOn } from '../../domain/redis/bind.ts';

type Values = Pick<DirectiveChange, 'from' | 'to'>;

interface Door {
  code: OpeningCode;
  /** What becomes possible. No values: some are secrets. */
  says: string;
  isOpened(change: Values): boolean;
}

const BEYOND_DATA = 'clients may use commands that reach beyond the data';

/** What lets more people in, or lets them do more. docs/directives.md is generated from it. */
export const DOORS: Readonly<Record<string, Door>> = {
  'acl-pubsub-default': {
    code: 'OPENS_ACL',
    says: 'new users may use every channel',
    isOpened: ({ to }) => isNow(to, 'allchannels'),
  },
  aclfile: door('OPENS_FILE', 'users come from a file that is not in Git', isSomething),
  bind: door('OPENS_BIND', 'Redis listens on more addresses', isWider),
  'enable-debug-command': door('OPENS_COMMANDS', BEYOND_DATA, later('no', 'local', 'yes')),
  'enable-module-command': door('OPENS_COMMANDS', BEYOND_DATA, later('no', 'local', 'yes')),
  'enable-protected-configs': door('OPENS_COMMANDS', BEYOND_DATA, later('no', 'local', 'yes')),
  include: door('OPENS_FILE', 'settings come from a file that is not in Git', hasMoreWords),
  loadmodule: door('OPENS_FILE', 'Redis runs code from a file that is not in Git', isSomething),
  masteruser: door('OPENS_MASTER', 'replicas log in to the master as another user', isSomething),
  port: door('OPENS_TLS', 'clients may connect without TLS', ({ from }) => Number(from) === 0),
  'protected-mode': {
    code: 'OPENS_PROTECTED_MODE',
    says: 'without a password, clients from other hosts are let in',
    isOpened: ({ to }) => isNow(to, 'no'),
  },
  'rename-command': door('OPENS_COMMANDS', 'clients may use commands that were renamed or disabled', hasFewerRenames),
  requirepass: door('OPENS_PASSWORD', 'the password is removed or shorter', isWeaker),
  'sanitize-dump-payload': door(
    'OPENS_COMMANDS',
    'RESTORE checks less of what clients send',
    later('yes', 'clients', 'no'),
  ),
  'tls-auth-clients': door('OPENS_TLS', 'clients without a certificate are let in', later('yes', 'optional', 'no')),
  'tls-ca-cert-dir': door('OPENS_TLS', 'other certificates are trusted', isSomething),
  'tls-ca-cert-file': door('OPENS_TLS', 'other certificates are trusted', isSomething),
  'tls-ciphers': door('OPENS_TLS', 'other ciphers are accepted', () => true),
  'tls-ciphersuites': door('OPENS_TLS', 'other ciphers are accepted', () => true),
  'tls-port': door('OPENS_TLS', 'Redis no longer speaks TLS', ({ to }) => Number(to) === 0),
  'tls-protocols': door('OPENS_TLS', 'other versions of TLS are accepted', hasMoreVersions),
  'tls-replication': door('OPENS_TLS', 'replication is no longer encrypted', later('yes', 'no')),
  unixsocket: door('OPENS_SOCKET', 'local users may connect', isSomething),
  unixsocketperm: door('OPENS_SOCKET', 'more local users may connect', hasMoreRights),
};

/** What these changes open. */
export function openingsOf(changes: readonly DirectiveChange[]): readonly Opening[] {
  return changes.flatMap(({ directive, from, to }) => {
    const found = Object.hasOwn(DOORS, directive) ? DOORS[directive] : undefined;
    return found?.isOpened({ from, to }) ? [{ code: found.code, message: `${found.says} (${directive})` }] : [];
  });
}

function door(code: OpeningCode, says: string, isOpened: Door['isOpened']): Door {
  return { code, says, isOpened };
}

function isNow(value: string, wanted: string): boolean {
  return value.trim().toLowerCase() === wanted;
}

function isSomething({ to }: Values): boolean {
  return to.trim() !== '';
}

/** Whether the new value stands further back in this order; unknown values stand last. */
function later(...order: readonly string[]): Door['isOpened'] {
  const rank = (value: string): number => {
    const at = order.indexOf(value.trim().toLowerCase());
    return at === -1 ? order.length : at;
  };
  return ({ from, to }) => rank(to) > rank(from);
}

/** An address of this host itself admits nobody else. */
function isWider({ from, to }: Values): boolean {
  return addressesIn(to).some((address) => !isLoopback(address) && !listensOn(from, address));
}

/** `*` listens on every IPv4 address, `::*` on every IPv6 address. */
function addressesIn(bind: string): readonly string[] {
  const words = bind.split(/\s+/).map((word) => word.replace(/^-/, ''));
  return words.filter((word) => word !== '').map((word) => (word === '*' ? '0.0.0.0' : word === '::*' ? '::' : word));
}

function hasMoreWords({ from, to }: Values): boolean {
  const before = new Set(from.split(' '));
  return to.split(' ').some((word) => word !== '' && !before.has(word));
}

/** Empty: the versions that OpenSSL and Redis take for safe. */
function hasMoreVersions({ from, to }: Values): boolean {
  const versions = (value: string): string => (value.trim() === '' ? 'tlsv1.2 tlsv1.3' : value.toLowerCase());
  return hasMoreWords({ from: versions(from), to: versions(to) });
}

/** Pairs of names; an empty new name disables the command. */
function hasFewerRenames({ from, to }: Values): boolean {
  const after = new Set(pairsIn(to));
  return pairsIn(from).some((pair) => !after.has(pair));
}

function pairsIn(value: string): readonly string[] {
  const words = value.split(' ');
  return words.flatMap((word, at) =>
    at % 2 === 0 && word !== '' ? [`${word.toLowerCase()} ${words[at + 1] ?? ''}`] : [],
  );
}

/** Of masked values nothing is known but whether there is one. */
function isWeaker({ from, to }: Values): boolean {
  return from !== '' && to.length < from.length;
}

function hasMoreRights({ from, to }: Values): boolean {
  const bits = (value: string): number => (/^[0-7]{1,4}$/.test(value.trim()) ? Number.parseInt(value, 8) : 0o777);
  return (bits(to) & ~bits(from)) !== 0;
}
