# The lab's network: a bridge in a namespace of its own, one namespace per host, veth pairs between. No interface is made
# in the machine's own namespace, so its addresses and routes are never shadowed. Sourced by lab.sh.
# shellcheck shell=bash

BRIDGE=lab-bridge

ensure_network() {
  local host
  ensure_namespace "$LAB"
  has_link "$LAB" "$BRIDGE" || ip -n "$LAB" link add "$BRIDGE" type bridge
  ip -n "$LAB" address replace "$BRIDGE_ADDRESS/24" dev "$BRIDGE"
  ip -n "$LAB" link set "$BRIDGE" up
  for host in "${HOSTS[@]}"; do
    ensure_link "$host"
  done
}

ensure_namespace() {
  # A killed `ip netns add` can leave the file without the namespace behind it.
  nsenter --net="/run/netns/$1" true 2>/dev/null || {
    remove_namespace "$1"
    ip netns add "$1"
  }
  ip -n "$1" link set lo up
}

# ensure_link HOST: the cable from the host's eth0 to a bridge port that bears the host's name.
ensure_link() {
  local host=$1 namespace
  namespace=$(host_namespace "$host")
  ensure_namespace "$namespace"
  if ! has_link "$LAB" "$host" || ! has_link "$namespace" eth0; then
    # One end without the other is left of a namespace that the kernel has not finished removing.
    ip -n "$LAB" link delete "$host" 2>/dev/null || true
    ip -n "$namespace" link delete eth0 2>/dev/null || true
    # A network card keeps its address: another one would wait for the neighbours' ARP tables to forget the first.
    ip -n "$LAB" link add "$host" type veth peer name eth0 address "$(hardware_address "$host")" netns "$namespace"
  fi
  ip -n "$LAB" link set "$host" master "$BRIDGE" up
  ip -n "$namespace" address replace "${ADDRESS[$host]}/24" dev eth0
  ip -n "$namespace" link set eth0 up
  restore_port "$host"
  # Nothing is routed from there: an address outside the lab is refused at once instead of timing out.
  ip -n "$namespace" route replace default via "$BRIDGE_ADDRESS"
}

# Undoes at the bridge what lab/network.ts does there: 3 is a port that forwards.
restore_port() {
  local try
  # A cable that was plugged in just now has no carrier yet; its port cannot be set until then.
  for try in {1..50}; do
    bridge -n "$LAB" link set dev "$1" state 3 2>/dev/null && break
    ((try < 50)) || refuse 1 "the bridge port of $1 does not come up."
    sleep 0.02
  done
  tc -n "$LAB" qdisc delete dev "$1" root 2>/dev/null || true
}

hardware_address() {
  local -a bytes
  IFS=. read -r -a bytes <<<"${ADDRESS[$1]}"
  printf '02:00:%02x:%02x:%02x:%02x' "${bytes[@]}"
}

has_link() { ip -n "$1" link show "$2" >/dev/null 2>&1; }

remove_network() {
  local host
  for host in "${ALL_HOSTS[@]}"; do
    remove_namespace "$(host_namespace "$host")"
  done
  warn_of_programs_inside
  remove_namespace "$LAB"
}

remove_namespace() {
  [[ -e /run/netns/$1 ]] || return 0
  ip netns delete "$1" 2>/dev/null || rm -f "/run/netns/$1"
}

# They are the user's, not the lab's: they are named and left alone, and the namespace goes when the last of them ends.
warn_of_programs_inside() {
  local pids
  [[ -e /run/netns/$LAB ]] || return 0
  pids=$(ip netns pids "$LAB" 2>/dev/null | grep -vxF "$$" | tr '\n' ' ') || true
  [[ -z $pids ]] || say "these programs still run in the lab's namespace and are left alone: $pids"
}
