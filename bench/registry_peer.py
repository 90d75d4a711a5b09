"""``registry_peer.py URL FILE``: fetches the paths in FILE with a pooled session and looks at nothing."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests
from requests.adapters import HTTPAdapter

WORKERS = 8

if __name__ == "__main__":
    base, paths = sys.argv[1], Path(sys.argv[2]).read_text(encoding="utf-8").split("\n")
    with requests.Session() as session, ThreadPoolExecutor(WORKERS) as pool:
        session.mount("http://", HTTPAdapter(pool_maxsize=WORKERS))
        sizes = list(pool.map(lambda path: len(session.get(base + path).content), paths))
    assert all(sizes)
