#!/bin/bash
# The HTTP proxy beside tailscaled: answers what the `tailscale` command prints, to programs on this machine only.
#
#   tailscale-http-server.sh          listens on 127.0.0.1 (needs socat); runs until it is stopped
#   tailscale-http-server.sh answer   answers one request from standard input: what socat starts for each connection
#
#   GET /status         tailscale status --json
#   GET /whois/<ip>     tailscale whois --json <ip>; 404 when nobody has that address. Also 127.x.x.x:<port>: whose connection a
#                       tailscaled without a TUN device passes on from there
#   GET /netcheck       tailscale netcheck --format=json
#   GET /ping/<host>    tailscale ping, five times, as text; 404 when there is no such peer
#   GET /pongs/<ip>     the same pings asked of the LocalAPI: a JSON list of its answers, with null for each that did not come.
#                       These have fractions of a millisecond. 404 when the command cannot (`tailscale debug localapi`)
#   GET /metrics        tailscale metrics print: bytes by path, and more; 404 when the command is too old for it
#   GET /map            what the network map says of each device (`tailscale debug localapi`, watch-ipn-bus): one line of JSON; 404
#                       when the command cannot
#   GET /debug/<peer>   what `tailscale debug watch-ipn` reports in 3 s while the peer is pinged once
#
# Everything else is refused with a status code and {"error": "..."}. Settings, from the environment:
#   TAILSCALE_CLI (tailscale)  TAILSCALE_SOCKET (/var/run/tailscale/tailscaled.sock)  TAILSCALE_PROXY_PORT (8765)
#   TAILSCALE_PROXY_ALLOW_USERSPACE=1: see refuse_userspace
set -u
export LC_ALL=C TZ=UTC # bytes, not characters: lengths and limits are of bytes

cli=${TAILSCALE_CLI:-tailscale}
socket=${TAILSCALE_SOCKET:-/var/run/tailscale/tailscaled.sock}
port=${TAILSCALE_PROXY_PORT:-8765}

readonly MAX_AT_ONCE=40         # the app pings up to 30 nodes at a time; further connections wait their turn
readonly MAX_LINE=4096          # bytes of a request or header line
readonly MAX_HEADERS=64         # lines
readonly MAX_ANSWER=33554432    # bytes: a status of 5,000 peers is about 6 MB
readonly REQUEST_SECONDS=5      # for the client to say what it wants
readonly QUICK_SECONDS=4        # for status and whois: the app waits 5 s
readonly MAP_SECONDS=2           # for the network map, which is there at once
readonly SLOW_SECONDS=14        # for netcheck and ping: the app waits 15 s
readonly CONNECTION_SECONDS=30  # for all of it, the client's reading too

log() { # LEVEL MESSAGE FIELDS: one JSON object a line, on standard error
  printf '{"time":"%(%Y-%m-%dT%H:%M:%SZ)T","level":"%s","component":"tailscale-proxy","msg":"%s"%s}\n' -1 "$1" \
    "$(json_text "$2")" "${3:-}" >&2
}

