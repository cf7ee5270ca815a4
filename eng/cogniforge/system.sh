# shellcheck shell=bash disable=SC2154 # ./cogniforge sets the variables that its parts share.
# The running system: its fixed ports, its health, its data; starting and stopping its AppHost.

services=(web llm serving analytics)
declare -A port=([web]=5200 [llm]=5201 [serving]=5202 [analytics]=5203 [dashboard]=18888 [telemetry]=18889)
apphost_log=$root/artifacts/apphost.log
apphost='' # the AppHost's process id while it runs
stopping=''

# request METHOD PORT PATH [JSON]: prints the status code on a line, then the body.
# It uses bash only, as a new machine may lack curl, and waits at most `timeout` seconds for each part of the response.
timeout=30
request() (
  local LC_ALL=C content=${4-} code body line
  exec 3<>"/dev/tcp/127.0.0.1/$2" || return 1
  printf '%s %s HTTP/1.0\r\nHost: localhost:%d\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
    "$1" "$3" "$2" "${#content}" "$content" >&3
  IFS=' ' read -r -t "$timeout" _ code _ <&3 || return 1
  while IFS= read -r -t "$timeout" line <&3 && [[ $line != $'\r' ]]; do :; done
  IFS= read -r -d '' -t "$timeout" body <&3 || true
  printf '%s\n%s\n' "$code" "$body"
) 2>/dev/null

listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The services whose /health does not return 200.
unhealthy_services() {
  local name response timeout=5
  for name in "${services[@]}"; do
    response=$(request GET "${port[$name]}" /health) && [[ $response == 200* ]] || printf '%s ' "$name"
  done
}

# The fixed ports in use, with their names.
taken_ports() {
  local name
  for name in "${services[@]}" dashboard telemetry; do
    if listening "${port[$name]}"; then printf '%s (%s) ' "${port[$name]}" "$name"; fi
  done
}

require_free_ports() {
  local taken
  taken=$(taken_ports)
  [[ -z $taken ]] || die "These ports are already in use: ${taken% }." \
    'If CogniForge uses them, use it or stop it with Ctrl-C where it runs; otherwise stop the other program.'
}

# The prefix of this clone's data volumes: Aspire hashes the path of the AppHost's project.
volume_prefix() {
  local project=$root/CogniForge.AppHost/CogniForge.AppHost.csproj
  echo "cogniforge.apphost-$(printf %s "${project,,}" | sha256sum | cut -c1-10)"
}

# The folder with the volumes of servers that run as processes.
volumes_folder() {
  local data=$HOME/.local/share
  if ((EUID == 0)); then data=/var/lib; elif [[ $OSTYPE == darwin* ]]; then data="$HOME/Library/Application Support"; fi
  echo "${XDG_DATA_HOME:-$data}/aspire/volumes"
}

# start_apphost [args]: starts the AppHost in its own process group, so Ctrl-C reaches it only through stop_apphost.
start_apphost() {
  trap 'stop_apphost INT' INT
  trap 'stop_apphost TERM' TERM HUP
  trap 'stop_apphost TERM; await_apphost || true' EXIT
  # Job control gives a background job the default signal handling.
  set -m
  dotnet run --no-build --project "$root/CogniForge.AppHost" -- "$@" </dev/null 2>&1 &
  apphost=$!
  set +m
}

# Creates an empty log that only its owner can read, because it will contain the dashboard's login.
new_log() {
  mkdir -p "${apphost_log%/*}"
  rm -f "$apphost_log"
  (umask 077 && : >"$apphost_log")
}

apphost_alive() { [[ -n $apphost ]] && kill -0 "$apphost" 2>/dev/null; }

# stop_apphost INT|TERM: stops the AppHost as Ctrl-C would; a second Ctrl-C kills it.
stop_apphost() {
  apphost_alive || return 0
  if [[ -z $stopping ]]; then
    stopping=yes
    [[ $1 == TERM ]] || say 'Stopping (Ctrl-C again kills it)…'
    kill "-$1" -- "-$apphost" 2>/dev/null || true
  elif [[ $1 == INT ]]; then
    kill -KILL -- "-$apphost" 2>/dev/null || true
  fi
}

# Waits until the AppHost has ended; returns its exit code.
await_apphost() {
  local code=0
  while [[ -n $apphost ]]; do
    # A trapped signal interrupts `wait`, not the AppHost.
    wait "$apphost" && code=0 || code=$?
    apphost_alive || apphost=''
  done
  return "$code"
}

# await_health [SECONDS]: returns 0 once all services are healthy, 1 if the AppHost ends, stops or exceeds the limit.
await_health() {
  local limit=${1:-} started=$SECONDS next=60 missing
  while apphost_alive && [[ -z $stopping ]]; do
    missing=$(unhealthy_services)
    [[ -n $missing ]] || return 0
    if [[ -n $limit ]] && ((SECONDS - started >= limit)); then return 1; fi
    if ((SECONDS - started >= next)); then
      warn "Not healthy after $next s: ${missing% }."
      next=$((next + 60))
    fi
    sleep 0.5
  done
  return 1
}

# The end of the AppHost's log, which gives the reason.
apphost_reasons() { grep -v '^ *$' "$apphost_log" | tail -n 5; }
