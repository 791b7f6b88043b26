import { maskSecrets } from '../../domain/secret.ts';
import type { Fact } from '../fact.ts';

const LINES = 20;

/**
 * Redis’s own words: from its log file, or from the journal where the unit is not active or the log goes there. Both
 * bounded, as some faults write thousands of lines a second. Level `#` is a warning; the rest is kept where it speaks of
 * synchronisation or of the data’s file.
 */
export const logFact: Fact<readonly string[]> = {
  script: `
    logfile=$(sed -n 's/^logfile[ "]*\\([^" ]*\\).*/\\1/p' "$conf" | tail -n 1)
    [ -n "$logfile" ] && [ -f "$logfile" ] && tail -c 65536 "$logfile"
    if [ -z "$logfile" ] || ! systemctl is-active -q "$unit"; then
      timeout 3 journalctl -u "$unit" -n 30 -o cat --no-pager
    fi`,
  parse(stdout, { secrets }) {
    const lines = stdout
      .split('\n')
      .filter((line) => /^\d+:[MSCX] .* # |FATAL|MASTER|REPLICA|[Rr]eplica|[Ss]ync|RDB|Failed|failed/.test(line));
    return lines.slice(-LINES).map((line) => maskSecrets(line.slice(0, 400), secrets));
  },
};
