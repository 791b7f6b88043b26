#!/usr/bin/env bash
# run-host.sh HOST CGROUP: becomes the systemd-nspawn of one host. Started by start_host in a mount namespace of its own.
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
printf '%s %s\n' $$ "$(process_started $$)" >"$state/process"

mkdir -p "$state/upper" "$state/work" "$root"
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

# Hybrid machines (cgroup v1 with a cgroup2 beside it) would hand the host the v1 layout; a host gets cgroup2 everywhere.
export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
# --register=no and --keep-unit: there may be no systemd on this machine to register with.
exec systemd-nspawn --quiet --directory="$root" --boot --register=no --keep-unit --machine="$host" \
  --network-namespace-path="/run/netns/$(host_namespace "$host")" --resolv-conf=off --timezone=off --console=pipe
