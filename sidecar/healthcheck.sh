#!/bin/bash
# Whether tailscaled answers through the proxy, and nginx listens. Says what does not.
set -u
port=${TAILSCALE_PROXY_PORT:-8765}

exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
printf 'GET /status HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n' >&3
IFS= read -r -t 8 line <&3
case $line in
  'HTTP/1.1 200 '*) ;;
  *)
    echo "the proxy answered ${line:-nothing}"
    exit 1
    ;;
esac
(exec 4<>/dev/tcp/127.0.0.1/8080) || exit 1