json_text() { # TEXT: as the inside of a JSON string, on one line, printable ASCII only
  local text=${1:0:500}
  text=${text//[$'\n\t']/ }
  text=${text//[^ -~]/}
  text=${text//\\/\\\\}
  printf '%s' "${text//\"/\\\"}"
}

# --- listening ---------------------------------------------------------------------------------------------------

die() {
  log error "$1"
  exit 1
}

listen() {
  [ "$EUID" -ne 0 ] || die 'refusing to run as root: tailscaled lets root change its settings. Run this as a user of its own, which may only read'
  [[ $port =~ ^[0-9]{1,5}$ ]] || die "TAILSCALE_PROXY_PORT=$port is not a port"
  command -v socat >/dev/null || die 'there is no socat: install it'
  command -v "$cli" >/dev/null || die "there is no command $cli: install Tailscale, or name its command with TAILSCALE_CLI"
  local script
  script=$(realpath -- "${BASH_SOURCE[0]}")
  [[ $script =~ ^[A-Za-z0-9_./-]+$ ]] || die "socat cannot start $script: move it to a path of plain letters"
  refuse_userspace
  log info "listening on 127.0.0.1:$port"
  exec socat "TCP4-LISTEN:$port,bind=127.0.0.1,reuseaddr,fork,backlog=128,max-children=$MAX_AT_ONCE" \
    "EXEC:timeout --kill-after=1 $CONNECTION_SECONDS $script answer,nofork"
}

# Without a TUN device, tailscaled hands every connection to the node's tailnet address on to the same port of loopback:
# what listens on loopback alone, as we do, is then open to the whole tailnet.
refuse_userspace() {
  run 8 status --json --peers=false # the command tries for 5 s before it says what is wrong
  [ "$code" = 0 ] || die "tailscaled does not answer on $socket: ${words:-is it running?}"
  [[ $output =~ \"TUN\":\ *false ]] || return 0
  [ "${TAILSCALE_PROXY_ALLOW_USERSPACE:-}" = 1 ] ||
    die 'this tailscaled has no TUN device (userspace networking) and opens every loopback port to the tailnet, this one too. Give it /dev/net/tun, or deny the port in your access rules and set TAILSCALE_PROXY_ALLOW_USERSPACE=1'
  log warn "tailscaled has no TUN device: port $port is open to every tailnet node that your access rules let in"
}

# --- answering ---------------------------------------------------------------------------------------------------

request=''   # the request line, for the log, once it is known to be printable
all_read='' # whether the client has nothing more to say

answer() {
  trap 'exit 0' PIPE # the client has gone
  local method path version line name value deadline=$((SECONDS + REQUEST_SECONDS)) headers=0 host=''

  next_line "$deadline" 414
  line=$REPLY
  [[ $line =~ ^([A-Z]{1,16})\ (/[!-~]*)\ (HTTP/1\.[01])$ ]] || refuse 400 'not an HTTP request'
  method=${BASH_REMATCH[1]} path=${BASH_REMATCH[2]} version=${BASH_REMATCH[3]}
  request="$method $path"

  while next_line "$deadline" 431 && [ -n "$REPLY" ]; do
    [ $((headers += 1)) -le "$MAX_HEADERS" ] || refuse 431 "more than $MAX_HEADERS header lines"
    [[ $REPLY =~ ^([!-9\;-~]+):[[:blank:]]*(.*)$ ]] || refuse 400 'not a header line'
    name=${BASH_REMATCH[1],,} value=${BASH_REMATCH[2]%"${BASH_REMATCH[2]##*[![:blank:]]}"}
    case $name in
      host)
        [ -z "$host" ] || refuse 400 'more than one Host'
        host=$value
        ;;
      # A web page must not make a browser on this machine ask for it. tailscaled refuses these too.
      origin | referer) refuse 403 'not for web pages' ;;
      content-length) [ "$value" = 0 ] || refuse 400 'a request here has no body' ;;
      transfer-encoding) refuse 400 'a request here has no body' ;;
    esac
  done

  all_read=yes

  # A name that an attacker's DNS points to 127.0.0.1 gets a browser as far as here, and no further.
  [[ $host =~ ^(127\.[0-9.]+|localhost|\[::1\])(:[0-9]{1,5})?$ || ($version = HTTP/1.0 && -z $host) ]] ||
    refuse 403 'ask for 127.0.0.1, or localhost'
  if [ "$method" != GET ]; then refuse 405 'only GET is answered'; fi

  case $path in
    /status) json "$QUICK_SECONDS" status --json ;;
    /netcheck) json "$SLOW_SECONDS" netcheck --format=json ;;
    /whois/*) whois "${path#/whois/}" ;;
    /ping/*) ping "${path#/ping/}" ;;
    /pongs/*) pongs "${path#/pongs/}" ;;
    /metrics) metrics ;;
    /map) map ;;
    /debug/*) debug "${path#/debug/}" ;;
    *) refuse 404 'there are /status, /whois/<ip>, /netcheck, /ping/<host>, /pongs/<ip>, /metrics, /map and /debug/<peer>' ;;
  esac
}

next_line() { # DEADLINE STATUS: the next line, without its end, in REPLY; STATUS is the refusal of one too long
  local left=$(($1 - SECONDS))
  if [ "$left" -le 0 ] || ! IFS= read -r -t "$left" -n "$MAX_LINE"; then
    # Nothing more to come: a client only checked whether the port is open, or has gone.
    if [ -z "$REPLY" ] && [ $(($1 - SECONDS)) -gt 0 ]; then exit 0; fi
    refuse 408 "no whole request within $REQUEST_SECONDS s"
  fi
  [ ${#REPLY} -lt "$MAX_LINE" ] || refuse "$2" "a line is longer than $MAX_LINE bytes"
  REPLY=${REPLY%$'\r'}
}

# What may be an argument of the command. None can begin with a dash, so none can become an option.
is_address() {
  local octet='(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'
  [[ $1 =~ ^$octet(\.$octet){3}$ || ($1 =~ ^[0-9A-Fa-f:]{2,39}$ && $1 == *:*:*) ]]
}
is_host() { is_address "$1" || [[ ${#1} -le 253 && $1 =~ ^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)*\.?$ ]]; }

# The other end of a connection within this machine.
is_loopback_end() { [[ $1 =~ ^(127(\.[0-9]{1,3}){3}):[1-9][0-9]{0,4}$ ]] && is_address "${BASH_REMATCH[1]}"; }

whois() {
  is_address "$1" || is_loopback_end "$1" || refuse 400 'not an IP address'
  json "$QUICK_SECONDS" whois --json "$1"
}

ping() {
  is_host "$1" || refuse 400 'neither an IP address nor a host name'
  # All five may go unanswered: 5 x 1.9 s and the second of rest after each of the first four.
  run "$SLOW_SECONDS" ping --c 5 --until-direct=false --timeout 1900ms "$1"
  # Relayed pongs end with exit code 1 and are an answer all the same; so is the command's word on our own address.
  if [[ $output =~ pong\ from|timed\ out|is\ local\ Tailscale\ IP ]]; then
    reply 200 text/plain "$output"
  elif [[ $words =~ no\ matching\ peer|error\ looking\ up\ IP|unknown\ peer ]]; then
    reply 404 text/plain "$words"
  else
    fail
  fi
}

pongs() {
  is_address "$1" || refuse 400 'not an IP address'
  local answers='' i
  for i in 1 2 3 4 5; do
    if [ "$i" -gt 1 ]; then sleep 0.2; fi
    run 1.9 debug localapi POST "ping?ip=$1&type=disco"
    if [ "$code" = 124 ] || [ "$code" = 137 ]; then # tailscaled waits for a silent peer for ever
      answers+=,null
    elif [[ $output == '{'*'}'* ]]; then
      answers+=,${output%$'\n'}
      # What tailscaled itself says, such as that there is no such peer, it would say again.
      [[ $output =~ \"Err\":\ *\"\" ]] || break
    else
      refuse 404 "no answer of the LocalAPI: ${words:-$output}"
    fi
  done
  reply 200 application/json "[${answers#,}]"
}

metrics() {
  run "$QUICK_SECONDS" metrics print
  if [[ $words$output =~ unknown\ (sub)?command ]]; then refuse 404 "tailscale is older than 1.78: $words"; fi
  [ "$code" = 0 ] || fail
  reply 200 text/plain "$output"
}

map() {
  # The first line is the map; what changes would follow until the time is up.
  run "$MAP_SECONDS" debug localapi GET 'watch-ipn-bus?mask=8'
  [[ $output == '{'* ]] || refuse 404 "no network map: ${words:-$output}"
  reply 200 application/json "$output"
}

debug() {
  is_host "$1" || refuse 400 'neither an IP address nor a host name'
  (sleep 0.5 && exec timeout 2 "$cli" --socket="$socket" ping --c 1 --timeout 1500ms "$1" >/dev/null 2>&1) &
  run 3 debug watch-ipn --initial-health --engine-updates --count 50
  [ "$code" = 0 ] || [ "$code" = 124 ] || fail
  # Each notice begins and ends with a brace at the line's start. The last may have been cut short.
  local notices=''
  if [[ $output == *$'\n}'* ]]; then notices="${output%$'\n}'*}"$'\n}'; fi
  reply 200 application/json "{\"peer\":\"$1\",\"seconds\":3,\"notices\":[${notices//$'\n}\n{'/$'\n},\n{'}]}"
}

json() { # SECONDS ARGS...: the command's answer as it is
  run "$@"
  [ "$code" = 0 ] || fail
  reply 200 application/json "$output"
}

# Runs the command, bounded in time and size: its exit code in `code`, what it printed in `output` and `words` (stderr).
run() { # SECONDS ARGS...
  local seconds=$1 captured tail
  shift
  # Both streams and the code come through one pipe: output, a byte that is in none of them, code, words.
  captured=$(
    {
      words=$(timeout --kill-after=1 "$seconds" "$cli" --socket="$socket" "$@" 2>&1 >&4)
      code=$?
      words=${words#Connected.} # what `watch-ipn` greets with
      words=${words//[$'\036\n']/ }
      printf '\036%s %s' "$code" "${words:0:500}" >&4
    } 4>&1 | head -c "$MAX_ANSWER"
  )
  # Looked for near the end alone: bash needs minutes to match a pattern against megabytes.
  tail=${captured: -510}
  [ -n "$tail" ] || tail=$captured
  words=${tail##*$'\036'}
  if [ ${#words} -eq ${#tail} ]; then
    output='' code=too-large words=''
    return
  fi
  output=${captured:0:${#captured}-${#words}-1}
  code=${words%% *}
  words=${words#* }
}

fail() { # The command did not do it: which status that is, by its own words.
  local said=${words:-$output}
  case $code in
    too-large) refuse 502 "tailscale printed more than $MAX_ANSWER bytes" ;;
    124 | 137) refuse 504 "tailscale gave no answer in time: ${said:-is tailscaled running?}" ;;
    126 | 127) refuse 500 "the command $cli cannot be run: $said" ;;
  esac
  case $said in
    *'peer not found'*) refuse 404 "$said" ;;
    *'failed to connect'* | *'not running'* | *'is stopped'* | *'connection refused'* | *'no such file'* | *'ogged out'*) refuse 503 "$said" ;;
    *) refuse 502 "${said:-tailscale failed with exit code $code and not a word}" ;;
  esac
}

refuse() { # STATUS WHY
  if [ "$1" -ge 500 ]; then log error "$2" ",\"request\":\"$(json_text "$request")\",\"status\":$1"; fi
  reply "$1" application/json "{\"error\":\"$(json_text "$2")\"}"
}

reply() { # STATUS TYPE BODY: and that is the end of this connection
  local reason allow='' body=$3$'\n'
  case $1 in
    200) reason=OK ;; 400) reason='Bad Request' ;; 403) reason=Forbidden ;; 404) reason='Not Found' ;;
    405) reason='Method Not Allowed' allow=$'Allow: GET\r\n' ;; 408) reason='Request Timeout' ;;
    414) reason='URI Too Long' ;; 431) reason='Request Header Fields Too Large' ;;
    500) reason='Internal Server Error' ;; 502) reason='Bad Gateway' ;; 503) reason='Service Unavailable' ;;
    504) reason='Gateway Timeout' ;;
  esac
  printf 'HTTP/1.1 %s %s\r\nContent-Type: %s\r\nContent-Length: %s\r\nConnection: close\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n%s\r\n%s' \
    "$1" "$reason" "$2" "${#body}" "$allow" "$body"
  # Closing on what was sent and not read resets the connection, and the client may never see why.
  [ -n "$all_read" ] || timeout 1 head -c 1000000 >/dev/null
  exit 0
}

case ${1:-} in
  '') listen ;;
  answer) answer ;;
  *)
    sed -n '2,18p' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac
