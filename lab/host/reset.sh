#!/usr/bin/env bash
# Run inside a host by reset_host: makes it bare again. The base's own files arrive on stdin as a tar.
set -eu

# Killed first, stopped then: a stop would wait for Redis to save what is thrown away here, and a unit that was only killed
# would be restarted.
systemctl kill --signal=KILL 'redis-*' 'valkey-*' 2>/dev/null || true
systemctl stop --quiet 'redis-*' 'redisops-*' 'valkey-*'
pkill -KILL -x '(redis|valkey)-(server|sentinel)' || true
systemctl stop --quiet haproxy

# A test may have mounted a small or read-only disk there.
for directory in /data /var/lib/redis /var/lib/valkey; do
  findmnt --noheadings --raw --output TARGET | grep -E "^$directory(/|$)" | sort -r | xargs -r umount --lazy
done

rm -rf /data /var/lib/redisops /etc/redis /etc/valkey /etc/haproxy /etc/systemd/system /run/systemd/system/redis* /run/redis /run/sentinel /run/valkey*
find /var/lib/redis /var/log/redis /var/lib/valkey /var/log/valkey /tmp -mindepth 1 -delete 2>/dev/null || true
find /home/ops -mindepth 1 -maxdepth 1 ! -name .ssh ! -name .bash_logout ! -name .bashrc ! -name .profile -exec rm -rf {} +
tar --extract --numeric-owner --same-permissions --directory /
# The first two lines are the host's own; names that were added go.
sed -i '3,$d' /etc/hosts

ip link set eth0 up
tc qdisc delete dev eth0 root 2>/dev/null || true
iptables --flush
systemctl daemon-reload
systemctl reset-failed
