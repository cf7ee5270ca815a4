# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # The variables of ./cogniforge and its parts are shared: it sources them all.
# test: two test assemblies at a time, for they wait a lot, and the sum of all in the last line.

test_results=$root/artifacts/TestResults
test_lanes=2


cogniforge_test() {
  local words=() projects=() project unfinished=()
  while (($#)) && [[ $1 != -- ]]; do
    words+=("$1")
    shift
  done
  (($# == 0)) || shift
  mapfile -t projects < <(test_projects "${words[@]}")
  ((${#projects[@]})) || die "No test project has ${words[*]} in its name. There are:" "$(test_projects | sed 's,.*/\(.*\)\.csproj,  \1,')"

  ensure_setup
  if ((${#words[@]})); then
    for project in "${projects[@]}"; do build "$project"; done
  else
    build "$root/CogniForge.sln"
  fi

  rm -rf "$test_results"
  mkdir -p "$test_results"
  if ((${#projects[@]} == 1)); then
    run_tests "${projects[0]}" "$@" || unfinished+=("$(basename "${projects[0]}" .csproj)")
  else
    run_lanes "${projects[@]}" -- "$@"
    mapfile -t unfinished < <(find "$test_results" -name '*.unfinished' -exec basename {} .unfinished \;)
  fi
  sum_tests "${unfinished[@]}"
}

# run_lanes PROJECT… -- [args of dotnet test]: each project's output when it has ended, and an empty .unfinished beside its results where it came to no end.
run_lanes() {
  local project projects=()
  while [[ $1 != -- ]]; do
    projects+=("$1")
    shift
  done
  shift
  # Job control, or the jobs would not hear Ctrl-C: it comes to the script alone, which passes it on.
  set -m
  trap 'for job in $(jobs -p); do kill -INT -- "-$job" 2>/dev/null; done; exit 130' INT
  while read -r project; do
    # Words like Done and the job's number are for people who started it themselves.
    { (($(jobs -rp | wc -l) < test_lanes)) || wait -n || true; } 2>/dev/null
    run_lane "$project" "$@" &
  done < <(longest_first "${projects[@]}")
  wait
  set +m
}

run_lane() {
  local name
  name=$(basename "$1" .csproj)
  run_tests "$@" >"$test_results/$name.log" 2>&1 || : >"$test_results/$name.unfinished"
  cat "$test_results/$name.log"
}

# Those that start whole systems wait for the most; they begin, so that no lane is left alone with them at the end.
longest_first() {
  local project name
  for name in AppHost Llm ServiceDefaults ''; do
    for project in "$@"; do
      [[ -n $name && $project != *"$name.Tests.csproj" ]] || echo "$project"
    done
  done | awk '!seen[$0]++'
}

# The test projects whose names contain one of the words, in any case; all of them without words.
test_projects() {
  local project name word
  for project in "$root"/tests/*/*Tests.csproj; do
    name=$(basename "$project" .csproj)
    (($#)) || echo "$project"
    for word in "$@"; do
      if [[ ${name,,} == *"${word,,}"* ]]; then
        echo "$project"
        break
      fi
    done
  done
}

# run_tests PROJECT [args of dotnet test]: fails when the run did not come to its end; failed tests are left to the sum.
run_tests() {
  local project=$1 name code=0 limit=()
  shift
  name=$(basename "$project" .csproj)
  # One hanging test ends its run after five minutes; the outer limit is for a runner that hangs itself.
  if has timeout; then limit=(timeout --foreground --kill-after=30 40m); fi
  say "${bold}$name${plain}"
  "${limit[@]}" dotnet test "$project" --no-build --nologo --results-directory "$test_results" --logger "trx;LogFileName=$name.trx" \
    --blame-hang --blame-hang-timeout 5m --blame-hang-dump-type none "$@" </dev/null || code=$?
  ((code == 0)) || grep -qs '<Counters .* failed="[1-9]' "$test_results/$name.trx"
}

# sum_tests [unfinished projects]: the closing line. In trx files, total counts skipped tests and executed does not.
sum_tests() {
  local total executed ok passed=0 failed=0 skipped=0 code=0
  while read -r total executed ok; do
    ((passed += ok, failed += executed - ok, skipped += total - executed)) || true
  done < <(sed -n 's/.*<Counters total="\([0-9]*\)" executed="\([0-9]*\)" passed="\([0-9]*\)".*/\1 \2 \3/p' "$test_results"/*.trx 2>/dev/null)
  sed -n 's/.*<UnitTestResult .* testName="\([^"]*\)" .* outcome="Failed".*/Failed: \1/p' "$test_results"/*.trx 2>/dev/null || true
  if (($#)); then
    code=1
    warn "Did not come to an end (see above): $*"
  elif ((passed + failed == 0)); then
    code=1
    warn 'No test ran.'
  elif ((failed)); then
    code=1
  fi
  say "$passed passed, $failed failed, $skipped skipped"
  return "$code"
}
