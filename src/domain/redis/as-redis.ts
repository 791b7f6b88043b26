import { fragment } from '../shell.ts';

/**
 * A shell function for scripts that run as root. `as_redis COMMAND …`: with no more rights than Redis has, or nobody where
 * the node has no such user yet (the package makes a local one). Folders that Redis may write can hold links to any file of root’s; whether one is
 * followed is the kernel’s to decide, without a moment between a look and the reading. `setpriv`, as `runuser` leaves two
 * lines in the journal each time.
 */
export const AS_REDIS = fragment`
as=nobody as_group=nogroup
while IFS=: read -r as_name _ _ as_gid _; do [ "$as_name" = redis ] && as=redis as_group=$as_gid; done </etc/passwd
as_redis() {
  setpriv --reuid="$as" --regid="$as_group" --init-groups --no-new-privs --inh-caps=-all -- "$@" </dev/null 2>/dev/null
}`;
