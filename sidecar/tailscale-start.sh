#!/bin/bash
# Starts tailscaled, the HTTP proxy beside it and nginx, and stays: passes signals on, and ends with an error when one of
# them ends. Started as root; every part but tailscaled gives that up.
#
#   TS_HOSTNAME (observatory)   the node's name in the tailnet
#   TS_AUTHKEY_FILE             a file with an auth key; without it, the log shows a link to log in with
#   TS_LOGIN_SERVER             a control server of your own (Headscale)
#   TS_SERVE (https)            publish nginx in the tailnet by https or http; off: not at all
#   PROXY_USER (tailscale-proxy), NGINX_USER (nginx)   whom the parts run as
set -u
export LC_ALL=C TZ=UTC

here=$(dirname -- "$(realpath -- "${BASH_SOURCE[0]}")")
prefix=${NGINX_PREFIX:-/var}
state=${TS_STATE_DIR:-/var/lib/tailscale}
serve=${TS_SERVE:-https}
proxy_user=${PROXY_USER:-tailscale-proxy}
nginx_user=${NGINX_USER:-nginx}
export TAILSCALE_SOCKET=${TAILSCALE_SOCKET:-/var/run/tailscale/tailscaled.sock}
readonly START_SECONDS=30 STOP_SECONDS=10 ROTATE_SECONDS=3600

declare -A names=() # of the parts, by process id

main() {
  [ "$EUID" -eq 0 ] || fail 'start this as root: tailscaled needs it, the other parts give it up'
  case $serve in https | http | off) ;; *) fail "TS_SERVE=$serve is none of https, http, off" ;; esac
  [ -z "${TS_AUTHKEY_FILE:-}" ] || [ -r "$TS_AUTHKEY_FILE" ] || fail "TS_AUTHKEY_FILE=$TS_AUTHKEY_FILE cannot be read"
  [ -c /dev/net/tun ] || fail 'there is no /dev/net/tun: give it to this container (devices: [/dev/net/tun], cap_add: [NET_ADMIN])'
  trap 'log info stopping; stop 0' TERM INT

  umask 022
  local folders=("$prefix/log/nginx" "$prefix/run/nginx" "$prefix/cache/nginx")
  mkdir -p "$state" "$(dirname -- "$TAILSCALE_SOCKET")" "${folders[@]}" || fail 'cannot make the folders named above'
  chown "$nginx_user" "${folders[@]}" || fail "cannot give nginx its folders below $prefix"

  begin tailscaled tailscaled --statedir="$state" --socket="$TAILSCALE_SOCKET"
  wait_for 'tailscaled answered' ts status --json --peers=false
  begin proxy as "$proxy_user" "$here/tailscale-http-server.sh"
  begin nginx as "$nginx_user" nginx -p "$prefix" -c "$here/nginx.conf" -e stderr
  begin rotation as "$nginx_user" "$here/tailscale-start.sh" rotate
  wait_for 'the proxy listened' listens "${TAILSCALE_PROXY_PORT:-8765}"
  wait_for 'nginx listened' listens 8080
  begin join join

  local ended code
  wait -n -p ended
  code=$?
  case ${names[$ended]}:$code in
    join:3) fail 'tailscale up failed: its reason is above' ;;
    join:4) fail 'tailscale serve failed: its reason is above. For https, turn on HTTPS certificates in the admin console (DNS); or set TS_SERVE=http' ;;
    *) fail "${names[$ended]} ended with code $code" ;;
  esac
}

join() { # Logs in where that is needed, which may take a person, and publishes nginx.
  # Its names are not needed here, and a read-only /etc/resolv.conf could not take them.
  local up=(--reset --accept-dns=false --hostname="${TS_HOSTNAME:-observatory}")
  [ -z "${TS_LOGIN_SERVER:-}" ] || up+=(--login-server="$TS_LOGIN_SERVER")
  [ -z "${TS_AUTHKEY_FILE:-}" ] || up+=(--auth-key="file:$TS_AUTHKEY_FILE")
  ts up "${up[@]}" || return 3
  case $serve in
    https) ts serve --bg --https=443 http://127.0.0.1:8080 >&2 || return 4 ;;
    http) ts serve --bg --http=80 http://127.0.0.1:8080 >&2 || return 4 ;;
  esac
  log info 'the node is up'
  exec sleep infinity # this part, like every other, ends only when something is wrong
}

rotate() { # hourly, as the user that writes the log: what runs beside nginx, started by main
  trap 'kill $!; exit 0' TERM
  while sleep "$ROTATE_SECONDS" & wait; do
    logrotate --state "$prefix/log/nginx/logrotate.state" "$here/logrotate.conf" || log warn 'logrotate failed: the access log keeps growing'
  done
}

begin() { # NAME COMMAND...
  "${@:2}" &
  names[$!]=$1
}

as() { # USER COMMAND...: without root's rights, and no way back to them
  exec setpriv --reuid="$1" --regid="$(id -g "$1")" --clear-groups --no-new-privs -- "${@:2}"
}

ts() { tailscale --socket="$TAILSCALE_SOCKET" "$@"; }

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }

wait_for() { # WHAT COMMAND...: until it succeeds; the end of any part meanwhile is the end of all
  local deadline=$((SECONDS + START_SECONDS)) pid
  until "${@:2}" >/dev/null 2>&1; do
    for pid in "${!names[@]}"; do kill -0 "$pid" 2>/dev/null || fail "${names[$pid]} ended before $1"; done
    [ $SECONDS -lt $deadline ] || fail "waited $START_SECONDS s in vain: $1"
    sleep 0.1
  done
}

fail() { # WHY
  log error "$1"
  stop 1
}

stop() { # CODE
  trap '' TERM INT
  local deadline=$((SECONDS + STOP_SECONDS)) pid
  for pid in "${!names[@]}"; do kill "$pid" 2>/dev/null; done
  for pid in "${!names[@]}"; do
    while kill -0 "$pid" 2>/dev/null && [ $SECONDS -lt $deadline ]; do sleep 0.1; done
    kill -KILL "$pid" 2>/dev/null && log warn "${names[$pid]} did not stop within $STOP_SECONDS s and was killed"
  done
  exit "$1"
}

log() { # LEVEL MESSAGE: one JSON object a line, on standard error
  local text=${2//[$'\n\t']/ }
  text=${text//[^ -~]/}
  text=${text//\\/\\\\}
  printf '{"time":"%(%Y-%m-%dT%H:%M:%SZ)T","level":"%s","component":"tailscale-start","msg":"%s"}\n' -1 "$1" "${text//\"/\\\"}" >&2
}

case ${1:-} in
  '') main ;;
  rotate) rotate ;;
  *)
    sed -n '2,10p' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac
