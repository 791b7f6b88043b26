# One host of the lab: start, stop, reset, and how to tell whether it runs. Sourced by lab.sh.
# shellcheck shell=bash disable=SC2153

SHUTDOWN_SECONDS=10
READY_SECONDS=40

# host_process HOST: the systemd-nspawn that runs the host; nothing if it does not run. The start time keeps a recycled
# process id from being taken for ours.
host_process() {
  local pid started file
  file=$(host_state "$1")/process
  [[ -s $file ]] && read -r pid started <"$file" || return 1
  [[ -r /proc/$pid/stat && $(process_started "$pid") == "$started" ]] || return 1
  printf '%s' "$pid"
}

process_started() {
  local stat
  read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
  # The name in parentheses may hold spaces; after it come state (3rd field) and, as the 22nd, the start time.
  read -r -a stat <<<"${stat##*) }"
  [[ ${stat[0]} != Z ]] && printf '%s' "${stat[19]}"
}

# host_leader HOST: process 1 of the host, seen from here. Looked up each time: it changes when the host reboots itself.
host_leader() {
  local process leader
  process=$(host_process "$1") || return 1
  leader=$(pgrep --parent "$process" | head -n 1)
  [[ -n $leader ]] && grep -qsE '^NSpid:.*\s1$' "/proc/$leader/status" && printf '%s' "$leader"
}

# A host whose network namespace was taken away and made anew runs, but nobody reaches it.
host_is_up() {
  local leader
  leader=$(host_leader "$1") && [[ /proc/$leader/ns/net -ef /run/netns/$(host_namespace "$1") ]]
}

inside_host() {
  local leader
  leader=$(host_leader "$1") || return 1
  env --ignore-environment PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME=/root TERM="${TERM:-dumb}" \
    nsenter --target "$leader" --all -- "${@:2}"
}

stop_unless_up() { host_is_up "$1" || stop_host "$1"; }

start_host() {
  local host=$1 state
  host_is_up "$host" && return
  state=$(host_state "$host")
  mkdir -p "$state"
  # A session and a mount namespace of its own: it outlives this script, and its overlay goes when it goes.
  setsid unshare --mount --propagation slave -- \
    bash "$LAB_DIRECTORY/bin/run-host.sh" "$host" "$(host_cgroup "$host")" </dev/null >"$state/console.log" 2>&1 9>&- &
}

# As one presses the button: systemd in the host stops what runs there. What is left after that is killed.
stop_host() {
  local leader
  if leader=$(host_leader "$1"); then
    kill -s RTMIN+4 "$leader" 2>/dev/null || true
    wait_until_gone "$1" "$SHUTDOWN_SECONDS" || say "$1 did not shut down in $SHUTDOWN_SECONDS s; it is killed."
  fi
  cut_power "$1"
}

cut_power() {
  kill_host_cgroup "$1"
  wait_until_gone "$1" 5 || refuse 1 "$1 cannot be killed; see process $(host_process "$1")."
  remove_host_cgroup "$1"
  rm -f "$(host_state "$1")/process"
}

wait_until_gone() {
  local deadline=$((SECONDS + $2))
  while host_process "$1" >/dev/null; do
    ((SECONDS < deadline)) || return 1
    sleep 0.05
  done
}

# wait_for_host HOST: until it answers SSH as it will be spoken to, and has finished booting.
wait_for_host() {
  local deadline=$((SECONDS + READY_SECONDS))
  until ssh_to_host "$1" true 2>/dev/null; do
    if ((SECONDS >= deadline)); then
      tail -n 5 "$(host_state "$1")/console.log" >&2
      warn_of_inotify_limit
      refuse 1 "$1 did not answer SSH within $READY_SECONDS s; its last words are above."
    fi
    sleep 0.1
  done
  # "degraded" (some unit failed) ends the wait too, with a status that is no failure of ours.
  inside_host "$1" timeout "$READY_SECONDS" systemctl is-system-running --wait >/dev/null || true
}

# systemd in a host takes some seven of root's inotify instances, and dies without a word when the kernel has no more.
warn_of_inotify_limit() {
  local limit used
  limit=$(</proc/sys/fs/inotify/max_user_instances)
  used=$(find /proc/[0-9]*/fd -lname anon_inode:inotify 2>/dev/null | wc -l)
  ((used + 20 < limit)) ||
    say "$used of $limit inotify instances are in use: stop other labs, or raise fs.inotify.max_user_instances." >&2
}

ssh_to_host() {
  in_lab_namespace ssh -F none -i "$STATE/id_ed25519" -o "UserKnownHostsFile=$STATE/known_hosts" \
    -o GlobalKnownHostsFile=/dev/null -o StrictHostKeyChecking=yes -o BatchMode=yes -o IdentitiesOnly=yes \
    -o ConnectTimeout=2 "ops@${ADDRESS[$1]}" "${@:2}" </dev/null
}

# reset_host HOST: bare again without a reboot; the files come from the base, the rest is done inside.
reset_host() {
  local base server=redis
  base=$(<"$STATE/base")
  [[ -d $base/etc/redis ]] || server=valkey
  tar --create --numeric-owner --directory "$base" etc/systemd/system "etc/$server" \
    "etc/default/$server-server" "etc/default/$server-sentinel" etc/haproxy |
    inside_host "$1" bash -c "$(<"$LAB_DIRECTORY/host/reset.sh")" ||
    refuse 1 "$1 could not be reset; 'lab.sh up --fresh' makes all hosts anew."
  restore_port "$1"
}
