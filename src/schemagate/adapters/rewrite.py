"""Writes a file of the work tree anew: as a whole or not at all, and only the file that was read."""

from __future__ import annotations

import os
import stat

from schemagate.adapters.files import Unreadable, put_whole, read_file
from schemagate.errors import UsageError


def rewrite(root: str, path: str, before: bytes, after: bytes) -> None:
    """Puts ``after`` in place of ``before`` in the file ``path`` (POSIX, relative to ``root``), its mode kept.

    The new content is complete on disk before it takes the file's name. Raises UsageError for a symbolic link, for a
    file that lies outside ``root`` or has other names, for one that changed since it was read, and where the system
    refuses.
    """
    top = os.path.realpath(root)
    full = os.path.join(top, *path.split("/"))
    if os.path.realpath(full) != full:
        raise UsageError(f"{path} is reached through a symbolic link and is not written", hint="name the file itself")
    found = read_file(top, path)
    if isinstance(found, Unreadable):
        raise UsageError(f"{path} cannot be written: {found.detail}", hint="nothing was written to it")
    if found != before:
        raise UsageError(f"{path} changed while it was judged, and is not written", hint="run the command again")
    about = os.lstat(full)
    if about.st_nlink > 1:
        hint = "it has other names (hard links), which would keep the old content"
        raise UsageError(f"{path} is not written", hint=hint)
    try:
        put_whole(full, after, stat.S_IMODE(about.st_mode))
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}", hint="it is as it was") from error
