import { isIpAddress } from '../replication/address.ts';
import { MANAGED } from '../text/managed.ts';
import { trimmedEnd } from '../text/trim.ts';
import { SensitiveText } from '../secret.ts';

const KEPT = '# Kept as this node had it, since Git does not say it';
const OURS = '# Of redisops';

/** Addresses of every host, or of all its interfaces: there is nothing to wait for. */
const ALWAYS_THERE = /^(?:-|\*|127\.|0\.0\.0\.0$|::1?$)/;

/**
 * The drop-in that lets Redis write its data directory: Debian’s unit has `ProtectSystem=strict`. The path has only
 * characters that mean nothing to systemd (`readFolder`). No `TMPDIR`: Redis’s temporary file stands in `dir`.
 * @param bind Redis’s `bind`, with spaces between the addresses.
 * @param sentinel Absent where Redis starts at once.
 */
export function renderDropIn(folder: string, bind = '', sentinel: SentinelWait | null = null): SensitiveText {
  const addresses = bind.split(/\s+/).filter((word) => isIpAddress(word) && !ALWAYS_THERE.test(word));
  const wait = addresses.length === 0 ? [] : [waitFor(addresses)];
  const yields = sentinel === null ? [] : [yieldTo(sentinel)];
  return new SensitiveText([MANAGED, '[Service]', ...wait, ...yields, `ReadWritePaths=${folder}`, ''].join('\n'));
}

/**
 * Redis ends if an address of `bind` is missing, and systemd gives up after five starts within ten seconds: a network that
 * is up late would leave it down. Each start waits five seconds for the addresses, so systemd never gives up on this
 * cause. Outside of the sandbox (`+`), which allows no shell.
 */
function waitFor(addresses: readonly string[]): string {
  const here = '[ -n "$$(ip -o address show to $$a)" ]';
  const wait = `for i in 1 2 3 4 5; do ${here} && break; sleep 1; done`;
  return `ExecStartPre=-+/bin/sh -c 'command -v ip >/dev/null || exit 0; for a in ${addresses.join(' ')}; do ${wait}; done'`;
}

/** How long a start waits for the Sentinel of the host to name another master. */
export interface SentinelWait {
  /** Its sentinel.conf, which it rewrites at each failover. */
  file: string;
  masterName: string;
  /** The node’s own endpoint. */
  host: string;
  port: number;
  seconds: number;
}

/** What a start by redisops leaves for the wait: it moved the role before, or knows that the data is on disk. */
export const STARTS_NOW = '/run/redisops.starts-now.';

/**
 * A master that crashed comes back with less than its replicas have; without persistence it is empty, and they would copy
 * that. So it waits while its Sentinel still names it the master: Sentinel then fails over first.
 */
function yieldTo({ file, masterName, host, port, seconds }: SentinelWait): string {
  const named = `grep -qs "^sentinel monitor ${masterName} ${host} ${port} " ${file}`;
  return `ExecStartPre=-+/bin/sh -c 'rm ${STARTS_NOW}%n 2>/dev/null && exit 0; for i in $$(seq ${seconds}); do ${named} || exit 0; sleep 1; done'`;
}

/** The same, after the settings that someone else had in a drop-in of that name. */
export function withKeptSettings(dropIn: SensitiveText, theirs: string): SensitiveText {
  return dropIn.map((plain) => {
    const ours = plain.startsWith(MANAGED) ? plain.slice(MANAGED.length + 1) : plain;
    return [MANAGED, KEPT, trimmedEnd(theirs, '\n'), OURS, ours].join('\n');
  });
}

/** Foreign settings kept in redisops’ drop-in; empty if there are none. */
export function keptSettings(dropIn: SensitiveText): string {
  const lines = dropIn.reveal().split('\n');
  const [from, to] = [lines.indexOf(KEPT), lines.indexOf(OURS)];
  return from === -1 || to < from ? '' : lines.slice(from + 1, to).join('\n');
}

/** What a unit file sets, line by line: no comments, no sections. */
export function settingsIn(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => (/^\s*(?:[#;[]|$)/.test(line) ? [] : [line.trim()]));
}
