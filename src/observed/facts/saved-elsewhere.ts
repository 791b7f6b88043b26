import { linesOf, type Fact } from './fact.ts';
import { fragment } from '../../domain/shell.ts';

const MOST = 20;

/**
 * Files of cron and SSH that begin like an RDB file: what an intruder had Redis save. Root’s folders alone. Most hosts
 * have a few such files: one process reads the first bytes of all of them.
 */
export const savedElsewhereFact: Fact<readonly string[]> = {
  script: fragment`
(
  set --
  for file in /etc/crontab /etc/cron.d/* /etc/ld.so.preload /etc/profile.d/* /var/spool/cron/* /var/spool/cron/crontabs/* /root/.ssh/authorized_keys; do
    [ ! -f "$file" ] || [ -L "$file" ] || set -- "$@" "$file"
  done
  [ $# -eq 0 ] || grep -slam 1 -E '^REDIS[0-9]{4}' -- "$@" 2>/dev/null
)
true`,
  parse: (stdout) =>
    linesOf(stdout)
      .filter((line) => line.startsWith('/'))
      .slice(0, MOST),
};
