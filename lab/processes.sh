# shellcheck shell=bash
# Starting programs in the background, finding them again and ending them. Read by `lab`, which sets:
: "${state:?}"

pid_in() { cat "$1" 2>/dev/null; } # FILE
# Whether the process that we started is still there: its number may be another program's by now.
running() { # PID FILE
  local pid
  pid=$(pid_in "$1") || return
  case $(ps -p "$pid" -o args=) in
    */tailscaled\ * | */control\ * | */influxd\ *) return 0 ;;
    *) return 1 ;;
  esac
}

launch() { # PID FILE, LOG, COMMAND...: in a process group of its own, which Ctrl-C in this terminal does not reach
  local file=$1 log=$2
  shift 2
  set -m
  "$@" </dev/null >>"$log" 2>&1 &
  echo $! >"$file"
  set +m
}

halt() { # PID FILE
  if running "$1"; then
    kill "$(pid_in "$1")"
    for _ in $(seq 100); do
      running "$1" || break
      sleep 0.1
    done
    ! running "$1" || kill -9 "$(pid_in "$1")"
  fi
  rm -f "$1"
}

wait_for() { # LOG, COMMAND...: until it succeeds, for half a minute
  local log=$1
  shift
  for _ in $(seq 150); do
    "$@" >/dev/null 2>&1 && return
    sleep 0.2
  done
  tail -n 20 "$log" >&2
  refuse "gave up waiting for: $* (its log is above)"
}

claim_port() { # PORT, VARIABLE that chooses another
  if (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
    refuse "port $1 is taken, and not by the lab in $state. Is there another lab? Set LAB_STATE to its folder to" \
      "use it, or take it down; for a second lab beside it set $2"
  fi
}

make_folder() { # For the sidecar's tests, which reach a socket below it as the user `nobody`.
  mkdir -p "$1"
  chmod a+x "$1"
}
