# shellcheck shell=bash disable=SC2154 # ./cogniforge sets the variables that its parts share.
# clean: deletes what builds and runs leave behind.

cogniforge_clean() {
  local taken prefix engine volume
  [[ $# == 0 || $* == --data ]] || die 'clean accepts --data only.'
  taken=$(taken_ports)
  [[ -z $taken ]] || die "These ports are in use: ${taken% }." 'Stop the system first (Ctrl-C where it runs).'

  remove "$root/artifacts" "$root/TestResults"
  (($#)) || return 0
  prefix=$(volume_prefix)
  remove "$root/.data" "$(volumes_folder)/$prefix"-*-data
  if engine=$(container_engine); then
    for volume in $("$engine" volume ls --quiet --filter "name=^$prefix-"); do
      say "Deleting $engine's volume $volume"
      "$engine" volume rm "$volume" >/dev/null
    done
  fi
}

remove() {
  local path
  for path in "$@"; do
    if [[ -e $path ]]; then
      say "Deleting $path"
      rm -rf -- "$path"
    fi
  done
}
