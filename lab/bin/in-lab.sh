#!/usr/bin/env bash
# in-lab.sh COMMAND...: run a command in the lab's network, where 10.0.0.123 to 125 exist.
# nsenter and not `ip netns exec`: only the network changes, and /sys (with its control groups) stays the machine's.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

require_lab_name
(($#)) || refuse "$EXIT_USAGE" "usage: in-lab.sh COMMAND..."
[[ $(id -u) == 0 ]] || refuse "$EXIT_UNAVAILABLE" "the lab needs root."
[[ -e /run/netns/$LAB ]] || refuse 1 "$LAB is not up: 'lab.sh up' starts it."
export LAB
exec nsenter --net="/run/netns/$LAB" -- "$@"
