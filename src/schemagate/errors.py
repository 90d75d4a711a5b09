"""What can go wrong outside a user's schemas, each with the exit code that tells it apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from schemagate.finding import Problem


class SchemagateError(Exception):
    """A failure that the command line reports without a traceback.

    ``message`` says what happened, ``hint`` what to do about it (may be empty).
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(SchemagateError):
    """The command line asks for something that cannot be done as asked."""

    exit_code = 2


class ConfigError(SchemagateError):
    """The configuration cannot be used; ``path``, ``line`` and ``column`` (1-based) say where."""

    exit_code = 2

    def __init__(
        self, message: str, *, path: str, line: int | None = None, column: int | None = None, hint: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.path = path
        self.line = line
        self.column = column

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)
        return f"{place}: {self.message}"


class UndecidedError(SchemagateError):
    """The question could not be answered: never the same as "fine"."""


class GitError(UndecidedError):
    """Git is missing, refused, or does not hold what is needed."""


class RegistryError(UndecidedError):
    """A registry that could not be reached, refused, or answered what its protocol does not know.

    ``url`` has no secret in it; ``status`` is the HTTP status, 0 without an answer; ``code`` the registry's own
    ``error_code``, 0 without one; ``subject`` is empty where the question was not about one. ``message`` already tells
    them.
    """

    def __init__(
        self, message: str, *, url: str, subject: str = "", status: int = 0, code: int = 0, hint: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.url = url
        self.subject = subject
        self.status = status
        self.code = code


class SchemaError(SchemagateError):
    """A schema text that the Avro reference refuses; ``problems`` says why and where."""

    exit_code = 1

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)
