import { fragment } from '../../domain/shell.ts';

/**
 * Shell functions for scripts that write as root where other users may write too.
 * `guard PATH`: exit status 11 if the path is a symbolic link, or one of its parents is one that root does not own.
 * `is_roots FOLDER`: only root can put names into it.
 */
export const PATH_GUARD = fragment`
guard() {
  if [ -L "$1" ]; then
    echo "$1 is a symbolic link" >&2
    exit 11
  fi
  above=$(dirname -- "$1")
  while [ "$above" != / ] && [ "$above" != . ]; do
    if [ -L "$above" ] && [ "$(stat -c %u -- "$above")" != 0 ]; then
      echo "$above is a symbolic link that root does not own" >&2
      exit 11
    fi
    above=$(dirname -- "$above")
  done
}
is_roots() {
  [ "$(stat -L -c %u -- "$1")" = 0 ] && [ $((0$(stat -L -c %a -- "$1") & 022)) -eq 0 ]
}
`;
