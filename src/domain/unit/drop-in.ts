import { MANAGED } from '../text/managed.ts';
import { SensitiveText } from '../secret.ts';

/**
 * The drop-in that lets Redis write its data directory: Debian’s unit has `ProtectSystem=strict`. The path has only
 * characters that mean nothing to systemd (`readFolder`). No `TMPDIR`: Redis’s temporary file stands in `dir`.
 */
export function renderDropIn(folder: string): SensitiveText {
  return new SensitiveText([MANAGED, '[Service]', `ReadWritePaths=${folder}`, ''].join('\n'));
}
