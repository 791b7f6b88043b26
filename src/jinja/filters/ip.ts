import { bind, defined } from '../values/arguments.ts';
import type { Budget } from '../budget.ts';
import type { Filter, Filters } from './filter.ts';
import { integerOf } from '../values/number-text.ts';
import { hardwareAddress, hwaddr, interfaceIdentifier } from '../ip/hardware-address.ts';
import { addressOf, IpNetwork, ipNetworkOf, numberedAddress, parseIpNetwork } from '../ip/network.ts';
import { ipaddr, nthOf, usableAt } from '../ip/queries.ts';
import { mergedNetworks, spanningNetwork } from '../ip/ranges.ts';
import { TemplateMistake, notSupported } from '../mistake.ts';
import { isTrue } from '../values/operators.ts';
import { typeName } from '../values/python-text.ts';
import { List, type Value } from '../values/value.ts';

/** The argument as text, converted as in the filter’s own check. */
function text(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') return String(value);
  throw notSupported(`${typeName(defined(value))} in place of an address or a query`);
}

/** The same for an integer. */
function whole(value: Value): bigint {
  const number = typeof value === 'string' ? integerOf(value, 10) : value;
  if (typeof number === 'bigint') return number;
  throw new TemplateMistake(`gets ${typeName(defined(value))} where a whole number is expected`);
}

function texts(value: Value): readonly string[] {
  if (typeof value === 'string') return value.split(',');
  if (value instanceof List && value.kind === 'list') return value.items.map(text);
  throw notSupported(`${typeName(defined(value))} in place of a list of addresses`);
}

/** The values that address filters accept, which differ from their messages. */
function subject(value: Value, budget: Budget): Value {
  if (value instanceof List && value.kind === 'list') budget.items(value.items.length * 8);
  else if (typeof value !== 'string' && typeof value !== 'bigint' && typeof value !== 'boolean')
    throw new TemplateMistake(`gets ${typeName(defined(value))} in place of an address`);
  return value;
}

const ofVersion =
  (version: 4 | 6): Filter =>
  (value, given, { budget }) =>
    ipaddr(subject(value, budget), text(bind(given, ['query']).query ?? ''), version);

/** The network of a host’s address, with the host’s bits; null if it is not an address. */
function inNetwork(value: string): IpNetwork | null {
  const type = ipaddr(value, 'type');
  const written = type === false ? false : ipaddr(value, type === 'address' ? 'cidr' : 'subnet');
  return typeof written === 'string' ? parseIpNetwork(written) : null;
}

/** First and last number, as computed by the filters; 0 for anything else. */
function bounds(value: string, ends: readonly [first: string, last: string]): readonly [first: bigint, last: bigint] {
  const own = ipaddr(value, 'subnet');
  const number = (query: string): bigint => {
    const end = ipaddr(own, query);
    const found = ipaddr(isTrue(end) ? end : ipaddr(own, 'address'), 'int');
    return typeof found === 'bigint' ? found : 0n;
  };
  return [number(ends[0]), number(ends[1])];
}

const WHOLE = ['network', 'broadcast'] as const;
const USABLE = ['first_usable', 'last_usable'] as const;

function isWithin(test: string, value: string, ends: typeof WHOLE | typeof USABLE): boolean {
  const [[first, last], [from, to]] = [bounds(value, ends), bounds(test, WHOLE)];
  return first <= from && from <= last && first <= to && to <= last;
}

const within =
  (ends: typeof WHOLE | typeof USABLE): Filter =>
  (value, given) =>
    isWithin(text(bind(given, ['test'], 1).test ?? null), text(value), ends);

const usableAway =
  (direction: 1n | -1n): Filter =>
  (value, given) => {
    const offset = whole(bind(given, ['offset'], 1).offset ?? null);
    const v = inNetwork(text(value));
    return v ? usableAt(v, direction * offset) : false;
  };

function ipsubnet(value: string, query: string, index: bigint | null): Value {
  const own = inNetwork(value)?.cidr;
  if (!own) return false;
  if (query === '') return own.text;
  if (!/^\d+$/.test(query)) return placeIn(own, query);
  const prefix = query.length > 3 ? 1000 : Number(query);
  if (prefix > own.width) return false;
  return own.size === 1n ? supernet(own, prefix, index) : part(own, prefix, index);
}

/** Networks around an address, from the prefix on. */
function supernet(own: IpNetwork, prefix: number, index: bigint | null): Value {
  const width = BigInt(own.width);
  if (index !== null && (index > width + 1n - index || index < BigInt(prefix) - width)) return false;
  const count = own.width - prefix;
  const at = Number(index ?? 0n);
  if (at >= count || at < -count) throw new TemplateMistake('asks for a network around an address that is not there');
  return new IpNetwork(own.version, own.value, prefix + (at < 0 ? at + count : at)).cidr.text;
}

/** The number of parts of that size in a network, or one of them. */
function part(own: IpNetwork, prefix: number, index: bigint | null): Value {
  const bits = prefix - own.prefix;
  if (index === null) {
    if (bits < 0) throw new TemplateMistake('asks for parts of a network that are larger than it');
    return String(1n << BigInt(bits));
  }
  const count = bits < 0 ? 1n : 1n << BigInt(bits);
  const at = index < 0n ? index + (bits < 0 ? 0n : count) : index;
  if (at < 0n || at >= count) return false;
  const address = numberedAddress(own.first + (at << BigInt(own.width - prefix)));
  const found = parseIpNetwork(`${address}/${prefix}`);
  if (!found) throw new TemplateMistake('asks for a part of a network that is none');
  return found.text;
}

