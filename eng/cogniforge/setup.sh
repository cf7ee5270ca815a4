# shellcheck shell=bash disable=SC2154 # ./cogniforge sets the variables that its parts share.
# Detects what CogniForge needs on this machine, installs what is missing, and builds.

# global.json decides which SDK versions are acceptable.
sdk_version() { (cd "$root" && dotnet --version) 2>/dev/null; }

require_sdk() {
  sdk_version >/dev/null || die 'CogniForge needs the .NET SDK 10: https://dotnet.microsoft.com/download'
}

# The running container engine, if any.
container_engine() {
  local engine limit=()
  if has timeout; then limit=(timeout 10); fi
  for engine in ${ASPIRE_CONTAINER_RUNTIME:-${DOTNET_ASPIRE_CONTAINER_RUNTIME:-docker podman}}; do
    if has "$engine" && "${limit[@]}" "$engine" info >/dev/null 2>&1 </dev/null; then
      echo "$engine"
      return
    fi
  done
  return 1
}

# local_servers [args]: the setting LocalServers as the AppHost reads it: arguments, environment, user secrets.
local_servers() {
  local value=${LocalServers:-} secrets=$HOME/.microsoft/usersecrets/cogniforge-apphost/secrets.json
  if [[ -z $value && -r $secrets ]]; then
    value=$(sed -n 's/.*"LocalServers": *"\{0,1\}\([A-Za-z]*\).*/\1/p' "$secrets")
  fi
  if [[ " ${*,,}" =~ .*[\ /-]localservers[=\ ]([a-z]+) ]]; then value=${BASH_REMATCH[1]}; fi
  echo "${value,,}"
}

# uses_processes [args]: whether the AppHost runs the servers as processes of this machine.
uses_processes() {
  case $(local_servers "$@") in
    true) ;;
    false) return 1 ;;
    '') ! container_engine >/dev/null ;;
    *) die "LocalServers must be true or false, not '$(local_servers "$@")'." ;;
  esac
}

server_packages=(postgresql redis-server rabbitmq-server)

# find_server PACKAGE: the path of its program, by the AppHost's search order (LocalServers/LocalServerKind.cs).
find_server() {
  local program=${1/%postgresql/postgres} path
  for path in /usr/{lib/postgresql/,pgsql-}*/bin /usr/lib/rabbitmq/lib/*/sbin \
    {/opt/homebrew,/usr/local}/opt/{postgresql@*/bin,rabbitmq/sbin}; do
    if [[ -x $path/$program ]]; then
      echo "$path/$program"
      return
    fi
  done
  command -v "$program"
}

missing_packages() {
  local package
  for package in "${server_packages[@]}"; do find_server "$package" >/dev/null || echo "$package"; done
}

on_terminal() { [[ -t 0 && -t 2 && -z ${CI:-} ]]; }

# Sets `as_root` to the prefix that runs a command as root; fails if that is impossible.
become_root() {
  as_root=()
  if ((EUID == 0)); then return; fi
  # Without a terminal, sudo cannot ask for a password.
  if on_terminal; then as_root=(sudo); else as_root=(sudo -n); fi
  has sudo && { on_terminal || sudo -n true 2>/dev/null; }
}

can_install() {
  local as_root
  has apt-get && become_root
}

# Whether an installation was cut off: dpkg then refuses every further one.
dpkg_is_interrupted() { has dpkg && [[ -n $(dpkg --audit 2>/dev/null) ]]; }

# ensure_setup [AppHost's args]: installs everything that a build and a run need.
ensure_setup() {
  local packages=() as_root=() reply=''
  require_sdk
  if uses_processes "$@"; then mapfile -t packages < <(missing_packages); fi
  ((${#packages[@]})) || return 0
  say "Missing: ${packages[*]}. CogniForge runs these servers itself; the packages' own services stay disabled."
  { has apt-get && become_root; } || die "Install ${packages[*]} with your package manager, or start Docker or Podman."
  if dpkg_is_interrupted; then
    die 'An earlier installation was cut off and left packages unconfigured.' "Run: ${as_root[*]:+${as_root[*]} }dpkg --configure -a"
  fi
  if on_terminal; then read -r -p 'Install them with apt now? [Y/n] ' reply; fi
  [[ -z $reply || $reply == [yY]* ]] || die 'Not installed. If Docker or Podman runs, they are not needed.'
  say 'Installing them (a minute or so)…'
  "${as_root[@]}" bash "$parts/install-servers.sh" "${packages[@]}" || die 'apt failed (see above).'
}

# build PROJECT [args]: restores and builds with dotnet's own progress view.
build() {
  say "${bold}Building $(basename "$1")$plain"
  dotnet build --nologo "$@" || die "The build of $(basename "$1") failed (see above)."
}
