import type { ServerName } from '../../domain/server/server.ts';
import { fragment } from '../../domain/shell.ts';
import { linesOf, type Fact } from './fact.ts';

/** A server that is installed. */
export interface InstalledServer {
  name: ServerName;
  /** Its unit is wanted by another at boot. */
  startsAtBoot: boolean;
}

/** The servers that Debian’s packages brought, by the shell alone: a look costs no process more. */
export const serversFact: Fact<readonly InstalledServer[]> = {
  script: fragment`
for name in redis valkey; do
  [ -x "/usr/bin/$name-server" ] || continue
  boots=no
  for link in /etc/systemd/system/*.wants/"$name-server.service"; do [ ! -L "$link" ] || boots=yes; done
  printf '%s %s\n' "$name" "$boots"
done`,
  parse(stdout) {
    return linesOf(stdout).flatMap((line): InstalledServer[] => {
      const [name, boots] = line.split(' ');
      if (name !== 'redis' && name !== 'valkey') return [];
      return [{ name, startsAtBoot: boots === 'yes' }];
    });
  },
};
