import { floatOf, integerOf } from '../values/number-text.ts';
import {
  IpNetwork,
  ipNetworkOf,
  isHostmask,
  isNetmask,
  numberedAddress,
  parseIpNetwork,
  reverseName,
  type IpVersion,
} from './network.ts';
import { TemplateMistake } from '../mistake.ts';
import { isTrue } from '../values/operators.ts';
import { List, type Value } from '../values/value.ts';

/** The subject of a query: the network, its original text, and whether that had a prefix. */
interface Asked {
  v: IpNetwork;
  value: string;
  kind: 'address' | 'network';
}

type Query = (asked: Asked) => Value;

function network(text: string): IpNetwork {
  const parsed = parseIpNetwork(text);
  if (!parsed) throw new TemplateMistake('asks of a network that is none');
  return parsed;
}

const PRIVATE = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '239.0.0.0/8',
  '169.254.0.0/16',
  'fc00::/7',
  'fec0::/10',
  'fe80::/10',
].map(network);
const LOOPBACK = ['127.0.0.0/8', '::1/128'].map(network);
const LINK_LOCAL = ['169.254.0.0/16', 'fe80::/10'].map(network);
const MULTICAST = ['224.0.0.0/4', 'ff00::/8'].map(network);
const SIX_TO_FOUR = network('2002::/16');

function isOf(networks: readonly IpNetwork[], v: IpNetwork): boolean {
  return networks.some((each) => each.holds(v));
}

/** Only its address. */
function host({ version, value, width }: IpNetwork): IpNetwork {
  return new IpNetwork(version, value, width);
}

function isPublic(v: IpNetwork): boolean {
  const own = host(v);
  return !(
    isOf(MULTICAST, own) ||
    isOf(PRIVATE, own) ||
    isOf(LOOPBACK, own) ||
    isNetmask(v.value, v.version) ||
    isHostmask(v.value)
  );
}

const whether =
  (holds: (v: IpNetwork) => boolean): Query =>
  ({ v, value }) =>
    holds(v) ? value : null;

/** Only a value with a prefix counts as a network. */
const ofNetwork =
  (answer: (v: IpNetwork) => Value): Query =>
  ({ v, kind }) => {
    if (kind === 'address') throw new TemplateMistake('asks that of an address, which is no network');
    return answer(v);
  };

/** The first and last address usable by a host. */
function usableRange({ first, last, size }: IpNetwork): readonly [first: bigint, last: bigint] {
  return size === 2n ? [first, last] : [first + 1n, last - 1n];
}

/** The address at that distance, if usable by a host. */
export function usableAt(v: IpNetwork, steps: bigint): Value {
  if (v.size === 1n) return null;
  const [first, last] = usableRange(v);
  const address = numberedAddress(v.value + steps);
  return v.value + steps >= first && v.value + steps <= last ? address : null;
}

const address: Query = ({ v }) => {
  if (v.size === 1n || v.value !== v.first || v.broadcast === null || v.version === 6) return v.ip;
  return null;
};

const hostWithPrefix: Query = ({ v }) =>
  v.size > 2n && (v.value === v.first || v.value === v.broadcast) ? false : v.text;

const isHost = (v: IpNetwork): boolean => v.size === 2n || (v.size > 1n && v.value !== v.first);

function peer(v: IpNetwork): Value {
  if (v.size === 2n) return numberedAddress(v.value ^ 1n);
  if (v.size !== 4n) throw new TemplateMistake('asks for the peer in a network that is not point-to-point');
  if (v.value % 4n === 0n || v.value % 4n === 3n)
    throw new TemplateMistake('asks for the peer of a network’s own address, or of its broadcast');
  return numberedAddress(v.value ^ 3n);
}

function sixToFour({ v, value, kind }: Asked): Value {
  if (v.version === 6) {
    const is = kind === 'address' ? isOf([SIX_TO_FOUR], v) : v.value !== v.first && isOf([SIX_TO_FOUR], host(v));
    return is ? value : false;
  }
  if (v.size > 1n && v.value === v.first) return false;
  if (!isPublic(v) && !isOf(PRIVATE, host(v))) return false;
  const hex = v.value.toString(16).padStart(8, '0');
  return `2002:${hex.slice(0, 4)}:${hex.slice(4)}::1/48`;
}

/** From an IPv6 address that embeds an IPv4 address. */
function asFour({ v, value }: Asked): Value {
  if (v.version === 4) return value;
  const low = v.value <= 0xffffffffn ? v.value : v.value - 0xffff00000000n;
  return ipNetworkOf(4, low, BigInt(v.prefix - 96))?.text ?? false;
}

const asSix: Query = ({ v, value }) =>
  v.version === 6 ? value : new IpNetwork(6, 0xffff00000000n + v.value, v.prefix + 96).text;

const netmask = (v: IpNetwork): string => v.textOf(v.netmask);
const hostmask: Query = ({ v }) => v.textOf(v.hostmask);
const networkAddress: Query = ({ v }) => v.textOf(v.first);
const subnet: Query = ({ v }) => v.cidr.text;
const loopback = whether((v) => isOf(LOOPBACK, host(v)));

