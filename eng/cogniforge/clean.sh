# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # The variables of ./cogniforge and its parts are shared: it sources them all.
# clean: removes what builds and runs have left.

cogniforge_clean() {
  local option data='' taken
  for option in "$@"; do
    case $option in
      --data) data=yes ;;
      *) die "clean does not know '$option'." 'It takes --data.' ;;
    esac
  done
  taken=$(taken_ports)
  [[ -z $taken ]] || die "Not while the system runs: something listens on ${taken% }." 'Stop it first (Ctrl-C where it runs).'

  remove "$root/artifacts" "$root/TestResults"
  if [[ -n $data ]]; then
    remove "$root/.data"
    remove_volumes
  fi
}

# The data volumes of this clone's AppHost: folders where the servers run as processes, else volumes of the container engine.
remove_volumes() {
  local apphost=$root/CogniForge.AppHost/CogniForge.AppHost folder name engine
  apphost=${apphost,,}
  name=cogniforge.apphost-$(printf %s "$apphost" | sha256sum | cut -c1-10)
  if [[ -n ${XDG_DATA_HOME:-} ]]; then
    folder=$XDG_DATA_HOME
  elif ((EUID == 0)); then
    folder=/var/lib
  elif [[ $(uname -s) == Darwin ]]; then
    folder="$HOME/Library/Application Support"
  else
    folder=$HOME/.local/share
  fi
  remove "$folder/aspire/volumes/$name"-*-data
  if engine=$(container_engine); then
    for name in $("$engine" volume ls --quiet --filter "name=$name-"); do
      say "Removing $engine's volume $name"
      "$engine" volume rm "$name" >/dev/null
    done
  fi
}

remove() {
  local path
  for path in "$@"; do
    if [[ -e $path ]]; then
      say "Removing $path"
      rm -rf -- "$path"
    fi
  done
}
