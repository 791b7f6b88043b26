/**
 * A shell function for scripts that run as root. `as_redis COMMAND …`: with no more rights than Redis has, or nobody where
 * the node has no such user yet. Folders that Redis may write can hold links to any file of root’s; whether one is
 * followed is the kernel’s to decide, without a moment between a look and the reading. `setpriv`, as `runuser` leaves two
 * lines in the journal each time.
 */
export const AS_REDIS = `as_redis() {
  as=redis; id -u redis >/dev/null 2>&1 || as=nobody
  setpriv --reuid="$as" --regid="$(id -g "$as")" --init-groups --no-new-privs --inh-caps=-all -- "$@" </dev/null 2>/dev/null
}`;
