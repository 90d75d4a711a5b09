"""Runs ``schemagate`` as its console script does, and says at the end what this process itself used.

``python inside.py REPORT ARGUMENT …``: into the file REPORT go the CPU seconds of this process and of the processes
that it started and waited for.
"""

from __future__ import annotations

import gc
import resource
import sys
from pathlib import Path

from schemagate.__main__ import main

if __name__ == "__main__":
    report = sys.argv.pop(1)
    gc.disable()
    code = main()
    sys.stdout.flush()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    Path(report).write_text(" ".join(str(u.ru_utime + u.ru_stime) for u in used), encoding="ascii")
    sys.exit(code)
