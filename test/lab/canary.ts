import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { onHost } from '../../lab/hosts.ts';

/** A password that is recognized anywhere, in any encoding. */
export interface Canary {
  password: string;
  needles: readonly string[];
}

/** Alphanumeric in the middle, which needs no escaping; around it characters that do. */
export function newCanary(): Canary {
  const core = randomBytes(18).toString('base64').replaceAll(/[+/]/g, 'x');
  const whole = `p+/${core}%'"$ &`;
  return { password: whole, needles: needlesOf(core) };
}

/** The text itself (URL-encoding and escaping leave it), in hexadecimal, reversed, and in base64 wherever it begins. */
export function needlesOf(core: string): readonly string[] {
  const bytes = Buffer.from(core);
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    // Characters at both ends depend on their neighbours.
    return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6) - 1).replace(/=+$/, '');
  });
  return [core, ...base64, bytes.toString('hex')];
}

export function holdsAny(text: string, needles: readonly string[]): boolean {
  return needles.some((needle) => text.includes(needle));
}

export interface Sampler {
  /** Every distinct command line and environment seen that holds a needle. */
  found(needles: readonly string[]): readonly string[];
  /** Distinct command lines seen, here and on the hosts. */
  commandLines: ReadonlySet<string>;
  rounds(): number;
  stop(): Promise<void>;
}

/** Keeps searching the arguments and the environment of all processes of this machine, including the lab’s hosts. */
export function startSampler(): Sampler {
  const commandLines = new Set<string>();
  const environments = new Set<string>();
  const state = { running: true, rounds: 0 };
  const loop = (async () => {
    while (state.running) {
      state.rounds += 1;
      for (const pid of readdirSync('/proc')) {
        if (!/^\d/.test(pid)) continue;
        commandLines.add(read(`/proc/${pid}/cmdline`));
        environments.add(read(`/proc/${pid}/environ`));
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  return {
    commandLines,
    found: (needles) => [...commandLines, ...environments].filter((text) => holdsAny(text, needles)),
    rounds: () => state.rounds,
    stop() {
      state.running = false;
      return loop;
    },
  };
}

/** Empty if the process has ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

/** Every key of a Redis with its content, uncompressed. */
export async function dumpOf(redis: Redis): Promise<string> {
  const lines: string[] = [];
  for (const key of await redis.keys('*')) lines.push(key, JSON.stringify(await valueOf(redis, key)));
  return lines.join('\n');
}

async function valueOf(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key);
  switch (type) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, '0', '-1');
    case 'stream':
      return redis.xrange(key, '-', '+');
    case 'none':
      return null;
    default:
      throw new Error(`${key} is a ${type}: nobody looked into it`);
  }
}

/** Files below a folder that contain a needle. */
export async function filesWith(folder: string, needles: readonly string[]): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if (holdsAny(await readFile(path, 'latin1'), needles)) found.push(path);
  }
  return found.toSorted();
}

const PLACES = '/etc /var /run /tmp /data /home /root /dev/shm /usr/local /srv /opt';

/** Files of a host that contain a needle. The needles go by standard input, so that they are not found themselves. */
export async function hostFilesWith(host: string, needles: readonly string[]): Promise<readonly string[]> {
  const command = `grep -rlaF -D skip -f - ${PLACES} 2>/dev/null`;
  const { code, stdout } = await onHost(host, command, { stdin: needles.join('\n') });
  // 2: a file disappeared meanwhile, or not even root may read it.
  if (![0, 1, 2].includes(code)) throw new Error(`${host}: grep ended with ${code}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .toSorted();
}

/** In seconds since the epoch; the hosts share this machine’s clock. No canary is older. */
const BEGUN = Math.floor(Date.now() / 1000);

/**
 * Whether a host’s journal contains a needle, in any field, including kernel messages. The host searches: a journal can
 * be too long for a string.
 */
export async function journalHolds(host: string, needles: readonly string[]): Promise<boolean> {
  const said = `{ journalctl --no-pager --all --since=@${BEGUN} -o export; dmesg 2>/dev/null; } </dev/null`;
  const { code } = await onHost(host, `exec 3<&0; ${said} | grep -qaF -f <(cat <&3)`, { stdin: needles.join('\n') });
  if (![0, 1].includes(code)) throw new Error(`${host}: grep ended with ${code}`);
  return code === 0;
}
