#!/bin/sh
# Makes .venv from the hashed lock, with the project in it. Says one line; shows the log only when it fails.
# $PYTHON picks the interpreter; otherwise the first one that is new enough.
set -eu
cd "$(dirname "$0")/.."
log=.venv/install.log

usable() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if usable "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    found=$("${PYTHON:-python3}" --version 2>/dev/null) || found="no ${PYTHON:-python3}"
    echo "schemagate needs Python 3.11 or newer; here is $found. Install one or name it: make PYTHON=/path/to/python3" >&2
    exit 1
}

python=$(find_python)
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    echo "$python has no venv module; install it (Debian, Ubuntu: apt install python3-venv) and run make again" >&2
    exit 1
fi
echo "installing into .venv with $("$python" --version) (once) ..." >&2
mkdir -p .venv

install() {
    "$python" -m venv .venv
    bin=.venv/bin
    if [ -d .venv/Scripts ]; then bin=.venv/Scripts; fi
    "$bin/python" -m pip install --disable-pip-version-check --require-hashes --requirement requirements/dev.txt
    # uv writes a launcher that imports nothing but the program; that of an older pip imports re first.
    VIRTUAL_ENV=.venv "$bin/uv" pip install --quiet --offline --no-deps --no-build-isolation --editable .
}

# A subshell of its own process, because `set -e` is ignored inside a function that `if` or `||` tests.
set +e
( set -e; install ) >"$log" 2>&1
status=$?
set -e
if [ "$status" -ne 0 ]; then
    cat "$log" >&2
    echo "installing failed (above; also in $log)" >&2
    exit 1
fi
touch .venv/.installed
