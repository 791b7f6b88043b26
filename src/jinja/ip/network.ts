import { TemplateMistake, notSupported } from '../mistake.ts';
import { integerOf } from '../values/number-text.ts';

export type IpVersion = 4 | 6;
const WIDTH: Readonly<Record<IpVersion, number>> = { 4: 32, 6: 128 };
const LONGEST = 100;

/** An address with the size of its network, as Python’s netaddr keeps it: the bits of the host stay. */
export class IpNetwork {
  readonly version: IpVersion;
  readonly value: bigint;
  readonly prefix: number;

  constructor(version: IpVersion, value: bigint, prefix: number) {
    this.version = version;
    this.value = value;
    this.prefix = prefix;
  }

  get width(): number {
    return WIDTH[this.version];
  }

  /** How many addresses. */
  get size(): bigint {
    return 1n << BigInt(this.width - this.prefix);
  }

  get hostmask(): bigint {
    return this.size - 1n;
  }

  get netmask(): bigint {
    return greatest(this.version) ^ this.hostmask;
  }

  get first(): bigint {
    return this.value & this.netmask;
  }

  get last(): bigint {
    return this.value | this.hostmask;
  }

  /** Null in networks of IPv4 that are too small for one. */
  get broadcast(): bigint | null {
    return this.version === 4 && this.width - this.prefix <= 1 ? null : this.last;
  }

  /** Without the bits of the host. */
  get cidr(): IpNetwork {
    return new IpNetwork(this.version, this.first, this.prefix);
  }

  get ip(): string {
    return addressText(this.version, this.value);
  }

  get text(): string {
    return `${this.ip}/${this.prefix}`;
  }

  /** Another address of the same version. */
  textOf(value: bigint): string {
    return addressText(this.version, value);
  }

  holds(other: IpNetwork): boolean {
    return this.version === other.version && other.first >= this.first && other.last <= this.last;
  }
}

function greatest(version: IpVersion): bigint {
  return (1n << BigInt(WIDTH[version])) - 1n;
}

/** Null for an address or a prefix out of range. */
export function ipNetworkOf(version: IpVersion, value: bigint, prefix: bigint): IpNetwork | null {
  const fits = value >= 0n && value <= greatest(version) && prefix >= 0n && prefix <= BigInt(WIDTH[version]);
  return fits ? new IpNetwork(version, value, Number(prefix)) : null;
}

/** A plain number: IPv4 if small enough. @throws TemplateMistake */
export function numberedAddress(value: bigint): string {
  if (value < 0n || value > greatest(6)) throw new TemplateMistake('leaves the range of addresses');
  return addressText(value <= greatest(4) ? 4 : 6, value);
}

function addressText(version: IpVersion, value: bigint): string {
  return version === 4 ? quad(value) : hextets(value);
}

function quad(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.');
}

/** As glibc’s inet_ntop: the longest zeros go, and what holds an address of IPv4 shows it. */
function hextets(value: bigint): string {
  const words = Array.from({ length: 8 }, (_, index) => Number((value >> BigInt(112 - 16 * index)) & 0xffffn));
  let [from, length] = [-1, 1];
  for (let at = 0; at < 8; at += 1) {
    let end = at;
    while (end < 8 && words[end] === 0) end += 1;
    if (end - at > length) [from, length] = [at, end - at];
  }
  const hold = from === 0 && (length === 6 || (length === 5 && words[5] === 0xffff));
  if (hold) return `${length === 6 ? '::' : '::ffff:'}${quad(value & 0xffffffffn)}`;
  const hex = words.map((word) => word.toString(16));
  return from === -1 ? hex.join(':') : `${hex.slice(0, from).join(':')}::${hex.slice(from + length).join(':')}`;
}

/** An address without a prefix, as parsed by inet_pton; null for anything else. */
export function addressOf(text: string, version: IpVersion): bigint | null {
  if (text.length > LONGEST) return null;
  return version === 4 ? valueOfQuad(text) : valueOfHextets(text);
}

function valueOfQuad(text: string): bigint | null {
  const parts = text.split('.');
  const isQuad = parts.length === 4 && parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  return isQuad ? parts.reduce((value, part) => value * 256n + BigInt(part), 0n) : null;
}

function valueOfHextets(text: string): bigint | null {
  const last = text.slice(text.lastIndexOf(':') + 1);
  const tail = last.includes('.') && /^\d[\d.]*$/.test(last) ? last : undefined;
  const low = tail === undefined ? null : valueOfQuad(tail);
  if (tail !== undefined && low === null) return null;
  const written =
    low === null || tail === undefined
      ? text
      : `${text.slice(0, -tail.length)}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`;
  const [head = '', rest, ...more] = written.split('::');
  if (more.length > 0) return null;
  const words = (part: string): readonly string[] => (part === '' ? [] : part.split(':'));
  const [left, right] = [words(head), words(rest ?? '')];
  const missing = 8 - left.length - right.length;
  if (rest === undefined ? missing !== 0 : missing < 1) return null;
  const all = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  if (!all.every((word) => /^[\da-f]{1,4}$/i.test(word))) return null;
  return all.reduce((value, word) => value * 0x10000n + BigInt(`0x${word}`), 0n);
}

/** `10.0.0.1`, `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `10/8`, `2001:db8::/32`; null for anything else. */
export function parseIpNetwork(text: string): IpNetwork | null {
  if (text.length > LONGEST) return null;
  if (/[\u0080-\uffff]/.test(text)) throw notSupported('an address of other than ASCII letters');
  return parseOf(text, 4) ?? parseOf(text, 6);
}

function parseOf(text: string, version: IpVersion): IpNetwork | null {
  const slash = text.indexOf('/');
  const address = slash === -1 ? text : text.slice(0, slash);
  const value = addressOf(address, version) ?? (version === 4 ? partialQuad(address) : null);
  if (value === null) return null;
  const prefix = slash === -1 ? BigInt(WIDTH[version]) : prefixOf(text.slice(slash + 1), version);
  return prefix === null ? null : ipNetworkOf(version, value, prefix);
}

/** `10.1` is 10.1.0.0. */
function partialQuad(text: string): bigint | null {
  if (text.includes(':')) return null;
  const numbers = text.split('.').map((part) => integerOf(part, 10));
  if (numbers.length > 4 || numbers.includes(null)) return null;
  const filled = [...numbers.map(String), '0', '0', '0'].slice(0, 4);
  return valueOfQuad(filled.join('.'));
}

/** A number, a netmask, or a mask of the host. */
function prefixOf(text: string, version: IpVersion): bigint | null {
  const number = integerOf(text, 10);
  if (number !== null) return number;
  const mask = addressOf(text, version);
  if (mask === null) return null;
  if (isNetmask(mask, version)) return BigInt(WIDTH[version] - bits(greatest(version) ^ mask));
  return isHostmask(mask) ? BigInt(WIDTH[version] - bits(mask)) : null;
}

export function isNetmask(value: bigint, version: IpVersion): boolean {
  return isHostmask(greatest(version) ^ value);
}

export function isHostmask(value: bigint): boolean {
  return (value & (value + 1n)) === 0n;
}

function bits(mask: bigint): number {
  return mask === 0n ? 0 : mask.toString(2).length;
}

/** For the DNS, with the dot at the end. */
export function reverseName({ version, value }: IpNetwork): string {
  if (version === 4) return `${quad(value).split('.').toReversed().join('.')}.in-addr.arpa.`;
  return `${value.toString(16).padStart(32, '0').split('').toReversed().join('.')}.ip6.arpa.`;
}
