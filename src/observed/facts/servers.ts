import type { ServerName } from '../../domain/server/server.ts';
import { fragment } from '../../domain/shell.ts';
import { linesOf, type Fact } from './fact.ts';

/** A server that is installed. */
export interface InstalledServer {
  name: ServerName;
  /** Its unit is wanted by another at boot. */
  startsAtBoot: boolean;
  /** In its configuration; null if not known: not read for the node’s own server, or set elsewhere. */
  port: number | null;
}

/**
 * The servers that Debian’s packages brought, by the shell alone: a look costs no process more, unless a second server
 * starts at boot. That one’s port is read as its own user.
 */
export const serversFact: Fact<readonly InstalledServer[]> = {
  script: fragment`
for name in redis valkey; do
  [ -x "/usr/bin/$name-server" ] || continue
  boots=no
  for link in /etc/systemd/system/*.wants/"$name-server.service"; do [ ! -L "$link" ] || boots=yes; done
  ports=
  if [ "$boots" = yes ] && [ "$unit" != "$name-server.service" ] && [ -f "/etc/$name/$name.conf" ]; then
    ports=$(setpriv --reuid="$name" --regid="$name" --init-groups --no-new-privs --inh-caps=-all -- \
      sed -nE 's/^[[:blank:]]*(port|include)[[:blank:]]+([^[:blank:]]+).*/\1=\2/Ip' -- "/etc/$name/$name.conf" \
      </dev/null 2>/dev/null | tr '\n' ' ')
  fi
  printf '%s %s %s\n' "$name" "$boots" "$ports"
done`,
  parse(stdout) {
    return linesOf(stdout).flatMap((line): InstalledServer[] => {
      const [name, boots, ...directives] = line.split(' ');
      if (name !== 'redis' && name !== 'valkey') return [];
      return [{ name, startsAtBoot: boots === 'yes', port: portIn(directives) }];
    });
  },
};

/** The last one counts. An included file may name another. */
function portIn(directives: readonly string[]): number | null {
  if (directives.some((each) => /^include=/i.test(each))) return null;
  const port = directives.findLast((each) => /^port=/i.test(each));
  const [, digits] = /^port="?(\d{1,5})"?$/i.exec(port ?? '') ?? [];
  return digits === undefined ? null : Number(digits);
}
