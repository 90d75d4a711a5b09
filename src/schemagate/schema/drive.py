"""Runs what would be a recursion, whatever its depth, without the interpreter's stack."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeVar

T = TypeVar("T")


def drive(steps: Generator[Any, Any, T]) -> T:
    """What ``steps`` returns; each generator that it yields is run first, and its result is what the yield gives."""
    stack: list[Generator[Any, Any, Any]] = [steps]
    result: Any = None
    while stack:
        try:
            inner = stack[-1].send(result)
        except StopIteration as stop:
            stack.pop()
            result = stop.value
        else:
            stack.append(inner)
            result = None
    answer: T = result
    return answer
