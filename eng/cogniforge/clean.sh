# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # The variables of ./cogniforge and its parts are shared: it sources them all.
# clean: removes what builds and runs have left.

cogniforge_clean() {
  local option data='' tools='' taken
  for option in "$@"; do
    case $option in
      --data) data=yes ;;
      --tools) tools=yes ;;
      *) die "clean does not know '$option'." 'It takes --data and --tools.' ;;
    esac
  done
  taken=$(taken_ports)
  [[ -z $taken ]] || die "Not while the system runs: something listens on ${taken% }." 'Stop it first (Ctrl-C where it runs).'

  remove "$root/artifacts" "$root/TestResults" "$root/.packagefeed" "$root"/eng/feed-probe/{bin,obj}
  if [[ -n $tools ]]; then remove "$root/.tools"; fi
  if [[ -n $data ]]; then remove "$root/.data"; fi
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
