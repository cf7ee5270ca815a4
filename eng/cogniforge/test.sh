# shellcheck shell=bash disable=SC2154 # ./cogniforge sets the variables that its parts share.
# test: runs three assemblies at a time, because they mostly wait, but EndToEnd alone, because its traffic needs the whole
# machine; the last line sums all results.

test_results=$root/artifacts/TestResults
test_lanes=3
test_limit=40 # minutes for one assembly
declare -A lane=() since=() # process id and start of each running assembly
unfinished=()

# The tests start thousands of hosts and dozens of services, which compile their code anew. Profiling it, and protecting
# its pages from writes, would cost more than it is worth there.
export DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0

cogniforge_test() {
  local words=() names=() options=() fast='' filter='' name beat
  while (($#)) && [[ $1 != -- ]]; do
    case $1 in
      --fast) fast=yes ;;
      -*) die "Unknown option $1." 'Put options of dotnet test after --.' ;;
      *) words+=("${1,,}") ;;
    esac
    shift
  done
  (($# == 0)) || shift
  while (($#)); do
    if [[ $1 == --filter && -n ${2-} ]]; then filter=$2 && shift; else options+=("$1"); fi
    shift
  done
  mapfile -t names < <(test_names "${words[@]}")
  ((${#names[@]})) || die "No test project has ${words[*]} in its name. The projects are:" "$(test_names)"

  if [[ -n $fast ]]; then require_sdk; else ensure_setup; fi
  if [[ -z $fast && " ${names[*]} " =~ ' CogniForge.'(Llm|Serving)'.Tests ' ]]; then ensure_agents; fi
  if ((${#words[@]})); then
    for name in "${names[@]}"; do build "$root/tests/$name"; done
  else
    build "$root/CogniForge.sln"
    check_format
  fi

  if [[ -n $fast ]]; then filter="${filter:+($filter)&}Category!=Servers"; fi
  if [[ -n $filter ]]; then options+=(--filter "$filter"); fi
  rm -rf "$test_results"
  mkdir -p "$test_results"
  trap 'stop_tests' EXIT
  trap 'exit 130' INT TERM HUP
  beat=$((SECONDS + 30))
  while ((${#names[@]} + ${#lane[@]})); do
    while ((${#names[@]} && ${#lane[@]} < test_lanes)) && [[ -z ${lane[CogniForge.EndToEnd.Tests]-} ]]; do
      start_tests "${names[0]}" "${options[@]}"
      names=("${names[@]:1}")
    done
    sleep 0.5
    for name in "${!lane[@]}"; do check_tests "$name" "$filter"; done
    if ((SECONDS >= beat)); then
      show_running
      beat=$((SECONDS + 30))
    fi
  done
  sum_tests
}

# Rejects files that `dotnet format` would change. Analyzers already run in the build.
check_format() {
  say "${bold}Checking$plain  whitespace"
  # Without the projects, which it does not need, in half the time.
  (cd "$root" && dotnet format whitespace . --folder --verify-no-changes --exclude artifacts) ||
    die 'The format differs (see above).' 'Run: dotnet format whitespace CogniForge.sln'
  say "${bold}Checking$plain  style"
  dotnet format style "$root/CogniForge.sln" --verify-no-changes --no-restore ||
    die 'The format differs (see above).' 'Run: dotnet format style CogniForge.sln'
}

# The test projects whose names contain one of the words, slowest first, so none runs alone at the end.
test_names() {
  local name word
  (cd "$root/tests" && printf '%s\n' CogniForge.{EndToEnd,Llm,AppHost,ServiceDefaults}.Tests *.Tests) | awk '!seen[$0]++' |
    while read -r name; do
      for word in "${@:-.}"; do
        if [[ ${name,,} == *"$word"* ]]; then
          echo "$name"
          break
        fi
      done
    done
}

# start_tests NAME [options of dotnet test]: runs an assembly in the background, in its own process group.
start_tests() {
  local name=$1
  say "${bold}Started$plain  $name"
  since[$name]=$SECONDS
  set -m
  {
    # A hanging test ends its assembly after ten minutes.
    dotnet test "$root/artifacts/bin/$name/debug/$name.dll" "${@:2}" \
      --results-directory "$test_results" --logger "trx;LogFileName=$name.trx" --logger 'console;verbosity=normal' \
      '--blame:CollectHangDump;TestTimeout=10m;HangDumpType=None' && code=0 || code=$?
    echo "$code" >"$test_results/$name.code"
  } </dev/null >"$test_results/$name.log" 2>&1 &
  lane[$name]=$!
  # Otherwise bash reports its end.
  disown "$!"
  set +m
}

# check_tests NAME [filter]: reports an assembly that has ended, and kills one that exceeds the limit.
check_tests() {
  if ! kill -0 "${lane[$1]}" 2>/dev/null; then
    report_tests "$@"
  elif ((SECONDS - since[$1] > test_limit * 60)); then
    kill -KILL -- "-${lane[$1]}" 2>/dev/null || true
    echo late >"$test_results/$1.code"
  fi
}

stop_tests() {
  local name
  for name in "${!lane[@]}"; do kill -TERM -- "-${lane[$name]}" 2>/dev/null || true; done
}

duration() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); }

show_running() {
  local name finished line=''
  for name in "${!lane[@]}"; do
    finished=$(grep -cE '^  (Passed|Failed) ' "$test_results/$name.log") || true
    line+=", $name for $(duration $((SECONDS - since[$name]))) ($finished tests done)"
  done
  [[ -z $line ]] || say "Running  ${line#, }"
}

# Counts passed, failed and skipped tests in trx files, where `total` includes skipped tests and `executed` does not.
count_tests() {
  local total executed ok passed=0 failed=0 skipped=0
  while read -r total executed ok; do
    ((passed += ok, failed += executed - ok, skipped += total - executed)) || true
  done < <(
    sed -n 's/.*<Counters total="\([0-9]*\)" executed="\([0-9]*\)" passed="\([0-9]*\)".*/\1 \2 \3/p' "$@" 2>/dev/null
  )
  echo "$passed passed, $failed failed, $skipped skipped"
}

# show_failures LOG: prints the failures without passed tests, service logs, runner output and framework stack frames.
show_failures() {
  awk '/^(trce|dbug|info|warn|fail|crit): / { log_entry = 1; next }
    /^      / && log_entry { next }
    { log_entry = 0; print }' "$1" |
    grep -vE -e '^$|^  (Passed|Skipped) |^\[xUnit\.net|^ +at (Xunit|System|Microsoft)\.|^--- End of stack' \
      -e '^(VSTest version|Starting test|A total of|Data collector .*All tests|Results File|Test Run Failed)' \
      -e '^Total tests|^ Total time|^     (Passed|Failed|Skipped):' || true
  say "(full output: $1)"
}

# report_tests NAME [filter]: prints the counts and failures of an assembly that has ended.
report_tests() {
  local name=$1 log=$test_results/$1.log counts reason mark="${green}Passed$plain "
  counts=$(count_tests "$test_results/$name.trx")
  reason=$(why_unfinished "$name" "$counts" "${2-}")
  if [[ -n $reason ]]; then
    unfinished+=("$name: $reason")
    # Kills the processes that a killed runner left behind.
    kill -KILL -- "-${lane[$name]}" 2>/dev/null || true
  fi
  if [[ -n $reason || $counts != *' 0 failed'* ]]; then
    mark="${red}Failed$plain "
    show_failures "$log"
  fi
  say "$mark  $name: $counts (in $(duration $((SECONDS - since[$name]))))${reason:+; $red$reason$plain}"
  unset "lane[$name]"
}

# why_unfinished NAME COUNTS [filter]: why a run did not complete, if so. Failed tests alone do not count.
why_unfinished() {
  local trx=$test_results/$1.trx log=$test_results/$1.log code running
  code=$(cat "$test_results/$1.code" 2>/dev/null) || code=''
  running=$(sed -n '/^The test running when/,/^$/{/^The test/d;/^$/d;p;}' "$log" | paste -sd ' ')
  if [[ $code == late ]]; then
    echo "it took longer than $test_limit minutes"
  elif [[ -z $code ]] || ((code >= 128)); then
    echo 'its runner was killed'
  elif grep -qs 'inactivity time of .* has elapsed' "$log"; then
    echo "it hung${running:+ in $running}"
  elif grep -qsi -e 'test run was aborted' -e 'test run aborted' "$trx" "$log"; then
    echo "it was aborted${running:+ in $running}"
  elif ! grep -qs '<ResultSummary outcome="\(Completed\|Failed\)"' "$trx"; then
    echo 'it left no results'
  elif ((code > 1)) || [[ $code == 1 && $2 == *' 0 failed'* ]]; then
    echo "it ended with exit code $code"
  elif [[ -z ${3-} && $2 == '0 passed, 0 failed'* ]]; then
    echo 'no test ran'
  fi
}

show_failed() {
  local trx failed
  for trx in "$test_results"/*.trx; do
    [[ -e $trx ]] || continue
    failed="Failed: \1 ($(basename "$trx" .trx))"
    sed -n "s/.*<UnitTestResult .* testName=\"\([^\"]*\)\" .* outcome=\"Failed\".*/$failed/p" "$trx"
  done | sed 's/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g'
}

# Prints the names of failed tests, the assemblies that did not finish, and the closing line.
sum_tests() {
  local counts code=0
  counts=$(count_tests "$test_results"/*.trx)
  show_failed
  if ((${#unfinished[@]})); then
    code=1
    printf 'Not finished: %s\n' "${unfinished[@]}"
  fi
  [[ $counts == *' 0 failed'* ]] || code=1
  if [[ $counts == '0 passed, 0 failed'* ]]; then
    code=1
    say 'No test ran.'
  fi
  say "$counts"
  return "$code"
}
