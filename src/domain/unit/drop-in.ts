import { MANAGED } from '../text/managed.ts';
import { SensitiveText } from '../secret.ts';

const KEPT = '# Kept as this node had it, since Git does not say it';
const OURS = '# Of redisops';

/**
 * The drop-in that lets Redis write its data directory: Debian’s unit has `ProtectSystem=strict`. The path has only
 * characters that mean nothing to systemd (`readFolder`). No `TMPDIR`: Redis’s temporary file stands in `dir`.
 */
export function renderDropIn(folder: string): SensitiveText {
  return new SensitiveText([MANAGED, '[Service]', `ReadWritePaths=${folder}`, ''].join('\n'));
}

/** The same, after the settings that someone else had in a drop-in of that name. */
export function withKeptSettings(dropIn: SensitiveText, theirs: string): SensitiveText {
  return dropIn.map((plain) => {
    const ours = plain.startsWith(MANAGED) ? plain.slice(MANAGED.length + 1) : plain;
    return [MANAGED, KEPT, theirs.replace(/\n+$/, ''), OURS, ours].join('\n');
  });
}

/** The settings of someone else that a drop-in of redisops keeps; empty where there are none. */
export function keptSettings(dropIn: SensitiveText): string {
  const lines = dropIn.reveal().split('\n');
  const [from, to] = [lines.indexOf(KEPT), lines.indexOf(OURS)];
  return from === -1 || to < from ? '' : lines.slice(from + 1, to).join('\n');
}

/** What a unit file sets, line by line: no comments, no sections. */
export function settingsIn(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => (/^\s*(?:[#;[]|$)/.test(line) ? [] : [line.trim()]));
}
