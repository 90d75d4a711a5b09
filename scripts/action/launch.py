"""Runs schemagate, or a step of its action, from this very checkout.

Started with `python -I`, so that neither the working directory nor PYTHONPATH is searched for modules: both may belong
to the repository that is judged.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = {"schemagate": "schemagate.__main__", "run": "run", "comment": "comment"}
"""Name → the module whose ``main`` it is; the arguments after the name are in ``sys.argv``, as for any program."""


def main() -> int:
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "scripts" / "action")]
    program = importlib.import_module(PROGRAMS[sys.argv.pop(1)])
    return int(program.main())


if __name__ == "__main__":
    sys.exit(main())
