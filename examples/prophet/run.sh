#!/usr/bin/env bash
# One command: makes the job's own Python environment when it is missing or out of date, then runs the job. All arguments
# go to the job (`--help`). PROPHET_VENV: where the environment is, by default beside this file.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=${PROPHET_VENV:-$here/.venv}
python=${PYTHON:-python3}
stamp=$venv/installed-from

command -v "$python" >/dev/null || { echo "There is no $python here: install Python 3.11 or later." >&2; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "$python is $("$python" --version 2>&1): the job needs Python 3.11 or later (PYTHON names another)." >&2
  exit 1
}
if ! cmp -s "$here/requirements.txt" "$stamp"; then
  "$python" -c 'import ensurepip, venv' 2>/dev/null || {
    echo "Python cannot make environments: install python3-venv (Debian, Ubuntu)." >&2
    exit 1
  }
  echo "Installing Prophet into $venv (once, about 400 MB) …" >&2
  rm -rf "$venv"
  "$python" -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: -r "$here/requirements.txt" >&2
  # Last, so that an installation that was cut short is made again.
  cp "$here/requirements.txt" "$stamp"
fi
exec "$venv/bin/python" "$here/forecast_latency.py" "$@"
