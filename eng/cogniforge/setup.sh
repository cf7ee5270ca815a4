# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # The variables of ./cogniforge and its parts are shared: it sources them all.
# What this machine has and lacks for CogniForge, and installing what it lacks.

require_sdk() {
  sdk_version >/dev/null || die 'CogniForge needs the .NET SDK 10 or newer.' 'Get it from https://dotnet.microsoft.com/download and run this again.'
}

sdk_version() {
  local version
  has dotnet && version=$(cd "$root" && dotnet --version 2>/dev/null) && ((${version%%.*} >= 10)) && echo "$version"
}

# The container engine that answers, if any.
container_engine() {
  local engine
  for engine in "${ASPIRE_CONTAINER_RUNTIME:-docker}" podman; do
    if has "$engine" && "$engine" info >/dev/null 2>&1; then
      echo "$engine"
      return
    fi
  done
  return 1
}

# Where distributions keep servers that are not on PATH; the AppHost looks there too (LocalServers/LocalServerKind.cs).
server_folders=(
  /usr/lib/postgresql/*/bin /usr/pgsql-*/bin {/opt/homebrew,/usr/local}/opt/postgresql@*/bin
  /usr/lib/rabbitmq/lib/*/sbin /usr/lib/rabbitmq/bin {/opt/homebrew,/usr/local}/opt/rabbitmq/sbin
)

# find_server postgres|redis-server|rabbitmq-server: its path.
find_server() {
  local path
  if command -v "$1" 2>/dev/null; then return; fi
  for path in "${server_folders[@]/%//$1}"; do
    if [[ -x $path ]]; then
      echo "$path"
      return
    fi
  done
  return 1
}

server_package() { if [[ $1 == postgres ]]; then echo postgresql; else echo "$1"; fi; }

missing_server_packages() {
  local server
  for server in postgres redis-server rabbitmq-server; do
    find_server "$server" >/dev/null || server_package "$server"
  done
}

# The command by which one installs these packages oneself.
install_command() {
  local sudo='sudo '
  if ((EUID == 0)); then sudo=''; elif ! has sudo; then sudo='(as root) '; fi
  if has apt-get; then
    echo "$sudo$(typed_path "$parts/install-servers.sh") $*"
  elif has dnf; then
    set -- "${@/%postgresql/postgresql-server}"
    echo "${sudo}dnf install ${*/%redis-server/redis}"
  elif has pacman; then
    echo "${sudo}pacman -S ${*//-server/}"
  elif has apk; then
    echo "${sudo}apk add ${*/%redis-server/redis}"
  elif has brew; then
    set -- "${@//-server/}"
    echo "brew install ${*/%postgresql/postgresql@17}"
  else
    echo "(your package manager) install $*"
  fi
}

# Puts into `as_root` what makes a command run as root here; fails when that cannot be done.
become_root() {
  as_root=()
  ((EUID != 0)) || return 0
  has sudo || return 1
  # Without a terminal nobody can type a password.
  if on_terminal; then as_root=(sudo); else as_root=(sudo -n); fi
  on_terminal || sudo -n true 2>/dev/null
}

can_install_servers() { has apt-get && become_root; }

ensure_servers() {
  local packages=() as_root=()
  mapfile -t packages < <(missing_server_packages)
  ((${#packages[@]})) || return 0
  if ! can_install_servers; then
    warn "Missing: ${packages[*]}. Going on without; to install them:" "  $(install_command "${packages[@]}")"
    return
  fi
  say "Missing: ${packages[*]}. Installed by apt they are only run by CogniForge: their own services stay off."
  if ! agreed 'Install them now?'; then
    warn 'Going on without; to install them later:' "  $(install_command "${packages[@]}")"
    return
  fi
  say "Installing ${packages[*]} (a minute or so)…"
  "${as_root[@]}" bash "$parts/install-servers.sh" "${packages[@]}" || {
    (($? != 130)) || exit 130
    warn 'apt failed (see above). Going on without; to try again:' "  $(install_command "${packages[@]}")"
  }
}

# All that must be there before a build. Where no container engine answers, the servers run as processes of this machine.
ensure_setup() {
  require_sdk
  container_engine >/dev/null || ensure_servers
}

# `dotnet build` without its closing summary: quiet unless something is wrong.
build() {
  say "Building ${1#"$root"/}…"
  dotnet msbuild -restore -nologo -verbosity:quiet "$1" || die 'The build failed (see above).'
}
