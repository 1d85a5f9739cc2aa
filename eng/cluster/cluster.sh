#!/usr/bin/env bash
# Two nodes of the portal on one PostgreSQL behind a sticky load balancer, on this machine. See README.md.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
dir=${PORTAL_CLUSTER_DIR:-${TMPDIR:-/tmp}/portal-cluster}
port=${PORTAL_CLUSTER_PORT:-5180} # the balancer; the nodes and PostgreSQL take the three after it

say() { printf '%s\n' "$*" >&2; }
die() { say "cluster.sh: $*"; exit 1; }
pg_bin() { local initdb; initdb=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1) || true; initdb=${initdb:-$(type -P initdb || true)}; [[ -n $initdb ]] && dirname "$initdb"; }
# PostgreSQL refuses to run as root: there its own user runs it.
as_pg() { if (( EUID == 0 )); then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }
address() { printf 'http://127.0.0.1:%s' $((port + $1)); }
database="Host=127.0.0.1;Port=$((port + 3));Username=portal;Database=portal;Maximum Pool Size=60"

missing() {
  type -P haproxy >/dev/null || [[ -x /usr/sbin/haproxy ]] || echo haproxy
  pg_bin >/dev/null || echo postgresql
  type -P curl >/dev/null || echo curl
}
tools() {
  local packages root_=()
  type -P dotnet >/dev/null || die 'the .NET 10 SDK is missing'
  mapfile -t packages < <(missing)
  (( ${#packages[@]} )) || return 0
  (( EUID == 0 )) || root_=(sudo -n)
  if type -P apt-get >/dev/null && "${root_[@]}" true 2>/dev/null; then
    say "Installing ${packages[*]}"
    { "${root_[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq update
      "${root_[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${packages[@]}"; } >"$dir/apt.log" 2>&1 || tail -n 20 "$dir/apt.log" >&2
    mapfile -t packages < <(missing)
  fi
  (( ${#packages[@]} == 0 )) || die "missing: ${packages[*]}. On Debian or Ubuntu: sudo apt-get install ${packages[*]}"
}

pid_of() { [[ -f $dir/$1.pid ]] && cat "$dir/$1.pid"; }
alive() { local pid; pid=$(pid_of "$1") && kill -0 "$pid" 2>/dev/null; }
await_() { # what, seconds, command
  local what=$1 end=$((SECONDS + $2)); shift 2
  until "$@" >/dev/null 2>&1; do (( SECONDS < end )) || die "$what did not come up; see $dir"; sleep 0.1; done
}

start_database() {
  if [[ ! -d $dir/pg/data ]]; then
    mkdir -p "$dir/pg"
    (( EUID == 0 )) && chown postgres "$dir/pg"
    as_pg "$(pg_bin)/initdb" -D "$dir/pg/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 >"$dir/initdb.log"
  fi
  as_pg "$(pg_bin)/pg_ctl" -D "$dir/pg/data" status >/dev/null 2>&1 ||
    as_pg "$(pg_bin)/pg_ctl" -D "$dir/pg/data" -l "$dir/pg/log" -w -o "-p $((port + 3)) -k $dir/pg -c listen_addresses=127.0.0.1 -c max_connections=200" start >/dev/null
  local psql=("$(pg_bin)/psql" -h 127.0.0.1 -p $((port + 3)) -U postgres -tA -v ON_ERROR_STOP=1)
  # The portal's user owns its database and is no superuser, so that the second wall binds it.
  [[ $("${psql[@]}" -c "SELECT 1 FROM pg_roles WHERE rolname='portal'") == 1 ]] ||
    "${psql[@]}" -q -c 'CREATE ROLE portal_app NOLOGIN' -c 'CREATE ROLE portal LOGIN' -c 'GRANT portal_app TO portal' -c 'CREATE DATABASE portal OWNER portal' >/dev/null
}

start_node() { # number
  alive "node$1" && return
  (
    cd "$dir/app"
    # Demonstration data needs Development; everything else is as behind any load balancer.
    export ASPNETCORE_ENVIRONMENT=Development DOTNET_gcServer=0 Database__Provider=Postgres ConnectionStrings__Portal="$database" Portal__DemoData=true \
      Portal__BaseUrl="http://localhost:$port" Portal__Proxies=127.0.0.1 SignIn__RequireSecondFactor=false SignIn__CircuitsPerPerson=1000 SignIn__PostsPerMinute=100000 SignIn__RequestsPerMinute=1000000 Logging__LogLevel__Default=Warning
    exec setsid dotnet Portal.dll --urls "$(address "$1")" >>"$dir/node$1.log" 2>&1 </dev/null
  ) &
  echo $! >"$dir/node$1.pid"
  await_ "node $1" 180 curl -fs -o /dev/null "$(address "$1")/health/ready"
}

start_balancer() {
  alive balancer && return
  cat >"$dir/haproxy.cfg" <<CFG
global
  maxconn 4000
defaults
  mode http
  timeout connect 1s
  timeout client 1h
  timeout server 1h
  timeout tunnel 1h
  # A node that died is left at once, and for good while it is down.
  option redispatch
  retries 2
  retry-on conn-failure empty-response
frontend portal
  bind 127.0.0.1:$port
  option forwardfor
  http-request set-header X-Forwarded-Proto http
  default_backend nodes
backend nodes
  balance roundrobin
  # Whoever was at a node stays there: a circuit lives in one process.
  cookie NODE insert indirect nocache httponly
  option httpchk GET /health/ready
  default-server check inter 500ms fall 1 rise 1 on-marked-down shutdown-sessions
  server one 127.0.0.1:$((port + 1)) cookie one
  server two 127.0.0.1:$((port + 2)) cookie two
CFG
  PATH=$PATH:/usr/sbin setsid haproxy -f "$dir/haproxy.cfg" >"$dir/balancer.log" 2>&1 </dev/null &
  echo $! >"$dir/balancer.pid"
  await_ 'the balancer' 20 curl -fs -o /dev/null "$(address 0)/health/live"
}

stop_one() { # name, signal
  local pid
  pid=$(pid_of "$1") || return 0
  kill "-${2:-TERM}" "$pid" 2>/dev/null || true
  for _ in {1..100}; do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  kill -KILL "$pid" 2>/dev/null || true
  rm -f "$dir/$1.pid"
}

case ${1:-} in
  start)
    mkdir -p "$dir"
    tools
    if [[ ! -f $dir/app/Portal.dll || ${2:-} == --publish ]]; then
      say 'Publishing the portal'
      dotnet publish "$root/Portal/Portal.csproj" --configuration Release --output "$dir/app" --nologo --verbosity quiet >&2
    fi
    start_database
    start_node 1 # makes the tables and the demonstration data; the second finds them
    start_node 2
    start_balancer
    say "The portal is at http://localhost:$port, its nodes at $(address 1) and $(address 2)."
    ;;
  stop)
    for name in balancer node1 node2; do stop_one $name; done
    [[ -d $dir/pg/data ]] && { as_pg "$(pg_bin)/pg_ctl" -D "$dir/pg/data" -m fast -w stop >/dev/null 2>&1 || true; }
    [[ ${2:-} == --wipe ]] && rm -rf "$dir"
    ;;
  kill) [[ ${2:-} == [12] ]] || die 'kill 1 or kill 2'; stop_one "node$2" KILL ;;
  up) [[ ${2:-} == [12] ]] || die 'up 1 or up 2'; start_node "$2" ;;
  status) for name in balancer node1 node2; do if alive $name; then echo "$name runs, process $(pid_of $name)"; else echo "$name does not run"; fi; done ;;
  environment) # for what measures: names to be evaluated by a shell
    printf 'export PORTAL_CLUSTER=%q PORTAL_CLUSTER_DATABASE=%q PORTAL_CLUSTER_BALANCER=%q\n' "$(address 1),$(address 2)" "$database" "http://localhost:$port"
    ;;
  *) say 'usage: cluster.sh start [--publish] | stop [--wipe] | kill 1|2 | up 1|2 | status | environment'; exit 2 ;;
esac
