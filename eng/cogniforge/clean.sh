# shellcheck shell=bash disable=SC2154 # ./cogniforge sets the variables that its parts share.
# clean: removes what builds and runs have left.

cogniforge_clean() {
  local taken prefix engine volume
  [[ $# == 0 || $* == --data ]] || die 'clean takes --data, or nothing.'
  taken=$(taken_ports)
  [[ -z $taken ]] || die "Something listens on ${taken% }." 'Stop the system first (Ctrl-C where it runs).'

  remove "$root/artifacts" "$root/TestResults"
  (($#)) || return 0
  prefix=$(volume_prefix)
  remove "$root/.data" "$(volumes_folder)/$prefix"-*-data
  if engine=$(container_engine); then
    for volume in $("$engine" volume ls --quiet --filter "name=^$prefix-"); do
      say "Removing $engine's volume $volume"
      "$engine" volume rm "$volume" >/dev/null
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
