#!/usr/bin/env bash
# Installs Debian packages of servers and leaves their services off: nothing started, nothing enabled, no database cluster made.
# Usage, as root: install-servers.sh PACKAGE…
set -euo pipefail

policy=/usr/sbin/policy-rc.d
policy_kept=$policy.before-cogniforge
policy_mark='# Temporary, by CogniForge: packages being installed must not start their services.'
cluster_conf=/etc/postgresql-common/createcluster.d/cogniforge.conf

exists() { [[ -e $1 || -L $1 ]]; }

# Maintainer scripts ask policy-rc.d before they start a service; 101 means no.
deny_starts() {
  if exists "$policy"; then mv -f "$policy" "$policy_kept"; fi
  printf '#!/bin/sh\n%s\nexit 101\n' "$policy_mark" >"$policy"
  chmod 755 "$policy"
  mkdir -p "${cluster_conf%/*}"
  echo 'create_main_cluster = false' >"$cluster_conf"
}

# Also undoes what a killed run left behind.
allow_starts() {
  if grep -qsF "$policy_mark" "$policy"; then rm -f "$policy"; fi
  if exists "$policy_kept"; then mv -f "$policy_kept" "$policy"; fi
  rm -f "$cluster_conf"
}

# All that starts at boot: links to systemd units, and S links to init scripts.
boot_links() {
  { find /etc/systemd/system /etc/rc[0-6S].d \( -path '/etc/rc*/S*' -o -path '/etc/systemd/*' \) -type l 2>/dev/null || true; } | sort
}

# Takes back what the packages switched on, as `systemctl disable` and `update-rc.d … disable` do; later upgrades of them respect that.
disable_new() {
  local link
  while IFS= read -r link; do
    case $link in
      /etc/systemd/*) rm -f "$link" ;;
      *) if [[ -L $link ]]; then update-rc.d "$(basename "$link" | cut -c4-)" disable >/dev/null; fi ;;
    esac
  done < <(comm -13 <(echo "$1") <(boot_links))
  if [[ -d /run/systemd/system ]]; then systemctl daemon-reload; fi
}

candidates_known() {
  local package
  for package in "$@"; do
    LC_ALL=C apt-cache policy "$package" 2>/dev/null | grep -q 'Candidate: [^(]' || return 1
  done
}

apt_quietly() {
  apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" >>"$log" 2>&1
}

install() {
  apt_quietly install --no-install-recommends --no-remove -o Dpkg::Options::=--force-confold "$@"
}

finish() {
  local code=$?
  disable_new "$before"
  allow_starts
  if ((code != 0)); then tail -n 40 "$log" >&2; fi
  rm -f "$log"
}

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1

allow_starts
before=$(boot_links)
log=$(mktemp)
trap finish EXIT
trap 'exit 130' INT TERM HUP

deny_starts
if candidates_known "$@"; then
  # The lists may name versions that the mirror has replaced since.
  install "$@" || { apt_quietly update && install "$@"; }
else
  apt_quietly update
  install "$@"
fi