/** Its index among the parts of another network. */
function placeIn(own: IpNetwork, query: string): Value {
  const other = inNetwork(query);
  if (!other) throw new TemplateMistake('asks for the place in something that is no network');
  const shift = BigInt(own.width - other.prefix);
  if (shift < 0n || own.value >> shift !== other.value >> shift || own.prefix < other.prefix)
    throw new TemplateMistake('asks for the place in a network that it is not in');
  const rest = BigInt(own.width - own.prefix);
  const mask = ((1n << BigInt(own.prefix - other.prefix)) - 1n) << rest;
  return String(((own.value & mask) >> rest) + 1n);
}

const FILTERS: Filters = {
  ipaddr(value, given, { budget }) {
    const { query = '', version = null } = bind(given, ['query', 'version', 'alias']);
    const wanted = version === null ? 0n : whole(version);
    if (wanted !== 0n && wanted !== 4n && wanted !== 6n) throw notSupported('that version of addresses');
    return ipaddr(subject(value, budget), text(query), wanted === 0n ? null : wanted === 4n ? 4 : 6);
  },
  ipv4: ofVersion(4),
  ipv6: ofVersion(6),
  ipwrap(value, given, { budget }) {
    bind(given, []);
    if (typeof value === 'bigint') throw new TemplateMistake('gets int in place of an address');
    const wrapped = (each: Value): Value => {
      const own = ipaddr(each, '');
      return isTrue(own) ? ipaddr(own, 'wrap') : each;
    };
    const all = subject(value, budget);
    return all instanceof List
      ? new List(all.items.map((item) => (isTrue(ipaddr(item, '')) ? ipaddr(item, 'wrap') : item)))
      : wrapped(all);
  },
  ipsubnet(value, given) {
    const { query = '', index = null } = bind(given, ['query', 'index']);
    return ipsubnet(text(value), text(query), index === null ? null : whole(index));
  },
  ipmath(value, given) {
    const amount = whole(bind(given, ['amount'], 1).amount ?? null);
    const written = text(value);
    const own = written.includes('/') ? parseIpNetwork(written) : alone(written);
    if (!own) throw new TemplateMistake('counts from something that is no address');
    const sum = ipNetworkOf(own.version, own.value + amount, BigInt(own.width));
    if (!sum) throw new TemplateMistake('leaves the range of addresses');
    return sum.ip;
  },
  cidr_merge(value, given, { budget }) {
    const { action = 'merge' } = bind(given, ['action']);
    const all = texts(value);
    if (action === 'merge') return new List(mergedNetworks(all, budget).map((each) => each.text));
    if (action !== 'span') throw new TemplateMistake('merges networks in a way that is not known');
    return spanningNetwork(all, budget)?.text ?? null;
  },
  network_in_network: within(WHOLE),
  network_in_usable: within(USABLE),
  reduce_on_network(value, given, { budget }) {
    const network = text(bind(given, ['network'], 1).network ?? null);
    const all = texts(value);
    budget.items(all.length * 8);
    return new List(all.filter((each) => isWithin(each, network, WHOLE)));
  },
  nthhost(value, given) {
    const query = text(bind(given, ['query'], 1).query ?? null);
    const [v, index] = [inNetwork(text(value)), integerOf(query, 10)];
    if (!v || index === null || v.size <= index) return false;
    const found = nthOf(v, index);
    if (found === null) throw new TemplateMistake('asks for a host before the first one');
    return found;
  },
  next_nth_usable: usableAway(1n),
  previous_nth_usable: usableAway(-1n),
  slaac(value, given) {
    const query = text(bind(given, ['query'], 1).query ?? null);
    const v = inNetwork(text(value));
    const hardware = hardwareAddress(query);
    if (v?.version !== 6 || hardware === null) return false;
    const own = ipNetworkOf(6, v.first + interfaceIdentifier(hardware), 128n);
    if (!own) throw new TemplateMistake('leaves the range of addresses');
    return own.ip;
  },
  hwaddr: (value, given) => hwaddr(text(value), text(bind(given, ['query', 'alias']).query ?? '')),
  macaddr: (value, given) => hwaddr(text(value), text(bind(given, ['query']).query ?? '')),
};

/** Those of `ansible.utils`, also by FQCN. Parses an address each time, which costs more than one step. */
export const IP_FILTERS: Filters = Object.fromEntries(
  Object.entries(FILTERS).map(([name, filter]): [string, Filter] => [
    name,
    (value, given, evaluator) => {
      evaluator.budget.spend(8);
      return filter(value, given, evaluator);
    },
  ]),
);

/** An address without a prefix. */
function alone(written: string): IpNetwork | null {
  const four = addressOf(written, 4);
  const six = four === null ? addressOf(written, 6) : null;
  return four === null ? (six === null ? null : new IpNetwork(6, six, 128)) : new IpNetwork(4, four, 32);
}
