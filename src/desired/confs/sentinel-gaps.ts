import type { TemplateGap } from '../../domain/desired.ts';
import { Secret } from '../../domain/secret.ts';
import { quoteArgument } from '../../domain/text/arguments.ts';
import { isLoopback, type SentinelFile } from '../../domain/sentinel/sentinel-file.ts';

/** The cluster that sentinel.conf should watch. */
export interface Watched {
  /** The nominated master. */
  master: { name: string; address: string; port: number };
  password: Secret | null;
  /** Number of Sentinels; null while Git asks for none: then nothing is blocked. */
  sentinels: number | null;
  /** Number of hosts that the file is for. */
  size: number;
  isTemplate: boolean;
}

interface Gap {
  message: string;
  /** No failover could happen. */
  isFatal?: true;
  hint?: string;
}

/**
 * Settings of a sentinel.conf that would make a failover fail, before it is written. Those with which none could happen
 * block the plan.
 */
export function sentinelGaps(file: SentinelFile, watched: Watched): readonly TemplateGap[] {
  const usual = watched.isTemplate
    ? 'The template is the team’s: redisops adds nothing to it.'
    : 'Change the redis_sentinel_* variables.';
  return [
    ...monitorGaps(file, watched),
    ...quorumGaps(file, watched),
    ...passwordGaps(file, watched),
    ...networkGaps(file),
    ...otherGaps(file),
  ].map(({ message, isFatal, hint }) => ({
    blocks: isFatal === true && watched.sentinels !== null,
    ...(isFatal ? { code: 'SENTINEL_UNSAFE' as const } : {}),
    message: `sentinel.conf: ${message}`,
    hint: hint ?? usual,
  }));
}

function ownMonitor({ monitors }: SentinelFile, { master }: Watched) {
  return monitors.find(({ host, port }) => (host === master.address || host === master.name) && port === master.port);
}

function monitorGaps(file: SentinelFile, watched: Watched): readonly Gap[] {
  if (file.monitors.length === 0) return [{ message: 'it monitors no master', isFatal: true }];
  const loopback = file.monitors.find(({ host }) => isLoopback(host));
  if (loopback)
    return [
      {
        message: `it monitors ${loopback.host}: each Sentinel would watch its own host, and clients would be sent to ${loopback.host}`,
        isFatal: true,
      },
    ];
  const { address, port } = watched.master;
  return ownMonitor(file, watched)
    ? []
    : [{ message: `it does not monitor the nominated master, ${address}:${port}`, isFatal: true }];
}

function quorumGaps(file: SentinelFile, watched: Watched): readonly Gap[] {
  const { size } = watched;
  const own = ownMonitor(file, watched);
  const majority = Math.floor(size / 2) + 1;
  const found: Gap[] = [];
  if (own && own.quorum > size)
    found.push({
      message: `its quorum of ${own.quorum} is never reached by ${size} nodes: no failover would begin`,
      isFatal: true,
    });
  else if (own && own.quorum < majority)
    found.push({
      message: `its quorum of ${own.quorum} is less than the majority of ${size} nodes, which is ${majority}: few begin a failover`,
    });
  if (watched.sentinels !== null && size < 3)
    found.push({
      message: `${size === 1 ? 'one Sentinel is' : 'two Sentinels are'} no majority once the master’s host is gone: no failover would happen`,
      isFatal: true,
      hint: 'Run Sentinel on three hosts. Three survive the loss of one host, five of two; four survive no more than three.',
    });
  else if (watched.sentinels !== null && size % 2 === 0)
    found.push({
      message: `${size} Sentinels survive the loss of no more hosts than ${size - 1}, and have one more to lose`,
      hint: 'Run Sentinel on an odd number of hosts: three, or five.',
    });
  return found;
}

function passwordGaps(file: SentinelFile, watched: Watched): readonly Gap[] {
  const { password } = watched;
  const own = ownMonitor(file, watched);
  const given = own ? file.ofMaster(own.master, 'auth-pass') : null;
  if (own && password && given === null)
    return [{ message: 'it has no auth-pass, but Redis has a password: Sentinel could not log in', isFatal: true }];
  const quotedWord = [given, file.password].find((word) => word !== null && quoteArgument(word) !== word);
  if (quotedWord !== undefined)
    return [
      {
        message:
          'it has a password with a space, a quote or another character that needs quotes: Sentinel rewrites its file without them, and does not start again',
        isFatal: true,
        hint: 'Use a password of letters, digits and punctuation other than quotes and backslashes. Sentinel’s own file loses the rest.',
      },
    ];
  if (password && given !== null && !password.equals(new Secret(given)))
    return [{ message: 'its auth-pass is not the master’s requirepass: Sentinel could not log in', isFatal: true }];
  return [];
}

/** Sentinels vote over connections of their own, from host to host. */
function networkGaps(file: SentinelFile): readonly Gap[] {
  const found: Gap[] = [];
  if (file.isProtected) {
    const at = file.statements.findLast(({ name }) => name === 'protected-mode');
    found.push({
      message: `line ${at?.line}, \`protected-mode yes\`, without a requirepass: Sentinels refuse each other (DENIED), so they never agree that the master is down, and no failover happens`,
      isFatal: true,
      hint: 'Write `protected-mode no` and a `bind` to the host’s own address, or give every Sentinel the same `requirepass`.',
    });
  }
  if (file.listensOnLoopbackOnly)
    found.push({
      message: 'its bind has loopback addresses only: the other Sentinels would not reach it',
      isFatal: true,
    });
  return found;
}

function otherGaps(file: SentinelFile): readonly Gap[] {
  if (file.words('sentinel deny-scripts-reconfig')?.[0]?.toLowerCase() !== 'no') return [];
  return [{ message: 'deny-scripts-reconfig no lets whoever reaches Sentinel name scripts that it runs' }];
}
