# shellcheck shell=bash disable=SC2154 # ./cogniforge sets the variables that its parts share.
# sbom: writes what each service is made of: its NuGet packages with versions, hashes and licences.

cogniforge_sbom() {
  local service version
  (($# == 0)) || die 'sbom takes no arguments.'
  require_sdk
  version=$(git -C "$root" rev-parse --short HEAD 2>/dev/null) || version=0.0.0
  cd "$root"
  # The first restore of several new tools at once can mix them up (SDK 10.0).
  dotnet tool restore >/dev/null 2>&1 || dotnet tool restore >/dev/null || die 'The tool CycloneDX could not be restored.'
  for service in Llm Serving Analytics Web; do
    dotnet restore "CogniForge.$service" --verbosity quiet || die "CogniForge.$service could not be restored."
    dotnet tool run dotnet-CycloneDX "CogniForge.$service/CogniForge.$service.csproj" --disable-package-restore \
      --exclude-dev --set-name "CogniForge.$service" --set-version "$version" \
      --output artifacts/sbom --output-format Json --filename "cogniforge-${service,,}.cdx.json" >/dev/null ||
      die "The bill of materials of CogniForge.$service failed."
  done
  say "The bills of materials are in artifacts/sbom:" artifacts/sbom/*.cdx.json
}
