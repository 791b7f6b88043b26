# What a host stands on: the base, its disk, the keys, the network. Sourced by lab.sh.
# shellcheck shell=bash disable=SC2153

# Each part is made only where it is missing, so a killed `up` is simply run again.
prepare() {
  rm -f "$STATE/ready"
  # Disks are layers over one base, and worth nothing without it.
  [[ -s $STATE/base && -d $(<"$STATE/base") ]] || {
    remove_disks
    mkdir -p "$STATE"
    # Recorded first: another lab that builds a newer base removes those that nobody claims.
    base_directory >"$STATE/base"
    ensure_base
  }
  ensure_keys
  ensure_network
}

remove_disks() {
  local host
  for host in "${ALL_HOSTS[@]}"; do
    rm -rf "$(host_state "$host")"/{upper,work}
  done
  rm -f "$STATE/base" "$STATE/ready"
}

ensure_keys() {
  local host
  ensure_key "$STATE/id_ed25519" "$LAB"
  for host in "${ALL_HOSTS[@]}"; do
    mkdir -p "$(host_state "$host")"
    ensure_key "$(host_state "$host")/ssh_host_ed25519_key" "$host"
    # Both ways one may call it; the key is the same.
    printf '%s,%s %s\n' "$host" "${ADDRESS[$host]}" "$(cut -d ' ' -f 1-2 "$(host_state "$host")/ssh_host_ed25519_key.pub")"
  done >"$STATE/known_hosts.new"
  mv "$STATE/known_hosts.new" "$STATE/known_hosts"
}

ensure_key() {
  # The public half is written last.
  [[ -s $1.pub ]] && return
  rm -f "$1"
  ssh-keygen -q -t ed25519 -N '' -C "$2" -f "$1"
}
