#!/usr/bin/env bash
# Makes demonstration data of a size and measures matching on it:   ./eng/bench/matching.sh [NEEDS] [OFFERS]
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export ASPNETCORE_ENVIRONMENT=Development ConnectionStrings__Portal="Data Source=$folder/portal.db"
dotnet build Portal -c Release --nologo -v q
dotnet run -c Release --no-build --project Portal -- demo reset --needs "${1:-100000}" --offers "${2:-10000}"
dotnet run -c Release --no-build --project Portal -- matches rebuild
