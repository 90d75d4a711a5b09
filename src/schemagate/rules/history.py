"""The rules about what was published: versions edited, removed or unreadable, subjects deleted or renamed."""

from __future__ import annotations

from schemagate.finding import Severity
from schemagate.rules.kit import Rule, told

PUBLISHED_VERSION_EDITED = told(
    "published-version-edited",
    "history",
    Severity.ERROR,
    "{file} is published as {version} and was changed",
    """
    Data that was written with this version can no longer be told apart from data written with the edited one.

    A file `..._vN.avsc` is one version. Once it is on the baseline branch, producers have used it, and the registry
    holds it as it was; an edit here changes the record of what the data looks like, not the data.

    Restore the file and put the change into the next version, `..._v(N+1).avsc`. If it was never produced with, declare
    it under `[[retracted]]` with the reason.
    """,
)

PUBLISHED_VERSION_REMOVED = told(
    "published-version-removed",
    "history",
    Severity.ERROR,
    "{file} is published as {version} and was removed",
    """
    Consumers and data on this version stay, but nothing in the repository says any more what they look like.

    Old messages are read with the version that wrote them. Compatibility is still judged against the removed version,
    since git's history has it.

    Restore the file. If the version was published by mistake and never produced with, declare it under `[[retracted]]`.
    """,
)

PUBLISHED_SCHEMA_DELETED = told(
    "published-schema-deleted",
    "history",
    Severity.ERROR,
    "{file} was deleted, and its schema is published",
    """
    The subject is left without a schema in the repository while its data and its consumers are still there.

    Deleting a file deletes nothing in the registry and in the topics. Who reads the topic next year finds no contract,
    and a later file of the same subject is judged against versions that nobody remembers.

    Restore the file. When the topic is really gone, with its data, accept this finding by a waiver that says so.
    """,
)

VERSION_UNREADABLE = told(
    "version-unreadable",
    "history",
    Severity.NOTICE,
    "the text of {file} in {commit} was never a schema that Avro accepts: {why}",
    """
    This version is left out of the comparison: no producer can have written data with it.

    The text in that commit is refused by Avro's Java library, so it can never have been registered or used. It is
    mostly a commit that the next one corrected.

    Nothing needs to be done. If data was written with it by a lenient library, compare with that library's schema.
    """,
)

VERSION_GAP = told(
    "version-gap",
    "history",
    Severity.NOTICE,
    "{file} is {version}, and there is no {missing}",
    """
    Readers of the repository look for a version that does not exist.

    Files `..._vN.avsc` are the versions of one subject in order. A missing number is a file that was removed, left out
    of a commit, or a number that was skipped.

    Add the missing version, or number the new one next to the last.
    """,
)

SUBJECT_RENAMED = told(
    "subject-renamed",
    "breaking",
    Severity.ERROR,
    "subject `{old}` became `{new}`",
    """
    Consumers keep reading the old subject and see nothing of what is written under the new one.

    The file's history is one lineage, but the subject's name that follows from it (its type's name, its namespace, its
    file or the configuration) is another than the published one. In a registry that is not a rename: it is a new
    subject without versions, to which no compatibility rule applies yet.

    Restore the name, or keep the subject with a `[[subjects]]` entry that names it. If a new subject is meant, add it
    as a new file beside the old one and move the consumers over.
    """,
)

RULES: tuple[Rule, ...] = (
    PUBLISHED_VERSION_EDITED,
    PUBLISHED_VERSION_REMOVED,
    PUBLISHED_SCHEMA_DELETED,
    VERSION_UNREADABLE,
    VERSION_GAP,
    SUBJECT_RENAMED,
)
