#!/usr/bin/env bash
# Installs Debian packages of servers without starting or enabling their services, or creating a database cluster.
# Usage, as root: install-servers.sh PACKAGE…
set -euo pipefail

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 LC_ALL=C

# Maintainer scripts call policy-rc.d before they start a service; exit code 101 forbids the start.
policy=/usr/sbin/policy-rc.d
policy_mark='# Temporary, by CogniForge: packages being installed must not start their services.'
cluster_conf=/etc/postgresql-common/createcluster.d/cogniforge.conf

# Lists what starts at boot: links to systemd units, and S links to init scripts.
boot_links() {
  {
    find /etc/systemd/system /etc/rc[0-6S].d \( -path '/etc/rc*/S*' -o -path '/etc/systemd/*' \) -type l 2>/dev/null ||
      true
  } | sort
}

# Disables what the packages enabled; later upgrades respect that.
finish() {
  local link
  while read -r link; do
    case $link in
      /etc/systemd/*) rm -f "$link" ;;
      *) if [[ -L $link ]]; then update-rc.d "$(basename "$link" | cut -c4-)" disable >/dev/null; fi ;;
    esac
  done < <(comm -13 <(echo "$before") <(boot_links))
  if [[ -d /run/systemd/system ]]; then systemctl daemon-reload; fi
  rm -f "$cluster_conf"
  if grep -qsF "$policy_mark" "$policy"; then rm -f "$policy"; fi
}

apt() {
  apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" </dev/null |
    { grep --line-buffered -E '^(Get:|Setting up |Err:)' || true; }
}

install() { apt --no-install-recommends --no-remove -o Dpkg::Options::=--force-confold install "$@"; }

before=$(boot_links)
trap finish EXIT
trap 'exit 130' INT TERM HUP
# Keeps the machine's own policy, but replaces one that a killed run left behind.
if [[ ! -e $policy ]] || grep -qF "$policy_mark" "$policy"; then
  printf '#!/bin/sh\n%s\nexit 101\n' "$policy_mark" >"$policy"
  chmod 755 "$policy"
fi
mkdir -p "${cluster_conf%/*}"
echo 'create_main_cluster = false' >"$cluster_conf"

# The first try fails if package lists are missing, or name versions that the mirror has replaced.
install "$@" 2>/dev/null || { apt update && install "$@"; }
