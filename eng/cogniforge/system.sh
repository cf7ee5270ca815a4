# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # The variables of ./cogniforge and its parts are shared: it sources them all.
# The running system: its fixed ports, its health, starting and stopping its AppHost.

services=(web llm serving analytics)
declare -A port=([web]=5200 [llm]=5201 [serving]=5202 [analytics]=5203 [dashboard]=18888 [telemetry]=18889)
apphost_log=$root/artifacts/apphost.log
apphost='' # its process id, while it is ours to stop
stopping=''

# request METHOD PORT PATH [JSON]: prints the status code on a line, then the body. By bash alone: a new machine may have no curl.
# Waits at most `patience` seconds for each part of the answer.
patience=30
request() (
  local LC_ALL=C content=${4-} code body line
  exec 3<>"/dev/tcp/127.0.0.1/$2" || return 1
  printf '%s %s HTTP/1.0\r\nHost: localhost:%d\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
    "$1" "$3" "$2" "${#content}" "$content" >&3
  IFS=' ' read -r -t "$patience" _ code _ <&3 || return 1
  while IFS= read -r -t "$patience" line <&3 && [[ $line != $'\r' ]]; do :; done
  IFS= read -r -d '' -t "$patience" body <&3 || true
  printf '%s\n%s\n' "$code" "$body"
) 2>/dev/null

listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

healthy() {
  local answer patience=5
  answer=$(request GET "${port[$1]}" /health) && [[ ${answer%%$'\n'*} == 200 ]]
}

# The services that do not answer /health with 200.
unhealthy_services() {
  local name
  for name in "${services[@]}"; do
    healthy "$name" || printf '%s ' "$name"
  done
}

# The fixed ports that something listens on, by name.
taken_ports() {
  local name
  for name in "${services[@]}" dashboard telemetry; do
    ! listening "${port[$name]}" || printf '%s (%s) ' "${port[$name]}" "$name"
  done
}

require_free_ports() {
  local taken
  taken=$(taken_ports)
  [[ -z $taken ]] || die "Something listens already on ${taken% }." \
    "If it is CogniForge, use it, or stop it with Ctrl-C where it runs; otherwise stop that program."
}

# start_apphost show|hide [args]: starts the built AppHost in a process group of its own, so that a Ctrl-C reaches it through
# stop_apphost alone, with the default signal handling that `set -m` gives to background jobs.
start_apphost() {
  local output=$1
  shift
  mkdir -p "${apphost_log%/*}"
  # Holds the dashboard's login.
  (umask 077 && : >"$apphost_log")
  trap 'stop_apphost INT' INT
  trap 'stop_apphost TERM' TERM HUP
  trap leave_apphost EXIT
  set -m
  if [[ $output == show ]]; then
    [[ -z $plain ]] || export DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION=1
    dotnet run --no-build --project "$root/CogniForge.AppHost" -- "$@" </dev/null > >(trap '' INT TERM HUP && exec tee "$apphost_log") 2>&1 &
  else
    dotnet run --no-build --project "$root/CogniForge.AppHost" -- "$@" </dev/null >"$apphost_log" 2>&1 &
  fi
  apphost=$!
  set +m
}

apphost_alive() { [[ -n $apphost ]] && kill -0 "$apphost" 2>/dev/null; }

# stop_apphost INT|TERM: sends it to the AppHost's process group, as Ctrl-C in its own terminal would, once. A second Ctrl-C forces it.
stop_apphost() {
  apphost_alive || return 0
  if [[ -z $stopping ]]; then
    stopping=yes
    [[ $1 != INT ]] || say 'Stopping (Ctrl-C again ends it at once)…' >&2
    kill "-$1" -- "-$apphost" 2>/dev/null || true
  elif [[ $1 == INT ]]; then
    kill -KILL -- "-$apphost" 2>/dev/null || true
  fi
}

# However the script ends, the AppHost that it started ends with it.
leave_apphost() {
  stop_apphost TERM
  await_apphost || true
}

# Waits until the AppHost has ended; returns its exit code.
await_apphost() {
  local code=0
  while [[ -n $apphost ]]; do
    wait "$apphost" && code=0 || code=$?
    # A trapped signal ends `wait`, not the AppHost.
    apphost_alive || apphost=''
  done
  return "$code"
}

# Returns 0 as soon as all services are healthy; 1 when the AppHost has ended, is being stopped, or (given) after so many seconds.
await_health() {
  local limit=${1:-} started=$SECONDS said='' missing where
  while apphost_alive && [[ -z $stopping ]]; do
    missing=$(unhealthy_services)
    [[ -n $missing ]] || return 0
    if [[ -n $limit ]] && ((SECONDS - started >= limit)); then return 1; fi
    if [[ -z $said ]] && ((SECONDS - started >= 60)); then
      said=yes
      where=$(dashboard_login)
      warn "Not healthy after a minute: ${missing% }. Why is in the logs: ${where:-$(typed_path "$apphost_log")}"
    fi
    sleep 0.5
  done
  return 1
}

dashboard_login() {
  sed -n 's/.*Login to the dashboard at \(http[^[:space:]]*\).*/\1/p' "$apphost_log" 2>/dev/null | head -n 1
}
