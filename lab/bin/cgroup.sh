# One control group per host: everything a host starts is in it, whatever it calls itself, so that a host can be killed
# whole and nothing else with it. Sourced by lab.sh.
# shellcheck shell=bash

# Where cgroup2 is mounted differs between machines (/sys/fs/cgroup, /sys/fs/cgroup/unified), and `ip netns exec` hides it.
cgroup_root() {
  local own=/run/redisops-lab/cgroup root
  root=$(awk '$3 == "cgroup2" && $4 ~ /(^|,)rw(,|$)/ { print $2; exit }' /proc/mounts)
  if [[ -z $root ]]; then
    mkdir -p "$own"
    mount -t cgroup2 cgroup2 "$own"
    root=$own
  fi
  printf '%s' "$root"
}

lab_cgroup() { printf '%s/%s' "$(cgroup_root)" "$LAB"; }
host_cgroup() { printf '%s/%s' "$(lab_cgroup)" "$1"; }

kill_host_cgroup() {
  local cgroup
  cgroup=$(host_cgroup "$1")
  [[ -d $cgroup ]] || return 0
  if [[ -e $cgroup/cgroup.kill ]]; then
    echo 1 >"$cgroup/cgroup.kill"
    return
  fi
  # Before Linux 5.14 there is no cgroup.kill; process 1 of a host takes the rest of its namespace with it.
  find "$cgroup" -name cgroup.procs -exec xargs --no-run-if-empty --arg-file={} kill -KILL \; 2>/dev/null || true
}

remove_host_cgroup() { remove_cgroup "$(host_cgroup "$1")"; }

# The kernel takes an instant to empty a group whose processes were killed.
remove_cgroup() {
  local try
  for try in {1..40}; do
    [[ -d $1 ]] || return 0
    find "$1" -depth -type d -exec rmdir {} + 2>/dev/null || sleep 0.05
  done
  say "the control group $1 could not be removed after $try tries; it is empty or will be soon."
}

remove_lab_cgroup() {
  remove_cgroup "$(lab_cgroup)"
  # The one that cgroup_root mounted goes with the last lab.
  if mountpoint -q /run/redisops-lab/cgroup; then umount /run/redisops-lab/cgroup 2>/dev/null || true; fi
}
