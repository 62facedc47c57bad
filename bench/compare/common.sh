#
# What the scripts beside this one share: servers on loopback ports of their own, in a temporary folder, ended with the script.
# To be sourced.
#
# shellcheck shell=bash disable=SC2034
HERE=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
ROOT=$(dirname -- "$(dirname -- "$HERE")")
FOLDER=$(mktemp -d)
TICKS_PER_SECOND=$(getconf CLK_TCK)
readonly HERE ROOT FOLDER TICKS_PER_SECOND
readonly PORT=18080 ADMIN=18081 NGINX_PORT=18082

server='' peers=()

say() {
  printf '%s\n' "$*"
}

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 2
}

# need_tools NAME…: all are there, or says how to get them.
need_tools() {
  local tool
  PATH=$PATH:/usr/sbin
  for tool in "$@"; do
    command -v "$tool" >/dev/null || die "$tool is missing: apt-get install -y nginx-light wrk webdis curl"
  done
}

# shellcheck disable=SC2317 # called by the trap
finish() {
  [[ -z $server ]] || kill "$server" 2>/dev/null || true
  [[ ${#peers[@]} -eq 0 ]] || kill "${peers[@]}" 2>/dev/null || true
  [[ ! -f $FOLDER/nginx.pid ]] || kill "$(cat "$FOLDER/nginx.pid")" 2>/dev/null || true
  [[ -z $server ]] || wait "$server" 2>/dev/null || true
  rm -rf "$FOLDER"
}

trap finish EXIT

start_nginx() {
  cat >"$FOLDER/nginx.conf" <<CONF
worker_processes 1;
pid $FOLDER/nginx.pid;
error_log $FOLDER/nginx-error.log;
events { worker_connections 4096; }
http {
  log_format event '\$remote_addr \$msec "\$request" \$status';
  keepalive_requests 1000000000;
  server {
    listen 127.0.0.1:$NGINX_PORT;
    access_log $FOLDER/nginx-access.log event buffer=256k;
    location = /pixel.gif { empty_gif; }
  }
}
CONF
  nginx -c "$FOLDER/nginx.conf" || die "nginx does not start"
}

# start_millrace OPTIONS OF millrace run
start_millrace() {
  # What follows the script's name in the launcher's process is the server: it execs. In a session of its own, as nginx is and as
  # each server of a system is: the kernel gives processors to sessions (autogroups, sched(7)).
  setsid "$ROOT/millrace" run --listen "127.0.0.1:$PORT" --admin "127.0.0.1:$ADMIN" --data-dir "$FOLDER/data" "$@" \
    >"$FOLDER/server.log" 2>&1 &
  server=$!
  for _ in $(seq 600); do
    if curl -fs "http://127.0.0.1:$ADMIN/readyz" >"$FOLDER/ready"; then
      return
    fi
    kill -0 "$server" 2>/dev/null || break
    sleep 0.5
  done
  cat "$FOLDER/server.log" >&2
  die "millrace does not start"
}

# The processes below one, of a name: the embedded stores are the server's children.
descendants() {
  local name=$1 parent=$2 child
  for child in $(pgrep -P "$parent" || true); do
    [[ $(cat "/proc/$child/comm" 2>/dev/null) != "$name" ]] || printf '%s\n' "$child"
    descendants "$name" "$child"
  done
}

# User and system time that processes have taken so far, in ticks.
ticks() {
  local pid
  for pid in "$@"; do
    sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null || true
  done | awk '{ sum += $12 + $13 } END { print sum + 0 }'
}

median() {
  printf '%s\n' "$@" | sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

quotient() {
  awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

ledger() {
  curl -fs "http://127.0.0.1:$ADMIN/ledger"
}

ledger_value() {
  sed -E "s/^.*\"$1\":([0-9a-z]+).*\$/\\1/" <<<"${2%%\"streams\"*}"
}

# json_value NAME: the number of that name in the result of the last load, $FOLDER/load.json.
json_value() {
  grep -oE "\"$1\" : [0-9.]+" "$FOLDER/load.json" | head -1 | grep -oE '[0-9.]+$'
}

# latency_micros PERCENTILE: of the last load, in microseconds.
latency_micros() {
  sed -n '/"latency_nanos"/,/}/p' "$FOLDER/load.json" | awk -v name="\"$1\"" '$1 == name { sub(",", "", $3); printf "%d", $3 / 1000 }'
}
