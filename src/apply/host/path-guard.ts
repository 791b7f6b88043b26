import { fragment } from '../../domain/shell.ts';

/**
 * Shell functions for scripts that write as root where other users may write too.
 * `guard PATH`: exit status 11 if the path is a symbolic link, or one of its parents is one that root does not own.
 * `is_roots FOLDER`: only root can put names into it. `all_roots FOLDER`: nor swap one of its parents.
 * `enter FOLDER`: goes there, and nowhere else: exit status 11 if the path leads elsewhere by now.
 */
export const PATH_GUARD = fragment`
# Sets $above to its folder, without the process that dirname takes.
up() { case $above in /*/*) above=\${above%/*} ;; *) above=/ ;; esac; }
guard() {
  if [ -L "$1" ]; then
    echo "$1 is a symbolic link" >&2
    exit 11
  fi
  above=$1
  up
  while [ "$above" != / ]; do
    if [ -L "$above" ] && [ "$(stat -c %u -- "$above")" != 0 ]; then
      echo "$above is a symbolic link that root does not own" >&2
      exit 11
    fi
    up
  done
}
is_roots() {
  of=$(stat -L -c '%u %a' -- "$1") || return 1
  [ "\${of% *}" = 0 ] && [ $((0\${of#* } & 022)) -eq 0 ]
}
all_roots() {
  above=$1
  while is_roots "$above"; do
    [ "$above" != / ] || return 0
    up
  done
  return 1
}
enter() {
  cd -P -- "$1"
  # A link of root’s may lead there.
  guard "$1/."
  # shellcheck disable=SC3013 # dash and bash have -ef
  [ . -ef "$1" ] || {
    echo "$1 was replaced meanwhile" >&2
    exit 11
  }
}
`;
