#!/usr/bin/env bash
# Restores, checks the formatting, builds once with warnings as errors, and runs every test.
#
#   ./eng/test.sh                                   all tests
#   ./eng/test.sh FullyQualifiedName~Access         a part of them (several filters: any of them)
#   ./eng/test.sh fast                              between two edits: rules, laws and services on SQLite; a filter may follow.
#                                                   No PostgreSQL, browser or whole portal, no analyzers, formatting or advisories
#
# The browser tests need Chromium and the Noto fonts, the PostgreSQL tests the server's binaries. On Debian and
# Ubuntu what is missing is installed, as root or through sudo; otherwise it is named and those tests skip.
# With PORTAL_NO_SKIP=1 or CI=true nothing may skip. The last line is always the count read from the TRX files.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null # nothing here may wait for an answer

say() { printf '%s\n' "$*"; }
die() { printf 'test.sh: %s\n' "$*" >&2; exit 1; }

fast=0
if [[ ${1:-} == fast ]]; then fast=1; shift; fi
# Rooms whose tests start a portal, a process or a browser; others say so test by test (PaceLaws).
slow_rooms='Api Browser Commands Demonstration Identity Nodes Public'

no_skip=0
(( fast )) || [[ ${PORTAL_NO_SKIP:-} != 1 && ${CI:-} != true ]] || no_skip=1

tmp=$(mktemp -d) pg_dir='' pg_bin=''
cleanup() {
  if [[ -n $pg_dir ]]; then
    as_pg "$pg_bin/pg_ctl" -D "$pg_dir/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$pg_dir"
  fi
  rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# --- What the tests need from the machine -----------------------------------------------------------------------
# The shell without windows is a fifth faster; Debian has it by itself, Ubuntu does not.
find_browser() { type -P chromium-headless-shell || type -P chromium || type -P chromium-browser || type -P google-chrome-stable || type -P google-chrome; }
postgres_bin() { # the newest server installed; Debian keeps it out of PATH, others do not
  local newest
  newest=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1) || true
  newest=${newest:-$(type -P initdb || true)}
  [[ -n $newest ]] && dirname "$newest"
}
font() { local dir; for dir in /usr/share/fonts /usr/local/share/fonts "$HOME/.fonts" "$HOME/.local/share/fonts"; do
  [[ -d $dir && -n $(find -L "$dir" -name "$1*" -print -quit) ]] && return; done; return 1; }
missing() {
  find_browser >/dev/null || say chromium
  font NotoSansArabic || say fonts-noto-core
  font NotoSansCJK || say fonts-noto-cjk
  postgres_bin >/dev/null || say postgresql
}

export HOME=${HOME:-$tmp} # dotnet refuses to run without one
command -v dotnet >/dev/null || die 'the .NET 10 SDK is missing: https://dotnet.microsoft.com/download/dotnet/10.0'
sdk=$(dotnet --version) || die 'no installed .NET SDK satisfies global.json: install the .NET 10 SDK'
[[ $sdk == 10.* ]] || die "the .NET 10 SDK is needed, this is $sdk"

packages=()
(( fast )) || mapfile -t packages < <(missing)
if (( ${#packages[@]} )) && command -v apt-get >/dev/null; then
  root=()
  (( EUID == 0 )) || root=(sudo -n)
  if "${root[@]}" true 2>/dev/null; then
    say "Installing ${packages[*]}"
    { "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq update &&
      { ! apt-cache show chromium-headless-shell || packages=("${packages[@]/%chromium/chromium-headless-shell}"); } &&
      "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${packages[@]}"
    } >"$tmp/apt.log" 2>&1 || tail -n 20 "$tmp/apt.log"
    mapfile -t packages < <(missing)
  fi
fi
if (( ${#packages[@]} )); then
  say "Missing: ${packages[*]}. On Debian or Ubuntu: sudo apt-get install ${packages[*]}"
  (( no_skip )) && die 'nothing may skip here, so these have to be installed first'
fi

# --- Restore, format, build (which also enforces the code style) ------------------------------------------------
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export MSBUILDDISABLENODEREUSE=1             # leave no build processes behind
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1    # the driver comes in its package, the browser from the system
if (( fast )); then
  dotnet build Portal.Tests --configuration Release --nologo --verbosity quiet -p:RunAnalyzers=false
else
  dotnet tool restore --verbosity quiet
  dotnet restore --verbosity quiet
  dotnet csharpier check . --log-level Error ||
    die 'formatting differs; "dotnet csharpier format ." puts it right'
  # A registry that serves a near version, and advisories of low severity, are reported and do not stop a build; see Directory.Build.props.
  dotnet build --configuration Release --no-restore --nologo --verbosity quiet -warnaserror '-warnnotaserror:NU1603;NU1901'

# --- Advisories -------------------------------------------------------------------------------------------------
  # That a planted vulnerable package stops the build is a test (AdvisoryTests). Whether this registry names any is another
  # matter: some serve packages and no advisories, and "none found" would then mean nothing.
  if curl -fsS -m 20 "$(dotnet nuget list source --format short | awk '$1 == "E" && $2 ~ /^https?:/ { print $2; exit }')" 2>/dev/null | grep -q VulnerabilityInfo; then
    say 'Advisories: the registry was asked; no package with a known vulnerability is in.'
  else
    say 'Advisories: NOT CHECKED. The registry cannot be asked or serves none; ask one that does before a release.'
  fi
fi

# --- A PostgreSQL cluster of our own, gone when this script ends ------------------------------------------------
# PostgreSQL refuses to run as root: there its own user runs it, from a folder that user can reach.
as_pg() { if (( EUID == 0 )); then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }
start_postgres() {
  local attempt port
  pg_dir=$(as_pg env -u TMPDIR mktemp -d)
  as_pg "$pg_bin/initdb" -D "$pg_dir/data" --username=portal --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync \
    >"$tmp/initdb.log" 2>&1 || { cat "$tmp/initdb.log"; return 1; }
  for attempt in {1..10}; do # a taken port makes the start fail: no gap between looking and taking
    port=$((20000 + RANDOM % 12000))
    # No syncing to disk: the cluster never outlives the tests.
    if as_pg "$pg_bin/pg_ctl" -D "$pg_dir/data" -l "$pg_dir/log" -w -o "-p $port -k $pg_dir -c listen_addresses=127.0.0.1 \
        -c max_connections=200 -c fsync=off -c synchronous_commit=off -c full_page_writes=off" start >/dev/null; then
      export PORTAL_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=portal;Database=postgres"
      return
    fi
  done
  cat "$pg_dir/log"
  return 1
}
unset PORTAL_TEST_POSTGRES PORTAL_TEST_CHROMIUM
if (( ! fast )) && pg_bin=$(postgres_bin); then start_postgres || die 'the PostgreSQL cluster for the tests did not start'; fi
if (( ! fast )) && browser=$(find_browser); then export PORTAL_TEST_CHROMIUM=$browser; fi

# --- Test -------------------------------------------------------------------------------------------------------
filter=()
(( $# )) && filter=(--filter "$(IFS='|'; printf '%s' "$*")")
if (( fast )); then
  leave='Pace!=Slow'
  for room in $slow_rooms; do leave+="&FullyQualifiedName!~.$room."; done
  filter=(--filter "${filter[1]:+(${filter[1]})&}$leave")
fi
outcome=0
# A test that hangs is named and ends the run.
dotnet test --no-build --configuration Release --nologo --logger trx --results-directory "$tmp/results" \
  --blame-hang-timeout 5m --blame-hang-dump-type none "${filter[@]}" || outcome=$?

# --- Count ------------------------------------------------------------------------------------------------------
# The results themselves are counted: a TRX summary does not count skipped tests. Any other outcome is a failure.
mkdir -p "$tmp/results"
find "$tmp/results" -name '*.trx' -exec cat {} + | awk -v counts="$tmp/counts" -v fast="$fast" '
  function plain(s) { gsub(/&lt;/, "<", s); gsub(/&gt;/, ">", s); gsub(/&quot;/, "\"", s); gsub(/&#x[DA];/, "\n", s); gsub(/&amp;/, "\\&", s); return s }
  function between(s, from, to,  i) { if (!(i = index(s, from))) return ""; s = substr(s, i + length(from)); return plain(substr(s, 1, index(s, to) - 1)) }
  BEGIN { RS = "<UnitTestResult " }
  NR > 1 {
    result = between($0, "outcome=\"", "\"")
    if (result == "Passed") passed++
    else if (result == "NotExecuted") { skipped++; if (!fast) print "SKIPPED " between($0, "testName=\"", "\"") ": " between($0, "<Message>", "</Message>") }
    else { failed++; print "FAILED  " between($0, "testName=\"", "\"") "\n" between($0, "<Message>", "</Message>") "\n" }
  }
  END { print passed + 0, failed + 0, skipped + 0 >counts }'
read -r passed failed skipped <"$tmp/counts"

if (( passed + failed + skipped == 0 )); then
  say "No test ran${1:+ for the filter \"$*\"}: that is a failure, not a success."
  outcome=1
elif (( failed == 0 && outcome != 0 )); then
  say "The test run itself failed (exit code $outcome), see above."
fi
(( failed == 0 )) || outcome=1
if (( skipped && no_skip )); then
  say 'Nothing may skip here, and tests did.'
  outcome=1
fi
(( fast )) && say 'This was the fast part; what needs PostgreSQL is among the skipped, and the rest of the tests did not run.'
say "$passed passed, $failed failed, $skipped skipped"
exit "$outcome"
