#!/usr/bin/env bash
# Runs one of the action's programs with the Python that install.sh made: `launch.sh run`, `launch.sh comment`.
set -euo pipefail
exec "$SCHEMAGATE_ACTION_PYTHON" -I -X utf8 "$(dirname "${BASH_SOURCE[0]}")/launch.py" "$@"
