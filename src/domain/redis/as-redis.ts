import { fragment } from '../shell.ts';

/**
 * A shell function for scripts that run as root. `as_redis COMMAND …` runs with the permissions of the server’s user (redis, valkey), or
 * nobody’s if the node has no such user yet (the package creates one). Folders writable by Redis may contain links to
 * root’s files: this way the kernel refuses them, with no gap between check and use. Uses `setpriv`, because `runuser`
 * writes two journal lines per call.
 */
export const AS_REDIS = fragment`
as=nobody as_group=nogroup
while IFS=: read -r as_name _ _ as_gid _; do [ "$as_name" = "\${NODE_SERVER:-redis}" ] && as=$as_name as_group=$as_gid && break; done </etc/passwd
as_redis() {
  setpriv --reuid="$as" --regid="$as_group" --init-groups --no-new-privs --inh-caps=-all -- "$@" </dev/null 2>/dev/null
}`;
