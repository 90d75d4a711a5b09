#!/usr/bin/env bash
# Makes a virtual environment with the hashed requirements of this checkout, once a job; its Python is the step's output.
# Nothing is built: launch.py runs the tool from src/.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
lock=$root/requirements/run.txt

usable() { "$1" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

python=
for candidate in python3 python python3.14 python3.13 python3.12 python3.11; do
    if usable "$candidate"; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    found=$(python3 --version 2>&1) || found="no python3"
    echo "::error title=schemagate::schemagate needs Python 3.11 or newer; this runner has ${found%%$'\n'*}. Add a step" \
        "before this one: actions/setup-python with python-version 3.14"
    exit 2
fi
if ! "$python" -I -c 'import ensurepip, venv' >/dev/null 2>&1; then
    echo "::error title=schemagate::$("$python" --version) of this runner has no venv module. Install it (Debian," \
        "Ubuntu: apt-get install python3-venv), or add a step before this one: actions/setup-python"
    exit 2
fi

key=$("$python" -I -c 'import hashlib, sys
data = open(sys.argv[1], "rb").read() + sys.version.encode()
print(hashlib.sha256(data).hexdigest()[:16])' "$lock")
home=$RUNNER_TEMP/schemagate-venv-$key
bin=bin
if [ "${RUNNER_OS:-}" = Windows ]; then bin=Scripts; fi

if [ ! -d "$home" ]; then
    made=$(mktemp -d "$RUNNER_TEMP/schemagate-XXXXXX")
    if ! {
        "$python" -I -m venv "$made/venv" &&
            "$made/venv/$bin/python" -I -m pip install --disable-pip-version-check --no-input --no-compile \
                --require-hashes --only-binary :all: --requirement "$lock"
    } >"$made/log" 2>&1; then
        # pip's words come from outside: none of them may be taken for a command.
        token=$("$python" -I -c 'import secrets; print(secrets.token_hex(16))')
        printf '::stop-commands::%s\n' "$token"
        cat "$made/log"
        printf '\n::%s::\n' "$token"
        echo "::error title=schemagate::installing schemagate's requirements failed; pip's words are in this step's log"
        exit 3
    fi
    # In one step, and only where no other use of this action in the same job was first.
    mv "$made/venv" "$home" 2>/dev/null || [ -d "$home" ]
    rm -rf "$made"
fi
printf 'python=%s\n' "$home/$bin/python" >>"$GITHUB_OUTPUT"
