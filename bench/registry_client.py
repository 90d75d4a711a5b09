"""``registry_client.py URL SUBJECTS VERSIONS CACHE``: reads every subject; the cache is cold."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.registry_server import names
from schemagate.adapters.registry import connect
from schemagate.config.values import RegistrySettings

if __name__ == "__main__":
    url, subjects, versions, cache = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    with connect(RegistrySettings("bench", (url,)), {}, cache=cache) as registry:
        states = registry.states(names(subjects))
    assert [len(state.versions) for state in states.values()] == [versions] * subjects
