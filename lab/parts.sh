# shellcheck shell=bash
# What each part of the lab is built from and needs for it. Read by `lab`, which sets:
: "${here:?}" "${bin:?}"

programs_of() { # PART
  case $1 in
    tailnet) echo tailscale tailscaled control ;;
    influxdb) echo influxd ;;
    caddy) echo caddy ;;
    otelcol) echo otelcol ;;
    *) refuse "there is no part $1: tailnet, influxdb, caddy, otelcol" ;;
  esac
}

fingerprint() { cat "$here/$1"/* | cksum; } # PART: of its sources

# Whether a part's programs are there, made from the sources as they are now.
is_built() { # PART
  local program
  for program in $(programs_of "$1"); do [ -x "$bin/$program" ] || return 1; done
  [ "$(cat "$bin/$1.built-from" 2>/dev/null)" = "$(fingerprint "$1")" ]
}

has() { command -v "$1" >/dev/null; }

go_minor() { (cd / && GOTOOLCHAIN=local go env GOVERSION) | sed -n 's/.*go1\.\([0-9]*\).*/\1/p'; }

# One line for each thing this machine lacks, with how to get it.
missing() { # PART
  local get_go="get it from https://go.dev/dl"
  programs_of "$1" >/dev/null
  has curl || echo "curl is missing. Debian: apt-get install curl"
  has ps || echo "ps is missing. Debian: apt-get install procps"
  is_built "$1" && return
  if ! has go; then
    echo "Go is missing: $1 is built from source with Go 1.21 or later. No \`go\` is on PATH: $get_go"
  elif [ "$(go_minor)" -lt 21 ]; then
    echo "Go is too old: $1 is built from source with Go 1.21 or later, and $(go version) is on PATH: $get_go"
  fi
  [ "$1" = influxdb ] || return 0
  has cargo || echo "Rust is missing: InfluxDB's query language is built with it. No \`cargo\` is on PATH: get it from https://rustup.rs"
  has cc || echo "A C compiler is missing: InfluxDB is linked with it. No \`cc\` is on PATH. Debian: apt-get install gcc libc6-dev"
  has pkg-config || echo "pkg-config is missing: InfluxDB's build asks it for libraries. Debian: apt-get install pkg-config"
}

build() { # PART
  local lacks from
  is_built "$1" && return
  lacks=$(missing "$1")
  [ -z "$lacks" ] || refuse "$1 cannot be built."$'\n'"$lacks"
  mkdir -p "$bin"
  from=$(fingerprint "$1")
  "build_$1"
  # Last, so that a build that was cut short does not count.
  echo "$from" >"$bin/$1.built-from"
}

build_tailnet() {
  say "building tailscaled, tailscale and the coordination server (the first time about 4 minutes on 2 cores)"
  (cd "$here/tailnet" &&
    go build -o "$bin/" tailscale.com/cmd/tailscale tailscale.com/cmd/tailscaled &&
    go build -buildvcs=false -o "$bin/control" .)
}

build_influxdb() {
  local tools=$bin/pkg-config.d
  say "building influxd (the first time about 7 minutes on 2 cores)"
  mkdir -p "$tools"
  # The query language, Flux, forbids warnings and names a Rust of 2023; today's Rust warns of more, so warnings have
  # to stay warnings.
  printf '#!/bin/sh\nexec "$@" --cap-lints=warn\n' >"$tools/rustc-capped"
  chmod +x "$tools/rustc-capped"
  # InfluxData's pkg-config builds Flux when it is asked where Flux is, and passes every other question on.
  (cd "$here/influxdb" &&
    go build -o "$tools/pkg-config" github.com/influxdata/pkg-config &&
    RUSTUP_TOOLCHAIN=stable RUSTC_WRAPPER="$tools/rustc-capped" PATH="$tools:$PATH" \
      go build -tags sqlite_foreign_keys,sqlite_json -o "$bin/influxd" github.com/influxdata/influxdb/v2/cmd/influxd)
}

build_caddy() {
  say "building caddy (the first time about 3 minutes on 2 cores)"
  (cd "$here/caddy" && go build -o "$bin/caddy" github.com/caddyserver/caddy/v2/cmd/caddy)
}

build_otelcol() {
  say "building an OpenTelemetry Collector (the first time about 2 minutes on 2 cores)"
  (cd "$here/otelcol" && go build -buildvcs=false -o "$bin/otelcol" .)
}
