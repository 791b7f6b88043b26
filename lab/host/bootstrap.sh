#!/usr/bin/env bash
# bootstrap.sh DIRECTORY SUITE redis|valkey [MIRROR]: a minimal Debian with what a host of that server needs. Run by base.sh,
# in namespaces of its own.
set -euo pipefail

directory=$1
suite=$2
server=$3
mirror=${4:-}
packages=(
  systemd systemd-sysv dbus openssh-server sudo
  "$server-server" "$server-sentinel" "$server-tools" haproxy
  iproute2 iptables iputils-ping procps util-linux python3 python3-apt
)

http_proxy=${http_proxy:-}
eval "$(apt-config shell http_proxy Acquire::http::Proxy 2>/dev/null || true)"
export http_proxy DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8

include=$(IFS=,; printf '%s' "${packages[*]}")
debootstrap --variant=minbase --include="$include" "$suite" "$directory" ${mirror:+"$mirror"}
chroot "$directory" bash -s "$server" <"$(dirname "$0")/provision.sh"