const QUERIES: Readonly<Record<string, Query>> = {
  '': ({ v, kind }) => (kind === 'address' ? v.ip : v.text),
  '6to4': sixToFour,
  address,
  ip: address,
  'address/prefix': hostWithPrefix,
  gateway: hostWithPrefix,
  gw: hostWithPrefix,
  'host/prefix': hostWithPrefix,
  hostnet: hostWithPrefix,
  router: hostWithPrefix,
  bool: () => true,
  broadcast: ({ v }) => (v.size > 2n ? v.textOf(v.last) : null),
  cidr: ({ v }) => v.text,
  first_usable: ofNetwork((v) => (v.size === 1n ? null : numberedAddress(v.size === 2n ? v.first : v.first + 1n))),
  last_usable: ofNetwork((v) => (v.size === 1n ? null : numberedAddress(usableRange(v)[1]))),
  next_usable: ofNetwork((v) => usableAt(v, 1n)),
  previous_usable: ofNetwork((v) => usableAt(v, -1n)),
  range_usable: ofNetwork((v) => (v.size === 1n ? null : usableRange(v).map(numberedAddress).join('-'))),
  peer: ofNetwork(peer),
  host: ({ v }) => (v.size === 1n || v.value !== v.first || v.broadcast === null ? v.text : null),
  hostmask,
  wildcard: hostmask,
  int: ({ v, kind }) => (kind === 'address' ? v.value : `${v.value}/${v.prefix}`),
  'ip/prefix': ({ v }) => (isHost(v) ? v.text : null),
  ip_netmask: ({ v }) => (isHost(v) ? `${v.ip} ${netmask(v)}` : null),
  ipv4: asFour,
  ipv6: asSix,
  'link-local': whether((v) => isOf(LINK_LOCAL, host(v))),
  lo: loopback,
  loopback,
  multicast: whether((v) => isOf(MULTICAST, v)),
  unicast: whether((v) => !isOf(MULTICAST, v)),
  net: ({ v }) => (v.size > 1n && v.value === v.first ? v.text : null),
  netmask: ({ v }) => netmask(v),
  network: networkAddress,
  network_id: networkAddress,
  'network/prefix': subnet,
  subnet,
  network_netmask: ({ v }) => `${v.textOf(v.first)} ${netmask(v)}`,
  network_wildcard: ({ v }) => `${v.textOf(v.first)} ${v.textOf(v.hostmask)}`,
  prefix: ({ v }) => BigInt(v.prefix),
  private: whether((v) => isOf(PRIVATE, v)),
  public: whether(isPublic),
  revdns: ({ v }) => reverseName(v),
  size: ({ v }) => v.size,
  size_usable: ({ v }) => (v.size === 1n ? 0n : v.size === 2n ? 2n : v.size - 2n),
  type: ({ v }) => (v.size > 1n && v.value === v.first ? 'network' : 'address'),
  version: ({ v }) => BigInt(v.version),
  wrap: ({ v, value, kind }) => (v.version === 4 ? value : kind === 'address' ? `[${v.ip}]` : `[${v.ip}]/${v.prefix}`),
};

/** Null if it is neither an address nor a network. */
function asked(value: Value, version: IpVersion | null): Asked | null {
  if (typeof value !== 'string' && typeof value !== 'bigint') return null;
  const text = String(value);
  if (/^\d+$/.test(text)) {
    const number = text.length > 40 ? null : BigInt(text);
    const v =
      number === null ? null : ((version === 6 ? null : ipNetworkOf(4, number, 32n)) ?? ipNetworkOf(6, number, 128n));
    return v && { v, value: v.text, kind: 'address' };
  }
  if (typeof value !== 'string') return null;
  const v = parseIpNetwork(value);
  if (v) return { v, value, kind: value.split('/').length === 2 ? 'network' : 'address' };
  return numberWithPrefix(value);
}

/** `3232235776/24` */
function numberWithPrefix(text: string): Asked | null {
  const parts = text.length > 60 ? [] : text.split('/').map((part) => integerOf(part, 10));
  const [number = null, prefix = null] = parts;
  if (number === null || prefix === null || parts.length !== 2) return null;
  const v = ipNetworkOf(4, number, prefix) ?? ipNetworkOf(6, number, prefix);
  return v && { v, value: v.text, kind: 'network' };
}

/**
 * `ansible.utils.ipaddr`: the answer to a query about an address or network, false for anything else; for a list, the
 * answers of its items.
 * @throws TemplateMistake for unknown queries.
 */
export function ipaddr(value: Value, query: string, version: IpVersion | null = null): Value {
  if (value instanceof List && (value.kind === 'list' || value.kind === 'tuple'))
    return new List(value.items.map((item) => ipaddr(item, query, version)).filter((item) => isTrue(item)));
  const about = asked(value, version);
  if (!about) return false;
  const own = Object.hasOwn(QUERIES, query) ? QUERIES[query] : undefined;
  const range = own || /^\d+$/.test(query) ? null : parseIpNetwork(query);
  if (version !== null && about.v.version !== version) return false;
  if (range) return range.holds(about.v) ? about.value : null;
  return own ? own(about) : atIndex(about, query);
}

function atIndex({ v, kind }: Asked, query: string): Value {
  if (floatOf(query) === null) throw new TemplateMistake('asks ipaddr for something that it does not know');
  if (v.size === 1n) return kind === 'address' ? v.ip : v.text;
  const index = integerOf(query, 10);
  const found = index === null ? null : nthOf(v, index);
  return found === null ? false : `${found}/${v.prefix}`;
}

/** Negative indexes count from the end; null if out of range. */
export function nthOf(v: IpNetwork, index: bigint): string | null {
  if (index >= v.size || index < -v.size) return null;
  return v.textOf(index < 0n ? v.last + index + 1n : v.first + index);
}
