#!/usr/bin/env bash
# bootstrap.sh DIRECTORY [MIRROR]: a minimal Debian 12 with what a Redis host needs. Run by base.sh, in namespaces of its own.
set -euo pipefail

directory=$1
mirror=${2:-}
packages=(
  systemd systemd-sysv dbus openssh-server sudo
  redis-server redis-sentinel redis-tools haproxy
  iproute2 iptables iputils-ping procps util-linux python3 python3-apt
)

http_proxy=${http_proxy:-}
eval "$(apt-config shell http_proxy Acquire::http::Proxy 2>/dev/null || true)"
export http_proxy DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

include=$(IFS=,; printf '%s' "${packages[*]}")
debootstrap --variant=minbase --include="$include" bookworm "$directory" ${mirror:+"$mirror"}
chroot "$directory" bash -s <"$(dirname "$0")/provision.sh"
