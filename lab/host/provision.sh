#!/usr/bin/env bash
# provision.sh redis|valkey: makes a bootstrapped tree a bare host as a team hands it over: the server installed and off, SSH
# by key for the user `ops`. Run by bootstrap.sh in a chroot of the base; run-host.sh writes what differs between hosts.
set -euo pipefail
server=$1

switch_services_off() {
  systemctl disable "$server-server" "$server-sentinel" haproxy
  rm -rf "/var/lib/$server"/* "/var/log/$server"/*
}

add_user_ops() {
  useradd --create-home --shell /bin/bash ops
  # '*' and not '!': no password fits, yet the account is not locked, which sshd would refuse.
  usermod --password '*' ops
  echo 'ops ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/ops
  chmod 440 /etc/sudoers.d/ops
  install --directory --mode 700 --owner ops --group ops /home/ops/.ssh
}

configure_sshd() {
  rm -f /etc/ssh/ssh_host_*
  cat >/etc/ssh/sshd_config.d/10-ops.conf <<'END'
PermitRootLogin no
PasswordAuthentication no
KbdInteractiveAuthentication no
UseDNS no
PrintMotd no
PrintLastLog no
X11Forwarding no
MaxStartups 100:30:300
# As a strict crypto policy has it. The post-quantum exchange costs the OpenSSH client 80 ms of computing per connection.
KexAlgorithms -sntrup761x25519-sha512*
END
  # Debian composes a greeting at each login, also of programs: six processes and 20 ms.
  sed -i '/pam_motd/s/^/#/' /etc/pam.d/sshd
}

# What would start now and then and has no business in a lab: it only makes boots slower and figures noisier.
silence_timers() {
  systemctl mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer logrotate.timer \
    systemd-tmpfiles-clean.timer console-getty.service getty.target e2scrub_reap.service
}

# The mirror is the builder's; a host here has no way out of the lab anyway.
forget_the_mirror() {
  : >/etc/apt/sources.list
  rm -rf /etc/apt/sources.list.d/* /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/apt/archives/*.deb
  rm -f /var/log/bootstrap.log /var/log/dpkg.log /var/log/apt/* /etc/hostname /etc/machine-id /etc/resolv.conf
}

switch_services_off
add_user_ops
configure_sshd
silence_timers
forget_the_mirror
