# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # The variables of ./cogniforge and its parts are shared: it sources them all.
# doctor: what is found, what is missing, what to do.

cogniforge_doctor() {
  (($# == 0)) || die 'doctor takes no arguments.'
  local problems=0
  check_sdk
  if ! check_engine; then
    check_server PostgreSQL postgres
    check_server Redis redis-server
    check_server RabbitMQ rabbitmq-server
  fi
  check_ports
  echo
  if ((problems)); then
    say "${red}./cogniforge run would not work: see what is missing or taken.${plain}"
    return 1
  fi
  say "${green}./cogniforge run would work.${plain}"
}

found() { say "${green}found${plain}    $1"; }
# Worth knowing, and no reason for `run` to fail.
noted() { say "${yellow}note${plain}     $1"; }
missing() { problem missing "$1"; }
problem() {
  say "${red}$(printf '%-8s' "$1")${plain} $2"
  problems=$((problems + 1))
}

check_sdk() {
  local version
  if version=$(sdk_version); then
    found ".NET SDK $version"
  else
    missing '.NET SDK 10 or newer: https://dotnet.microsoft.com/download'
  fi
}

check_engine() {
  local engine
  engine=$(container_engine) || return 1
  found "container engine: $engine (the servers run in containers)"
}

check_server() {
  local name=$1 path package as_root=()
  if path=$(find_server "$2"); then
    found "$name$(server_version "$2" "$path") ($path)"
    return
  fi
  package=$(server_package "$2")
  if can_install_servers; then
    noted "$name is not installed: run and test install $package by apt"
  else
    missing "$name: $(install_command "$package")"
  fi
}

server_version() {
  local lib
  case $1 in
    rabbitmq-server)
      # Asking the server would start an Erlang machine; its folders say it as well.
      lib=$(compgen -G '/usr/lib/rabbitmq/lib/rabbitmq_server-*' | tail -n 1) && printf ' %s' "${lib##*-}"
      lib=$(cat /usr/lib/erlang/releases/*/OTP_VERSION 2>/dev/null) && printf ' on Erlang %s' "$lib"
      ;;
    *) "$2" --version 2>/dev/null | sed -n 's/^[^0-9]*\([0-9][0-9.]*\).*/ \1/p' ;;
  esac || true
}

check_ports() {
  local taken
  taken=$(taken_ports)
  if [[ -z $taken ]]; then
    found 'free ports: 5200 to 5203, 18888 and 18889'
  elif [[ -z $(unhealthy_services) ]]; then
    problem taken "ports ${taken% }: CogniForge runs already; stop it with Ctrl-C where it runs"
  else
    problem taken "ports ${taken% }: stop the program that listens there"
  fi
}
