#!/usr/bin/env bash
# Writes requirements/*.txt from requirements/*.in, every package pinned and hashed, no address in it.
# Pins that still fit stay; `make lock UPGRADE=1` takes the newest. Then the pages' lock likewise.
set -euo pipefail
cd "$(dirname "$0")/.."

upgrade=()
[ "${UPGRADE:-0}" = 1 ] && upgrade=(--upgrade)
uv=.venv/bin/uv
[ -x "$uv" ] || uv=uv

lock() {
  printf 'requirements/%s.txt …\n' "$1"
  "$uv" pip compile --quiet --python-version 3.10 --generate-hashes --no-header --no-annotate \
    "${@:2}" "${upgrade[@]}" \
    "requirements/$1.in" --output-file "requirements/$1.txt"
}

lock bootstrap
lock runtime
# the tests run with the versions that are shipped
lock dev --constraint requirements/runtime.txt
lock node

printf 'package-lock.json …\n'
command -v npm >/dev/null || PATH="$PWD/.venv/bin:$PATH"
npm install --package-lock-only --no-fund --no-audit --loglevel=error
