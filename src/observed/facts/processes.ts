import type { StrayProcess } from '../../domain/facts.ts';
import type { Fact } from '../fact.ts';

/** A unit of Redis’s, whatever it is called. */
const OWNED = /\/[^/ ]*redis[^/ ]*\.service/;
/** Another system’s process, seen from this one. */
const IN_A_CONTAINER = /docker|containerd|kubepods|libpod|lxc|machine\.slice/;

/** Redis and Sentinel processes outside their units’ control groups. */
export const processesFact: Fact<readonly StrayProcess[]> = {
  script: `
    for process in /proc/[0-9]*; do
      read -r name <"$process/comm" || continue
      case $name in redis-server | redis-sentinel) ;; *) continue ;; esac
      read -r statistics <"$process/stat" || continue
      set -- \${statistics##*) }
      printf '%s\\t%s\\t%s\\t%s\\n' "\${process#/proc/}" "\${20}" "$(tr '\\n' ' ' <"$process/cgroup")" "$(tr '\\0' ' ' <"$process/cmdline")"
    done`,
  parse(stdout) {
    return stdout.split('\n').flatMap((line) => {
      const [pid = '', startTicks = '', groups = '', command = ''] = line.split('\t');
      if (pid === '' || OWNED.test(groups) || IN_A_CONTAINER.test(groups)) return [];
      return [{ pid: Number(pid), startTicks, command: command.trim().slice(0, 200) }];
    });
  },
};
