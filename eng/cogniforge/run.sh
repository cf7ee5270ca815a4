# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # The variables of ./cogniforge and its parts are shared: it sources them all.
# run: everything in the foreground.

cogniforge_run() {
  require_free_ports
  ensure_setup
  build "$root/CogniForge.AppHost"
  local started=$SECONDS code=0
  start_apphost show "$@"
  if await_health; then show_addresses $((SECONDS - started)); fi
  await_apphost || code=$?
  if [[ -n $stopping ]]; then say 'CogniForge has stopped.'; fi
  return "$code"
}

show_addresses() {
  local dashboard samples
  dashboard=$(await_dashboard)
  samples=$(typed_path "$root/samples/data")
  cat <<TABLE

${bold}CogniForge is up${plain} (${1} s). Ctrl-C stops it.

  ${bold}web${plain}        http://localhost:${port[web]}    pages, and the metrics of all in one API
  ${bold}llm${plain}        http://localhost:${port[llm]}    LLM gateway for OpenAI's and Anthropic's SDKs
  ${bold}serving${plain}    http://localhost:${port[serving]}    model registry and inference
  ${bold}analytics${plain}  http://localhost:${port[analytics]}    user events
  ${bold}dashboard${plain}  $dashboard

${bold}llm${plain}: a chat with the mock model
  curl http://localhost:${port[llm]}/v1/chat/completions -H 'Content-Type: application/json' -d '{"model":"mock","messages":[{"role":"user","content":"Hello"}]}'
${bold}serving${plain}: register a model, then score rows with it
  curl http://localhost:${port[serving]}/api/v1/serving/models -H 'Content-Type: application/json' -d @$samples/breast-cancer.model.json
  curl http://localhost:${port[serving]}/v2/models/breast-cancer/infer -H 'Content-Type: application/json' -d @$samples/breast-cancer.infer.json
${bold}analytics${plain}: take an event, then count
  curl http://localhost:${port[analytics]}/api/v1/events -H 'Content-Type: application/json' -d '{"event":"signed_up","userId":"u1"}'
  curl 'http://localhost:${port[analytics]}/api/v1/events/count?event=signed_up'
${bold}web${plain}: the numbers of all three
  curl http://localhost:${port[web]}/api/v1/metrics/dashboard

TABLE
}

# The dashboard's login address once it answers, or why there is none.
await_dashboard() {
  local tries login=''
  for ((tries = 0; tries < 20; tries++)); do
    login=$(dashboard_login)
    if [[ -n $login ]] && listening "${port[dashboard]}"; then break; fi
    sleep 0.5
  done
  if ! listening "${port[dashboard]}"; then login='not running; the log says why'; fi
  echo "${login:-http://localhost:${port[dashboard]}}"
}
