#!/usr/bin/env bash
# lab.sh COMMAND: three real Debian hosts on this machine, in a network of their own. See lab/README.md.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
source "$LAB_DIRECTORY/bin/machine.sh"
source "$LAB_DIRECTORY/bin/base.sh"
source "$LAB_DIRECTORY/bin/cgroup.sh"
source "$LAB_DIRECTORY/bin/network.sh"
source "$LAB_DIRECTORY/bin/host.sh"
source "$LAB_DIRECTORY/bin/state.sh"

refuse_usage() {
  cat >&2 <<END
usage: lab.sh COMMAND

  up [--fresh]            start the hosts; a no-op when they run. --fresh: with new, empty disks
  down                    stop the hosts and remove everything of the lab but the cached base
  reset                   all hosts bare again, without a reboot of those that run
  status                  what runs
  shell HOST [COMMAND]    a root shell, or one command, inside a host
  halt HOST               shut one host down
  cut-power HOST          kill one host where it stands
  boot HOST               start one host again, with its disk as it was left; or one of ${MORE_HOSTS[*]}

LAB (now: $LAB) names the lab; labs of different names run side by side.
ESTATE (now: $ESTATE) is what its hosts are made of at the first "up" and at "up --fresh": $(estate_names).
END
  exit "$EXIT_USAGE"
}

up() {
  local started
  if [[ ${1:-} == --fresh ]]; then
    for_each_host stop_host "${ALL_HOSTS[@]}"
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

down() {
  if [[ ! -e $STATE && ! -e /run/netns/$LAB ]]; then
    say "$LAB is not up."
    return
  fi
  for_each_host stop_host "${ALL_HOSTS[@]}"
  remove_lab_cgroup
  remove_network
  rm -rf "$STATE"
  say "$LAB is down."
}

reset() {
  local -a more
  # A host that a test left switched off is started again.
  all_up || bring_up
  mapfile -t more < <(more_hosts_up)
  for_each_host reset_host "${HOSTS[@]}" "${more[@]}"
  say "$LAB: all hosts are bare again."
}

status() {
  local host leader
  for host in "${ALL_HOSTS[@]}"; do
    if leader=$(host_leader "$host"); then
      printf '%s %s up, leader %s\n' "$host" "${ADDRESS[$host]}" "$leader"
    else
      printf '%s %s down\n' "$host" "${ADDRESS[$host]}"
    fi
  done
}

# Those of the other hosts that run.
more_hosts_up() {
  local host
  for host in "${MORE_HOSTS[@]}"; do
    ! host_is_up "$host" || echo "$host"
  done
}

boot() {
  stop_unless_up "$1"
  ensure_link "$1"
  start_host "$1"
  wait_for_host "$1"
}

milliseconds() { printf '%s' $((${EPOCHREALTIME/./} / 1000)); }

shell() {
  local -a command=("${@:2}")
  host_leader "$1" >/dev/null || refuse 1 "$1 is down."
  ((${#command[@]})) || command=(bash -l)
  inside_host "$1" "${command[@]}"
}

require_lab() { [[ -s $STATE/base ]] || refuse 1 "$LAB is not up: 'lab.sh up' starts it."; }

# Commands that change the lab: one at a time.
alone() {
  take_lock "/run/lock/redisops-$LAB"
  "$@"
}

main() {
  require_lab_name
  require_estate
  case "${1:-} ${2:-}" in
    "up " | "up --fresh" | "down " | "reset " | "status ") ;;
    "shell "* | "halt "* | "cut-power "* | "boot "*) require_host_name "${2:-}" ;;
    *) refuse_usage ;;
  esac
  require_root
  [[ $1 != up ]] || require_machine
  [[ $1 =~ ^(up|down|status)$ ]] || require_lab
  case $1 in
    status | shell) "$@" ;;
    halt) alone stop_host "$2" ;;
    cut-power) alone cut_power "$2" ;;
    *) alone "$@" ;;
  esac
}

main "$@"
