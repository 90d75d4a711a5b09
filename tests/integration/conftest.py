"""The registries, each started once a run and emptied before every test, and what each is known not to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.integration.chosen import need
from tests.integration.limits import LIMITS
from tests.integration.servers import SERVERS, Served


class Running:
    """Starts a registry when the first test asks for it."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self._served: dict[str, Served] = {}

    def __getitem__(self, key: str) -> Served:
        if key not in self._served:
            self._served[key] = self._stack.enter_context(SERVERS[key].start(self._folder))
        return self._served[key]


@pytest.fixture(scope="session")
def running(tmp_path_factory) -> Iterator[Running]:
    with ExitStack() as stack:
        yield Running(tmp_path_factory.mktemp("servers"), stack)


@pytest.fixture(params=list(SERVERS))
def registry(request, running) -> Served:
    """Every registry in turn, empty, its global level FULL_TRANSITIVE.

    A test of something that this registry is known not to do must fail: when it no longer does, the page is wrong.
    """
    server = SERVERS[request.param]
    need(*server.needs)
    test = request.node.originalname
    if (limit := LIMITS.get((server.key, test))) is not None:
        request.applymarker(pytest.mark.xfail(reason=limit, strict=True))
    served = running[server.key]
    served.wipe()
    return served
