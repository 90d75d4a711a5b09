#!/bin/sh
# Compiles the hashed locks, one for every Python and platform that is supported. Arguments go to `uv pip compile`.
# No header and no index address: what is committed must not depend on where it was made. Extras stay in the names: an
# older pip takes `coverage==1` for no answer to another's `coverage[toml]>=1` once an index has a newer coverage.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin
if [ -d .venv/Scripts ]; then bin=.venv/Scripts; fi

compile() {
    "$bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
        --no-header --no-emit-index-url --no-emit-find-links "$@"
}

compile pyproject.toml --output-file requirements/run.txt "$@"
compile pyproject.toml --all-extras --group dev --output-file requirements/dev.txt "$@"
compile --group pyproject.toml:integration --output-file requirements/integration.txt "$@"
compile --group pyproject.toml:site --output-file requirements/site.txt "$@"
