import type { SentinelFile } from './sentinel-file.ts';

/** A setting whose value in the file is not Git’s. `live`: SENTINEL SET or SENTINEL CONFIG SET changes it at run time. */
export interface SettingDifference {
  /** Null for a setting of Sentinel itself. */
  master: string | null;
  setting: string;
  /** Masked for passwords; null if not set. */
  from: string | null;
  to: string | null;
  live: boolean;
}

/** `quorum 2 → 3`. */
export function saidDifference({ setting, from, to }: SettingDifference): string {
  return `${setting} ${from ?? 'not set'} → ${to ?? 'not set'}`;
}

/** By name, with Sentinel’s default (Redis 7.0, sentinel.c). Sentinel’s own file leaves defaults out. */
type Settings = Readonly<Record<string, { default: string | null; live: boolean }>>;

/** Settings of a master. */
const OF_MASTER: Settings = {
  'down-after-milliseconds': { default: '30000', live: true },
  'failover-timeout': { default: '180000', live: true },
  'parallel-syncs': { default: '1', live: true },
  'master-reboot-down-after-period': { default: '0', live: true },
  'auth-user': { default: null, live: true },
  'auth-pass': { default: null, live: true },
  // deny-scripts-reconfig, which is on by default, keeps SENTINEL SET from changing them.
  'notification-script': { default: null, live: false },
  'client-reconfig-script': { default: null, live: false },
};

/** Settings of a master that SENTINEL SET takes. */
export const LIVE_OF_MASTER: readonly string[] = Object.entries(OF_MASTER).flatMap(([name, { live }]) =>
  live ? [name] : [],
);

/** Settings of Sentinel itself. */
const OF_SENTINEL: Settings = {
  'sentinel resolve-hostnames': { default: 'no', live: true },
  'sentinel announce-hostnames': { default: 'no', live: true },
  'sentinel announce-ip': { default: null, live: true },
  'sentinel announce-port': { default: null, live: true },
  'sentinel sentinel-user': { default: null, live: true },
  'sentinel sentinel-pass': { default: null, live: true },
  'sentinel deny-scripts-reconfig': { default: 'yes', live: false },
  port: { default: '26379', live: false },
  bind: { default: '* -::*', live: false },
  'protected-mode': { default: 'no', live: false },
  requirepass: { default: null, live: false },
};

const SECRET = /(?:pass|requirepass)$/;
const MASK = '••••••';

/**
 * Settings of the wanted file that the present one lacks or has otherwise. Settings that Git does not mention, and
 * everything that is state, stay as they are.
 */
export function settingDifferences(wanted: SentinelFile, present: SentinelFile): readonly SettingDifference[] {
  const inFile = (file: SentinelFile) => (setting: string) => textOf(file.words(setting));
  return [
    ...differencesIn(OF_SENTINEL, null, inFile(wanted), inFile(present)),
    ...wanted.monitors.flatMap(({ master }) => ofMaster(master, wanted, present)),
  ];
}

function ofMaster(master: string, wanted: SentinelFile, present: SentinelFile): readonly SettingDifference[] {
  const quorumOf = (file: SentinelFile) => file.monitors.find((each) => each.master === master)?.quorum;
  const [is, asked] = [quorumOf(present), quorumOf(wanted)];
  if (is === undefined || asked === undefined) return [];
  const inFile = (file: SentinelFile) => (setting: string) => file.ofMaster(master, setting);
  return [
    ...difference(master, 'quorum', String(is), String(asked), true),
    ...differencesIn(OF_MASTER, master, inFile(wanted), inFile(present)),
  ];
}

type ValueOf = (setting: string) => string | null;

function differencesIn(
  settings: Settings,
  master: string | null,
  wanted: ValueOf,
  present: ValueOf,
): readonly SettingDifference[] {
  return Object.entries(settings).flatMap(([setting, { default: usual, live }]) => {
    const to = wanted(setting);
    return to === null ? [] : difference(master, setting, present(setting) ?? usual, to, live);
  });
}

function difference(
  master: string | null,
  setting: string,
  from: string | null,
  to: string,
  live: boolean,
): readonly SettingDifference[] {
  if (from === to) return [];
  const shown = (value: string | null) => (value !== null && SECRET.test(setting) ? MASK : value);
  return [{ master, setting, from: shown(from), to: shown(to), live }];
}

/** Yes and no in any case; the order of addresses does not matter. */
function textOf(words: readonly string[] | null): string | null {
  if (words === null) return null;
  const [word = ''] = words;
  if (words.length === 1) return /^(?:yes|no)$/i.test(word) ? word.toLowerCase() : word;
  return words.toSorted().join(' ');
}
