# shellcheck shell=bash disable=SC2154 # ./cogniforge sets the variables that its parts share.

demo_data=$root/samples/data

cogniforge_demo() {
  (($# == 0)) || [[ $* == serving ]] || die 'demo takes no arguments but "serving".'
  local before after tries
  if [[ -z $(unhealthy_services) ]]; then
    say 'Using the running system.'
  else
    start_for_demo
  fi

  if [[ ${1-} == serving ]]; then
    build "$root/samples/CogniForge.ServingDemo"
    dotnet run --no-build --project "$root/samples/CogniForge.ServingDemo" -- "http://localhost:${port[serving]}"
    return
  fi

  demo_register
  demo_score
  demo_chat
  before=$(signed_up)
  demo_events
  # Events reach the database through the broker.
  for ((tries = 0; tries < 60; tries++)); do
    after=$(signed_up)
    if ((after >= before + 24)); then break; fi
    sleep 0.5
  done
  say "${bold}analytics${plain}  signed_up: $before before, $after now"

  say '' "${bold}web${plain}        the numbers of all services:" \
    "  http://localhost:${port[web]}/api/v1/metrics/dashboard"
  call GET web /api/v1/metrics/dashboard
  pretty "$body"
}

start_for_demo() {
  require_free_ports
  ensure_setup
  build "$root/CogniForge.AppHost"
  say "Starting the system (its log: $apphost_log)…"
  new_log
  start_apphost >"$apphost_log"
  await_health 180 || {
    [[ -z $stopping ]] || exit 130
    die "The system did not become healthy (its log: $apphost_log):" "$(apphost_reasons)"
  }
}

# call METHOD SERVICE PATH [JSON [CODE]]: sets `code` and `body`; any status but a success or CODE ends the demo.
call() {
  local response
  response=$(request "$1" "${port[$2]}" "$3" "${4-}") || {
    [[ -z $stopping ]] || exit 130
    die "$2 did not respond to $1 $3."
  }
  code=${response%%$'\n'*} body=${response#*$'\n'}
  [[ $code == 2?? || $code == "${5-}" ]] || die "$2 responded to $1 $3 with $code:" "$body"
}

demo_register() {
  call POST serving /api/v1/serving/models "$(<"$demo_data/breast-cancer.model.json")" 409
  if ((code == 409)); then body='was already registered'; else body='is registered'; fi
  say "${bold}serving$plain    breast-cancer $body"
}

# Scores rows that were not used to fit the model: every fourth, from the first.
demo_score() {
  local row features class chance number=0 scored=0 right=0
  while ((scored < 36)) && IFS= read -r row; do
    if ((number++ % 4 == 0)); then
      features=${row%,*} class=${row##*,}
      call POST serving /v2/models/breast-cancer/infer \
        '{"inputs":[{"name":"features","datatype":"FP64","shape":[1,30],"data":['"$features"']}]}'
      [[ ${body#*'"outputs"'} =~ \"data\":\ *\[([0-9.eE+-]+) ]] || die 'The response of serving has no figure:' "$body"
      chance=${BASH_REMATCH[1]} scored=$((scored + 1))
      # The probability of benign; small ones have the form 1.2E-05.
      if [[ $chance =~ ^(1|0\.[5-9]) && $chance != *[eE]-* ]]; then chance=benign; else chance=malignant; fi
      if [[ $chance == "$class" ]]; then right=$((right + 1)); fi
    fi
  done < <(tail -n +2 "$demo_data/breast-cancer.csv" | tr -d '\r')
  say "${bold}serving${plain}    scored $scored rows unseen by the model, $right as diagnosed; the last response:" \
    "  $body"
}

demo_chat() {
  local number
  for ((number = 1; number <= 24; number++)); do
    call POST llm /v1/chat/completions \
      '{"model":"mock","messages":[{"role":"user","content":"Say '"$((number % 20))"' in words"}]}'
  done
  say "${bold}llm${plain}        24 chats with the mock model; the last response:" "  $body"
}

demo_events() {
  local number run
  printf -v run '%(%s)T' -1
  for ((number = 1; number <= 24; number++)); do
    call POST analytics /api/v1/events '{"event":"signed_up","userId":"demo-'"$run-$number"'"}'
  done
  say "${bold}analytics${plain}  accepted 24 events"
}

signed_up() {
  call GET analytics '/api/v1/events/count?event=signed_up'
  [[ $body =~ \"count\":\ *([0-9]+) ]] || die 'The response of analytics has no count:' "$body"
  echo "${BASH_REMATCH[1]}"
}

pretty() {
  if has jq; then jq . <<<"$1"; elif has python3; then python3 -m json.tool <<<"$1"; else say "$1"; fi
}
