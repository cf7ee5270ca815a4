# shellcheck shell=bash disable=SC2154 # ./cogniforge sets the variables that its parts share.
# run: starts the whole system in the foreground.

cogniforge_run() {
  local started up='' code=0
  require_free_ports
  ensure_setup "$@"
  build "$root/CogniForge.AppHost"
  say "${bold}Starting$plain"
  started=$SECONDS
  new_log
  if [[ -n $plain ]]; then export DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION=1; fi
  start_apphost "$@" > >(trap '' INT TERM HUP && exec tee "$apphost_log")
  if await_health; then
    up=yes
    show_addresses $((SECONDS - started))
  fi
  await_apphost || code=$?
  if [[ -n $stopping ]]; then
    say 'CogniForge has stopped.'
  elif [[ -z $up ]]; then
    die "The AppHost ended before all services were healthy (exit code $code; its log: $apphost_log):" \
      "$(apphost_reasons)"
  else
    die "The AppHost ended unexpectedly (exit code $code; its log: $apphost_log):" "$(apphost_reasons)"
  fi
}

show_addresses() {
  local login samples=$root/samples/data json="-H 'Content-Type: application/json' -d"
  local chat='{"model":"mock","messages":[{"role":"user","content":"Hello"}]}'
  login=$(sed -n 's/.*Login to the dashboard at \(http[^[:space:]]*\).*/\1/p' "$apphost_log" | head -n 1)
  [[ $PWD != "$root" ]] || samples=samples/data
  printf -v samples %q "$samples"
  cat <<TABLE

${bold}CogniForge is up$plain (after $1 s). Ctrl-C stops it.

  ${bold}web$plain        http://localhost:5200   pages, and the numbers of all services
             curl http://localhost:5200/api/v1/metrics/dashboard
  ${bold}llm$plain        http://localhost:5201   LLM gateway for OpenAI's and Anthropic's SDKs
             curl http://localhost:5201/v1/chat/completions $json '$chat'
  ${bold}serving$plain    http://localhost:5202   model registry and inference
             curl http://localhost:5202/api/v1/serving/models $json @$samples/breast-cancer.model.json
  ${bold}analytics$plain  http://localhost:5203   user events
             curl http://localhost:5203/api/v1/events $json '{"event":"signed_up","userId":"u1"}'
  ${bold}dashboard$plain  ${login:-http://localhost:18888}

TABLE
}
