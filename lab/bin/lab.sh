#!/usr/bin/env bash
# lab.sh COMMAND: three real Debian 12 hosts on this machine, in a network of their own. See lab/README.md.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
source "$LAB_DIRECTORY/bin/machine.sh"
source "$LAB_DIRECTORY/bin/base.sh"
source "$LAB_DIRECTORY/bin/cgroup.sh"
source "$LAB_DIRECTORY/bin/network.sh"
source "$LAB_DIRECTORY/bin/host.sh"

usage() {
  cat <<END
usage: lab.sh up [--fresh] | down | reset | status | boot HOST | halt HOST | cut-power HOST

  up           start the hosts; a no-op when they run. --fresh: with new, empty disks
  down         stop the hosts and remove everything of the lab but the cached base
  reset        the running hosts bare again, without a reboot
  status       what runs
  boot HOST    start one host again, with its disk as it was left
  halt HOST    shut one host down
  cut-power HOST   kill one host where it stands

LAB (now: $LAB) names the lab; labs of different names run side by side.
END
}

up() {
  local started
  if [[ ${1:-} == --fresh ]]; then
    for_each_host stop_host
    remove_disks
  elif all_up; then
    say "$LAB is already up."
    return
  fi
  started=$(milliseconds)
  bring_up
  say "$LAB is up after $(($(milliseconds) - started)) ms."
  started=$(milliseconds)
  ssh_to_host redis-02 true
  say "an ssh 'true' takes $(($(milliseconds) - started)) ms."
}

bring_up() {
  for_each_host stop_unless_up
  prepare
  for_each_host start_host
  for_each_host wait_for_host
  touch "$STATE/ready"
}

all_up() {
  local host
  [[ -e $STATE/ready && -e /run/netns/$LAB ]] || return 1
  for host in "${HOSTS[@]}"; do
    host_is_up "$host" || return 1
  done
}

# Everything a host stands on. Each part is made only where it is missing, so a killed `up` is simply run again.
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
  for host in "${HOSTS[@]}"; do
    rm -rf "$(host_state "$host")"/{upper,work}
  done
  rm -f "$STATE/base" "$STATE/ready"
}

ensure_keys() {
  local host
  ensure_key "$STATE/id_ed25519" "$LAB"
  for host in "${HOSTS[@]}"; do
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

down() {
  if [[ ! -e $STATE && ! -e /run/netns/$LAB ]]; then
    say "$LAB is not up."
    return
  fi
  for_each_host stop_host
  remove_lab_cgroup
  remove_network
  rm -rf "$STATE"
  say "$LAB is down."
}

reset() {
  all_up || refuse 1 "$LAB is not up: 'lab.sh up' starts it."
  for_each_host reset_host
  say "$LAB: all hosts are bare again."
}

status() {
  local host leader
  for host in "${HOSTS[@]}"; do
    if leader=$(host_leader "$host"); then
      printf '%s %s up, leader %s\n' "$host" "${ADDRESS[$host]}" "$leader"
    else
      printf '%s %s down\n' "$host" "${ADDRESS[$host]}"
    fi
  done
}

boot() {
  [[ -s $STATE/base ]] || refuse 1 "$LAB is not up: 'lab.sh up' starts it."
  stop_unless_up "$1"
  start_host "$1"
  wait_for_host "$1"
}

milliseconds() { printf '%s' $((${EPOCHREALTIME/./} / 1000)); }

main() {
  local command=${1:-}
  require_lab_name
  case $command in
    up | down | reset | status) ;;
    boot | halt | cut-power) require_host_name "${2:-}" ;;
    *)
      usage >&2
      exit "$EXIT_USAGE"
      ;;
  esac
  require_machine
  [[ $command == status ]] || take_lock "/run/lock/redisops-$LAB"
  case $command in
    halt) stop_host "$2" ;;
    cut-power) cut_power "$2" ;;
    *) "$command" "${@:2}" ;;
  esac
}

main "$@"
