# shellcheck shell=bash disable=SC2154 # ./cogniforge sets the variables that its parts share.
# Installs the command-line programs of agents and the SDKs for JavaScript that tests run through the gateway, in pinned
# versions.

agent_packages=(@openai/codex@0.171.0 @anthropic-ai/claude-code@2.1.332 openai@6.49.0 @anthropic-ai/sdk@1.14.0
  @grpc/grpc-js@1.14.7 @grpc/proto-loader@0.8.1 mlflow@2.0.7)

# Where they are installed: a cache that all working copies share.
agents_folder() {
  local versions=("${agent_packages[@]##*@}")
  echo "${XDG_CACHE_HOME:-$HOME/.cache}/cogniforge/agents-$(IFS=- && echo "${versions[*]}")"
}

# Sets COGNIFORGE_AGENTS for the tests. Without npm, or offline, they are reported as skipped; CI may not be offline.
ensure_agents() {
  local folder temporary
  folder=$(agents_folder)
  if [[ ! -d $folder ]]; then
    if ! has npm; then
      without_agents 'npm is not installed'
      return
    fi
    say "Installing ${agent_packages[*]} (800 MB, once)…"
    mkdir -p "${folder%/*}"
    temporary=$(mktemp -d "$folder.XXXXXX")
    # Their scripts are not needed: npm installs the program of this platform as a package.
    if ! npm install --prefix "$temporary" --ignore-scripts --no-audit --no-fund --no-save --loglevel=error \
      "${agent_packages[@]}" </dev/null; then
      rm -rf "$temporary"
      [[ -z ${CI:-} ]] || die 'npm could not install Codex and Claude Code (see above).'
      without_agents 'npm could not install them (see above)'
      return
    fi
    # Another run may have been faster.
    if [[ -d $folder ]]; then rm -rf "$temporary"; else mv "$temporary" "$folder"; fi
  fi
  export COGNIFORGE_AGENTS=$folder
}

without_agents() { warn "The tests of Codex, Claude Code and the SDKs for JavaScript are skipped: $1."; }
