"""The shape of the code: one reason to exist a module, small enough to read, and a core that asks no clock."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "schemagate"
MODULES = {path.relative_to(SOURCE).as_posix(): path for path in sorted(SOURCE.rglob("*.py"))}

MODULE_LINES = 300
FUNCTION_LINES = 40

LONG_MODULES = {
    "schema/model.py": "the nodes and their factory are one table: each node, then how it is made",
}
LONG_FUNCTIONS = {
    "cli/check.py:command": "an option a line: the signature is the command's table of options",
    "cli/lint.py:command": "the same",
    "cli/migrate.py:command": "the same",
}
"""``module:function`` → why it is one piece."""

IMPURE = ("__main__.py", "api.py", "cli/", "app/", "adapters/")
WORLD_CALLS = {"open", "print", "input", "exec", "eval", "breakpoint", "exit", "quit"}
CLOCK_CALLS = {"now", "utcnow", "today"}


def tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_in_its_first_line_why_it_exists(name):
    docstring = ast.get_docstring(tree(name)) or ""
    first = docstring.partition("\n\n")[0]

    assert docstring, "no docstring"
    assert first.endswith((".", ":", "?")), first


def test_modules_are_short():
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()}

    assert {name for name, length in lengths.items() if length > MODULE_LINES} == set(LONG_MODULES)


def own_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """From ``def`` to the last line, less the docstring: a rule's docstring is its page."""
    first = function.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(getattr(first.value, "value", None), str)
    docstring = first.end_lineno - first.lineno + 1 if is_docstring else 0
    return function.end_lineno - function.lineno + 1 - docstring


def test_functions_are_short():
    long = {
        f"{name}:{node.name}"
        for name in MODULES
        for node in ast.walk(tree(name))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and own_lines(node) > FUNCTION_LINES
    }

    assert long == set(LONG_FUNCTIONS)


def test_the_core_touches_no_file_no_terminal_and_no_clock():
    """The import contract cannot see builtins, nor ``datetime``, whose dates the core may hold but not read."""
    calls = [
        f"{name}:{node.lineno}: {ast.unparse(node.func)}()"
        for name in MODULES
        if not name.startswith(IMPURE)
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id in WORLD_CALLS)
            or (isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK_CALLS)
        )
    ]

    assert calls == []


def test_every_room_is_a_package():
    """A folder without ``__init__.py`` is invisible to the import contracts."""
    rooms = {path.parent for path in MODULES.values()}

    assert [str(room) for room in rooms if not (room / "__init__.py").exists()] == []
