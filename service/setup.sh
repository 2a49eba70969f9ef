#!/usr/bin/env bash
# Sets up what is missing: .venv with the locked dependencies, and the built pages. Says what it does,
# does nothing twice, needs no rights outside this folder. Called by every make target.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*"; }
fail() { printf '无法继续：%s\n' "$*" >&2; exit 1; }

[ -w . ] || fail "文件夹 $(pwd) 不可写，请换一个有写权限的位置再试。"

is_310() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; }

find_python() {
  local candidate
  for candidate in python3.10 python3 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10.*/bin/python; do
    command -v "$candidate" >/dev/null 2>&1 && is_310 "$candidate" && { command -v "$candidate"; return; }
  done
  if command -v uv >/dev/null 2>&1; then
    candidate=$(uv python find 3.10 2>/dev/null) && is_310 "$candidate" && { echo "$candidate"; return; }
    uv python install -q 3.10 >&2 2>/dev/null && uv python find 3.10 && return
  fi
  return 1
}

stamp_of() { cat "$@" 2>/dev/null | sha256sum | cut -c1-16; }

setup_python() {
  local want python
  want=$(stamp_of requirements/bootstrap.txt requirements/dev.txt)
  [ -f .venv/.stamp ] && [ "$(cat .venv/.stamp)" = "$want" ] && return
  python=$(find_python) || fail "需要 Python 3.10（Rasa 的上限）。请安装 python3.10，或用 pyenv install 3.10，或安装 uv 后重试。"
  if ! { [ -x .venv/bin/python ] && is_310 .venv/bin/python; }; then
    say "[1/3] 建立 Python 3.10 环境 .venv …"
    rm -rf .venv
    "$python" -m venv .venv || fail "不能建立虚拟环境；Debian 上请先安装 python3-venv。"
  fi
  say "[1/3] 安装依赖（首次约 3 GB，有缓存时不到一分钟）…"
  .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
  .venv/bin/uv pip install -q --python .venv/bin/python --require-hashes -r requirements/dev.txt \
    || fail "依赖安装失败，请检查网络后重试。"
  echo "$want" > .venv/.stamp
}

has_node() { command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 \
  && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ]; }

PAGES="connectors/app/page escalation/console/page"

setup_pages() {
  local want page missing=
  want=$(stamp_of package.json package-lock.json $(git ls-files -co --exclude-standard service/page $PAGES 2>/dev/null | sort || find service/page $PAGES -type f -not -path '*/node_modules/*' -not -path '*/dist/*' | sort))
  for page in $PAGES; do [ -f "$page/dist/index.html" ] || missing=1; done
  [ -z "$missing" ] && [ -f node_modules/.stamp ] && [ "$(cat node_modules/.stamp)" = "$want" ] && return
  if ! has_node; then
    say "[2/3] PATH 上没有 Node.js 20 以上，改用 wheel 里的 Node.js …"
    .venv/bin/uv pip install -q --python .venv/bin/python --require-hashes -r requirements/node.txt
    PATH="$PWD/.venv/bin:$PATH"
  fi
  say "[2/3] 构建客户页面和坐席页面 …"
  npm ci --no-fund --no-audit --loglevel=error >/dev/null || fail "前端依赖安装失败，请检查网络后重试。"
  npm run build --silent >var/build.log 2>&1 || { tail -20 var/build.log >&2; fail "页面构建失败，见 var/build.log。"; }
  echo "$want" > node_modules/.stamp
}

mkdir -p var
# one set-up at a time in this folder
exec 9>var/.setup.lock
flock 9
setup_python
setup_pages
