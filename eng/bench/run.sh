#!/usr/bin/env bash
# Publishes the portal in Release to a throw-away folder and measures it there. See README.md.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

for tool in dotnet node npm wrk; do
  command -v "$tool" >/dev/null || { echo "bench: $tool is missing (Debian, Ubuntu: apt-get install nodejs npm wrk)" >&2; exit 1; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

project=${BENCH_PROJECT:-$root/Portal/Portal.csproj}
# BENCH_PUBLISH: other arguments of the publish than those of docs/operations.md; " " publishes for no platform, without ahead-of-time compilation.
read -ra publish <<<"${BENCH_PUBLISH:--r linux-x64}"
{
  echo "Publishing $(basename "$project")"
  dotnet publish "$project" --configuration Release --output "$work/publish" --nologo --verbosity quiet "${publish[@]}"
  [[ -d $here/driver/node_modules ]] || (cd "$here/driver" && npm ci --no-audit --no-fund --silent)
} >&2

cd "$root"
BENCH_COMMAND="./eng/bench/run.sh${*:+ $*}${BENCH_PUBLISH:+ with BENCH_PUBLISH=\"$BENCH_PUBLISH\"}" \
  node "$here/measure.mjs" --publish "$work/publish" --app "$(basename "$project" .csproj).dll" --work "$work" "$@"
