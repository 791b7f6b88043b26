# What the lab needs of the machine it runs on, and the Debian packages that bring it. Sourced by lab.sh.
# shellcheck shell=bash

# Commands that the lab, the tests or the bot's own queue run, and the package of each.
declare -A PACKAGE_OF=(
  [debootstrap]=debootstrap
  [systemd-nspawn]=systemd-container
  [ip]=iproute2
  [redis-cli]=redis-tools
  [redis-server]=redis-server
  [ssh]=openssh-client
  [ssh-keygen]=openssh-client
  [pgrep]=procps
  [shellcheck]=shellcheck
)

require_root() {
  [[ $(uname -s) == Linux ]] || refuse "$EXIT_UNAVAILABLE" "the lab needs Linux, and this is $(uname -s)."
  [[ $(id -u) == 0 ]] || refuse "$EXIT_UNAVAILABLE" "the lab needs root: it makes network namespaces and mounts."
}

require_machine() {
  has_filesystem overlay || refuse "$EXIT_UNAVAILABLE" "the lab needs overlayfs, and this kernel does not offer it."
  has_filesystem cgroup2 || refuse "$EXIT_UNAVAILABLE" "the lab needs cgroup2, and this kernel does not offer it."
  unshare --mount --net true 2>/dev/null ||
    refuse "$EXIT_UNAVAILABLE" "the lab needs mount and network namespaces, and this machine refuses them (an unprivileged container?)."
  install_missing_packages
}

has_filesystem() {
  grep -qw "$1" /proc/filesystems || modprobe "$1" 2>/dev/null || return 1
}

install_missing_packages() {
  local -a packages
  # What a killed run may have left.
  allow_service_starts
  mapfile -t packages < <(missing_packages)
  ((${#packages[@]})) || return 0
  command -v apt-get >/dev/null ||
    refuse "$EXIT_UNAVAILABLE" "the lab needs ${packages[*]}, and only knows how to install that with apt-get, which is not here."
  say "installing what is missing on this machine: ${packages[*]}"
  apt_install "${packages[@]}"
}

missing_packages() {
  local command
  {
    for command in "${!PACKAGE_OF[@]}"; do
      command -v "$command" >/dev/null || printf '%s\n' "${PACKAGE_OF[$command]}"
    done
    # Without it debootstrap cannot tell Debian's packages from others.
    [[ -e /usr/share/keyrings/debian-archive-keyring.gpg ]] || echo debian-archive-keyring
  } | sort -u
}

# The machine gets the redis-server binary for the bot's queue, and no new daemon: nothing is started now (policy-rc.d),
# nor at the next boot (disable).
apt_install() {
  local log
  log=$(mktemp)
  forbid_service_starts
  if ! run_apt "$@" >"$log" 2>&1; then
    allow_service_starts
    mask_addresses <"$log" | tail -n 15 >&2
    refuse "$EXIT_UNAVAILABLE" "Debian's package manager could not install $*; its last words are above."
  fi
  allow_service_starts
  rm -f "$log"
  [[ " $* " != *" redis-server "* ]] || systemctl disable redis-server >/dev/null 2>&1 || true
}

run_apt() {
  local -a apt=(apt-get --option DPkg::Lock::Timeout=300 --quiet)
  export DEBIAN_FRONTEND=noninteractive
  # An earlier run may have been killed between unpacking and configuring.
  dpkg --configure -a
  "${apt[@]}" update
  "${apt[@]}" install --yes --no-install-recommends "$@"
}

POLICY=/usr/sbin/policy-rc.d
POLICY_MARK='# redisops lab: no service starts while packages are installed'

forbid_service_starts() {
  # A policy of the machine's own is left as it is: where there is one, it almost always says 101 too.
  [[ -e $POLICY ]] && return
  printf '#!/bin/sh\n%s\nexit 101\n' "$POLICY_MARK" >"$POLICY"
  chmod 755 "$POLICY"
}

allow_service_starts() {
  if grep -qsF "$POLICY_MARK" "$POLICY"; then rm -f "$POLICY"; fi
}

# Which mirror a machine uses is its owner's business: it is kept out of what the lab prints.
mask_addresses() { sed -E 's#[a-z]+://[^ ]*#(mirror)#g'; }
