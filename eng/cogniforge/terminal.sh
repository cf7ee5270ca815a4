# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # The variables of ./cogniforge and its parts are shared: it sources them all.
# What the script says and asks.

bold='' red='' green='' yellow='' plain=''
if [[ -t 1 && -t 2 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
  bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' yellow=$'\e[33m' plain=$'\e[0m'
fi

say() { printf '%s\n' "$@"; }

warn() {
  local line
  for line in "$@"; do printf '%s%s%s\n' "$yellow" "$line" "$plain" >&2; done
}

die() {
  printf '%s%s%s\n' "$red" "$1" "$plain" >&2
  shift
  (($# == 0)) || printf '%s\n' "$@" >&2
  exit 1
}

on_terminal() { [[ -t 0 && -t 2 && -z ${CI:-} ]]; }

# On a terminal, asks (Enter means yes); without one, or in CI (CI=true), there is nobody to ask and the answer is yes.
agreed() {
  on_terminal || return 0
  local answer
  read -r -p "$1 [Y/n] " answer || return 1
  [[ -z $answer || $answer == [yY]* ]]
}

has() { command -v "$1" >/dev/null 2>&1; }

# A path as one would type it in the current folder.
typed_path() {
  local path=$1
  [[ $PWD != "$root" ]] || path=${path#"$root"/}
  printf '%q' "$path"
}
