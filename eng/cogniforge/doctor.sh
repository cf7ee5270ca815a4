# shellcheck shell=bash disable=SC2154 # ./cogniforge sets the variables that its parts share.
# doctor: reports what is found, what is missing, and what `run` would do.

cogniforge_doctor() {
  local problems=0 runs='' version
  (($# == 0)) || die 'doctor takes no arguments.'
  if version=$(sdk_version); then
    found ".NET SDK $version"
  else
    missing 'The .NET SDK 10: https://dotnet.microsoft.com/download'
  fi
  check_servers
  check_agents
  check_ports
  echo
  if ((problems)); then die 'Something is missing: see above.'; fi
  say "$green${runs:-./cogniforge run would work.}$plain"
}

found() { say "${green}found$plain    $1"; }
noted() { say "${yellow}note$plain     $1"; }
missing() {
  say "${red}missing$plain  $1"
  problems=$((problems + 1))
}

check_servers() {
  local setting engine package
  setting=$(local_servers)
  setting=${setting:+ (LocalServers=$setting)}
  if uses_processes; then
    found "servers: processes of this machine$setting, data in $(volumes_folder)/$(volume_prefix)-*"
    for package in "${server_packages[@]}"; do check_server "$package"; done
  elif engine=$(container_engine); then
    found "servers: containers of $engine$setting, data in volumes $(volume_prefix)-*"
  else
    missing "a container engine, which LocalServers=false requires: start Docker or Podman"
  fi
  found "journals: $root/.data/journals"
}

check_server() {
  local path as_root=()
  if path=$(find_server "$1"); then
    found "$1 $(server_version "$1" "$path") ($path)"
  elif dpkg_is_interrupted; then
    become_root || true
    missing "$1: an earlier installation was cut off; run: ${as_root[*]:+${as_root[*]} }dpkg --configure -a"
  elif can_install; then
    noted "$1 is not installed: run and test install it with apt"
  else
    missing "$1: install it with your package manager, or start Docker or Podman"
  fi
}

check_agents() {
  if [[ -d $(agents_folder) ]]; then
    found "Codex and Claude Code, for tests ($(agents_folder))"
  elif has npm; then
    noted 'Codex and Claude Code are not installed: test installs them with npm'
  else
    noted 'npm is not installed: the tests of Codex and Claude Code are skipped'
  fi
}

server_version() {
  local folder
  if [[ $1 != rabbitmq-server ]]; then
    "$2" --version 2>/dev/null | grep -o '[0-9][0-9.]*' | head -n 1 || true
    return
  fi
  # Running the server would start an Erlang VM, so read the version from the name of its folder.
  folder=$(compgen -G '/usr/lib/rabbitmq/lib/rabbitmq_server-*' | tail -n 1) || true
  echo "${folder##*-}"
}

check_ports() {
  local taken unhealthy
  taken=$(taken_ports)
  unhealthy=$(unhealthy_services)
  if [[ -z $taken ]]; then
    found 'free ports: 5200 to 5203, 18888 and 18889'
  elif [[ -z $unhealthy ]]; then
    runs='CogniForge is running, and all its services are healthy.'
    found "CogniForge on its ports: ${taken% }"
  elif [[ $unhealthy != "${services[*]} " ]]; then
    missing "healthy services: CogniForge is running, without ${unhealthy% }"
  else
    missing "free ports; in use are ${taken% }: by another program, or by CogniForge while it starts"
  fi
}
