#!/usr/bin/env bash
# run-host.sh HOST CGROUP: runs the systemd-nspawn of one host for as long as the host runs. Started by start_host in a mount namespace of its own.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
set -euo pipefail
source "$LAB_DIRECTORY/bin/host.sh"

host=$1
cgroup=$2
state=$(host_state "$host")
root=$state/root

# Before anything else, so that whoever finds a half started host can end it.
mkdir -p "$cgroup"
echo $$ >"$cgroup/cgroup.procs"

mkdir -p "$state/upper" "$state/work" "$root"
# shellcheck disable=SC2153 # of common.sh: the lab’s state; ours is in small letters
mount -t overlay redisops-lab -o "lowerdir=$(<"$STATE/base"),upperdir=$state/upper,workdir=$state/work" "$root"

# What differs between hosts. The machine id is written last: a host that has one is complete. (And without one systemd
# would take each boot for the first and switch Redis on, as its presets say.)
give_identity() {
  [[ -s $root/etc/machine-id ]] && return
  echo "$host" >"$root/etc/hostname"
  # Its own name only: that the others' names do not resolve is part of the field report.
  printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$host" >"$root/etc/hosts"
  install -m 600 "$state/ssh_host_ed25519_key" "$state/ssh_host_ed25519_key.pub" "$root/etc/ssh/"
  install -m 600 "$STATE/id_ed25519.pub" "$root/home/ops/.ssh/authorized_keys"
  chown --reference="$root/home/ops/.ssh" "$root/home/ops/.ssh/authorized_keys"
  tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id"
}
give_identity

# systemd-nspawn looks here for what to give the host. On a machine with cgroup v1, or in `ip netns exec`, it would find the
# old layout or nothing; covered with cgroup2, in this mount namespace only, it is the same everywhere.
mount -t cgroup2 cgroup2 /sys/fs/cgroup

# --register=no and --keep-unit: there may be no systemd on this machine to register with.
run_nspawn() {
  local pid=$BASHPID
  printf '%s %s\n' "$pid" "$(process_started "$pid")" >"$state/process"
  exec systemd-nspawn --quiet --directory="$root" --boot --register=no --keep-unit --machine="$host" \
    --network-namespace-path="/run/netns/$(host_namespace "$host")" --resolv-conf=off --timezone=off --console=pipe
}

# With --keep-unit a host that reboots itself ends with this status, for a service unit to start it again; here we do.
REBOOTED=133
status=$REBOOTED
while ((status == REBOOTED)); do
  status=0
  (run_nspawn) || status=$?
done
