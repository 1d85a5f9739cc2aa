#!/usr/bin/env bash
# Starts the cluster, measures what two nodes promise and prints a Markdown table. See README.md.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
rounds=${ROUNDS:-13} deaths=${DEATHS:-20} circuits=${CIRCUITS:-200} events=${EVENTS:-50}

for tool in dotnet node npm; do command -v "$tool" >/dev/null || { echo "measure.sh: $tool is missing" >&2; exit 1; }; done
work=$(mktemp -d)
finish() { "$here/cluster.sh" stop || true; rm -rf "$work"; }
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

"$here/cluster.sh" start "$@"
eval "$("$here/cluster.sh" environment)"
{
  [[ -d $root/eng/bench/driver/node_modules ]] || (cd "$root/eng/bench/driver" && npm ci --no-audit --no-fund --silent)
  [[ -d $here/node_modules ]] || (cd "$here" && npm install --no-audit --no-fund --silent)
  dotnet build "$root/Portal.Tests" --configuration Release --nologo --verbosity quiet
} >&2
export PORTAL_DEMO_PASSWORD
accounts=$(cd "${PORTAL_CLUSTER_DIR:-${TMPDIR:-/tmp}/portal-cluster}/app" && ASPNETCORE_ENVIRONMENT=Development Database__Provider=Postgres ConnectionStrings__Portal="$PORTAL_CLUSTER_DATABASE" dotnet Portal.dll demo accounts)
PORTAL_DEMO_PASSWORD=$(sed -n 2p <<<"$accounts" | cut -d, -f2) # CSV: email, password, …
of() { grep ",$1," <<<"$accounts" | cut -d, -f1 | head -n "$2" | paste -sd,; }
everybody=$(tail -n +2 <<<"$accounts" | cut -d, -f1 | sort -u | paste -sd,)

echo "| | Measure | Promised | Met |"
echo "| --- | --- | --- | --- |"
PORTAL_MEASURE_ROUNDS=$rounds PORTAL_MEASURE_FILE=$work/times.tsv \
  dotnet test "$root/Portal.Tests" --configuration Release --no-build --nologo --filter 'FullyQualifiedName~Nodes.RevocationTests' --logger 'console;verbosity=detailed' >"$work/revocations.log" 2>&1 ||
  { tail -n 40 "$work/revocations.log" >&2; exit 1; }
grep -E 'revocations,|swaps of|median|^ *all:' "$work/revocations.log" >&2
awk -F'\t' '$2 == "blank" { n++; if ($3 > worst) worst = $3; t[n] = $3 } $2 == "cut" { if ($3 > cut) cut = $3 }
  END { asort_(t, n); printf "| R11 | %d screens ended in every way on two nodes: blank after median %.0f ms, **worst %.0f ms**; lines cut after at most %.0f ms | ≤ 2 s | %s |\n", n, t[int(n / 2) + 1], worst, cut, worst <= 2000 ? "yes" : "no" }
  function asort_(v, n,  i, j, x) { for (i = 2; i <= n; i++) { x = v[i]; for (j = i - 1; j > 0 && v[j] > x; j--) v[j + 1] = v[j]; v[j + 1] = x } }' "$work/times.tsv"
grep -hoE '[0-9]+ requests afterwards, 0 accepted' "$work/revocations.log" | head -n 1 | sed 's/.*/| R12 | & | 0 accepted | yes |/'
grep -hoE '[0-9]+ swaps of .*' "$work/revocations.log" | head -n 1 | sed 's/.*/| R13 | & | 0 of 100 | yes |/'
node "$here/measure.mjs" bleed --people "$everybody" --circuits "$circuits" --events "$events"
node "$here/measure.mjs" hostile --people "$everybody"
node "$here/measure.mjs" gaps --people "$(of AssistanceOfficer 1),$(of ProviderManager 1),$everybody"
node "$here/measure.mjs" death --people "$(of FocalPoint 4)" --rounds "$deaths"
