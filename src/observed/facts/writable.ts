import type { HostFacts } from '../../domain/facts.ts';
import type { Fact } from '../fact.ts';

/**
 * Whether the running Redis can write its data directory. `/proc/PID/root` leads through Redis’s own mounts: a folder
 * that the unit’s sandbox made read-only is read-only there, while the host can write it. As root may write anything that
 * is not read-only, owner and mode are looked at too.
 */
export const writableFact: Fact<HostFacts['dataDirectoryWritable']> = {
  script: `
    pid=$(systemctl show -p MainPID --value "$unit")
    [ "\${pid:-0}" -gt 0 ] || exit 0
    seen=/proc/$pid/root$dir
    if [ -w "$seen" ]; then mounted=rw; else mounted=ro; fi
    printf '%s %s %s\\n' "$mounted" "$(stat -c '%u %g %a' "/proc/$pid/root$dir")" "$(sed -n 's/^Uid:[^0-9]*[0-9]*[^0-9]*\\([0-9]*\\).*/\\1/p' "/proc/$pid/status")"`,
  parse(stdout) {
    const [mounted, owner, , mode, user] = stdout.trim().split(' ');
    if (mounted === undefined || mounted === '') return 'unknown';
    if (mounted === 'ro') return false;
    if (user === '0') return true;
    const bits = Number.parseInt(mode ?? '0', 8);
    return owner === user ? (bits & 0o200) !== 0 : (bits & 0o002) !== 0;
  },
};
