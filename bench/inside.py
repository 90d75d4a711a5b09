"""Runs ``schemagate`` as its console script does, and says at the end what this process itself used.

It ends as that does too: what a run has made is not taken apart piece by piece.

``python inside.py REPORT ARGUMENT …``: into the file REPORT go the CPU seconds of this process and of the processes
that it started and waited for.
"""

from __future__ import annotations

import atexit
import gc
import os
import resource
import sys
from pathlib import Path

from schemagate.__main__ import main

if __name__ == "__main__":
    report = sys.argv.pop(1)
    gc.disable()
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    atexit._run_exitfuncs()  # noqa: SLF001 - as `schemagate.__main__.command` does
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    Path(report).write_text(" ".join(str(u.ru_utime + u.ru_stime) for u in used), encoding="ascii")
    os._exit(code)
