/** What a planted value would be, once Redis has saved it into the file that an intruder chose. */
export type PlantedKind = 'a crontab line' | 'an SSH key' | 'a script' | 'a program';

/** A key whose value only makes sense in such a file. */
export interface PlantedKey {
  name: string;
  kind: PlantedKind;
}

/**
 * Key names of public attack scripts and of the tools that copy them. Names prove nothing: the value decides. Sources:
 * http://antirez.com/news/96 (crackit), and the `backup1`…`backup4` of the miners that spread through open ports.
 */
export const PLANTED_NAMES: readonly string[] = [
  'backup1 backup2 backup3 backup4 Backup1 Backup2 Backup3 Backup4 trojan1 trojan2 trojan3 trojan4 backup redis2 red2',
  'crackit crack cron crontab cronjob root payload pwn pwned shell webshell evil exp exploit hack hacked miner',
  'ssh sshkey ssh_key ssh-key authorized_keys id_rsa key mykey test tmp x xx xxx a 0 1 2',
].flatMap((names) => names.split(' '));

/** Bytes of a value that are read: an intruder’s line is short, and stands first. */
export const PLANTED_BYTES = 400;
/** A database with no more keys is read whole: an intruder empties it before the first save. */
export const FEW_KEYS = 16;

const SCHEDULE =
  /(?:^|\n)[ \t]{0,8}(?:@(?:reboot|hourly|daily|midnight|weekly|monthly|annually|yearly)|(?:[\d*/,-]{1,20}[ \t]{1,8}){4}[\d*/,a-z-]{1,20})[ \t]{1,8}\S/i;
const SSH_KEY = /(?:^|[\n "])(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d{3}|sk-\S{1,40}) AAAA/;
const SCRIPT = /(?:^|\n)#!\/|<\?(?:php|=)|<%@? ?(?:page|eval|Runtime)/i;
const PROGRAM = /^\u007fELF/;

/**
 * What the value would be in a file; null for data. In a file of Redis’s format only a line of its own works, so for
 * names that say nothing a line feed must stand before it.
 */
export function plantedKind(name: string, value: string): PlantedKind | null {
  const isKnown = PLANTED_NAMES.includes(name);
  const text = isKnown ? value : value.slice(value.indexOf('\n'));
  if (!isKnown && !value.includes('\n')) return null;
  if (SCHEDULE.test(text)) return 'a crontab line';
  if (SSH_KEY.test(text)) return 'an SSH key';
  if (PROGRAM.test(value)) return 'a program';
  return isKnown && SCRIPT.test(text) ? 'a script' : null;
}
