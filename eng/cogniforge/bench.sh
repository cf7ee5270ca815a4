# shellcheck shell=bash disable=SC2154 # ./cogniforge sets the variables that its parts share.
# bench: runs the benchmarks.

cogniforge_bench() {
  require_sdk
  build "$root/bench/CogniForge.Bench" -c Release
  exec dotnet run --no-build -c Release --project "$root/bench/CogniForge.Bench" -- "$@"
}
