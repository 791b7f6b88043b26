import { sh } from '../shell.ts';

/**
 * $1 HAProxy’s runtime socket. Prints a NUL, then answers each line of commands, and ends each answer with a NUL. Debian’s
 * perl-base is on every host, and starts fastest.
 */
export const ASK_HAPROXY = sh`
export LC_ALL=C
if command -v perl >/dev/null 2>&1; then
  # shellcheck disable=SC2016 # Perl’s own variables
  exec perl -MSocket -e '
    $| = 1;
    print "\0";
    while (my $line = <STDIN>) {
      socket(my $s, PF_UNIX, SOCK_STREAM, 0) or die "$!\n";
      connect($s, pack_sockaddr_un($ARGV[0])) or die "$ARGV[0]: $!\n";
      syswrite($s, $line);
      while (sysread($s, my $part, 65536)) { print $part }
      print "\0";
    }
  ' "$1"
fi
exec python3 -S -E -c '
import socket, sys
sys.stdout.buffer.write(bytes(1))
sys.stdout.buffer.flush()
for line in sys.stdin.buffer:
    s = socket.socket(socket.AF_UNIX)
    try:
        s.connect(sys.argv[1])
    except OSError as e:
        sys.exit(sys.argv[1] + ": " + str(e.strerror))
    s.sendall(line)
    for part in iter(lambda: s.recv(65536), b""):
        sys.stdout.buffer.write(part)
    sys.stdout.buffer.write(bytes(1))
    sys.stdout.buffer.flush()
' "$1"
`;
