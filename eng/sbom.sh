#!/usr/bin/env bash
# Writes the bill of materials of what is published: every package of the portal with its version, licence and hash, as CycloneDX (JSON).
#
#   ./eng/sbom.sh [FILE]        portal.sbom.json by default
set -euo pipefail
file=$(realpath -m "${1:-portal.sbom.json}")
cd "$(dirname "$0")/.."
dotnet tool restore --verbosity quiet
dotnet restore Portal --verbosity quiet
version=$(dotnet msbuild Portal -getProperty:InformationalVersion -nologo)
dotnet tool run dotnet-CycloneDX -- Portal/Portal.csproj --output-format Json --exclude-dev --disable-package-restore \
  --set-name technical-assistance-portal --set-version "${version:-0.0.0}" --output "$(dirname "$file")" --filename "$(basename "$file")" >/dev/null
printf '%s: %s components\n' "$file" "$(grep -c '"purl"' "$file")"
