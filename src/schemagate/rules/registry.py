"""The rules about the registry beside the repository: what differs, what it would refuse, what it leaves unguarded."""

from __future__ import annotations

from schemagate.finding import Severity
from schemagate.rules.kit import Rule, told

REGISTRY_REFUSES = told(
    "registry-refuses",
    "registry",
    Severity.ERROR,
    "the registry refuses this schema for {subject}: registering it is blocked",
    """
    The change passes here and will be stopped at the registry: whoever merges it finds out when the pipeline registers.

    A waiver, a lower severity or an inherited break lets a finding pass in the repository; it changes nothing in the
    registry, which judges by its own mode and was asked with this very schema. schemagate never forces a registration
    and never lowers a registry's mode.

    Repair the break, register under a new subject, move the readers over by a compatibility group, or let whoever owns
    the registry lower its mode for the time of this one registration.
    """,
)

REGISTRY_DISAGREES = told(
    "registry-disagrees",
    "registry",
    Severity.ERROR,
    "schemagate finds this schema {ours} with what the registry holds as {subject}; the registry {theirs}",
    """
    Two judges disagree about the same versions, and one of them is wrong about your data.

    Both compared the proposed schema with the registry's versions under the registry's own mode. Registries carry the
    errors of the library that they judge with (some recursive unions pass that no reader can read), judge by settings
    that only they know, or compare with other versions than those that they show. What the registry says is never
    silently overruled, and a break that schemagate finds counts although the registry accepts it.

    Read both reasons. If the registry refuses, it will refuse the registration too: change the schema or ask its owner.
    If it accepts what schemagate finds broken, trust the finding: its proof can be run.
    """,
)

REGISTRY_MODE_WEAKER = told(
    "registry-mode-weaker",
    "registry",
    Severity.WARNING,
    "the registry guards {subject} with {level} ({source}), below the configured {mode}",
    """
    Whatever registers past this gate, by hand or from an application, is held only to the weaker mode.

    The mode in force in the registry asks less than the configuration: a change that this gate refuses can be
    registered directly, and breaks the consumers that the configured mode protects. Some clients lower the mode
    themselves when they register for the first time.

    Set the subject's mode in the registry to the configured one: `schemagate register` does so for new subjects only.
    If the weaker mode is meant, say so with `mode` in the subject's `[[subjects]]` entry.
    """,
)

REGISTRY_VERSION_NOT_IN_GIT = told(
    "registry-version-not-in-git",
    "registry",
    Severity.WARNING,
    "the registry holds {versions} of {subject}, which git never published",
    """
    Data may be written with a schema that nobody reviewed and that the repository does not know.

    The version was registered past the pipeline: by hand, by an application with auto-registration on, or from another
    repository. It is judged like every other version. Versions from before the first one that git knows are not told:
    they are the subject's past.

    Find out who registered it. Add it to the repository (`schemagate pull` writes it as a file), or, if nothing was
    produced with it, declare it under `[[retracted]]` with the reason. Make registration the pipeline's alone.
    """,
)

GIT_VERSION_NOT_IN_REGISTRY = told(
    "git-version-not-in-registry",
    "registry",
    Severity.NOTICE,
    "the schema that {branch} publishes for {subject} is not in the registry",
    """
    A producer with this schema cannot send: the registry does not know it, and nothing else may register it.

    The baseline branch's newest version was never registered under this subject. Right after a merge that is normal
    until the pipeline has run; later it means that registering failed, or that the subject's name is another one there.
    Only the newest version counts, since versions of the past may have been superseded before anyone needed them.

    Run `schemagate plan` to see what is missing, and the pipeline's `schemagate register`. If the registry calls the
    subject otherwise, name it in a `[[subjects]]` entry.
    """,
)

LATEST_DIFFERS = told(
    "latest-differs",
    "registry",
    Severity.ERROR,
    "this schema is version {version} of {subject} in the registry already, and version {latest} is the latest",
    """
    Registering this schema changes nothing: the registry answers with the old version, and the newer stays the latest.

    A registry does not make a version that it knows the latest again. Producers that use the latest version, and
    whoever looks there, stay with the other schema although the repository says this one is in force. That happens when
    a change is taken back, or when somebody registered a newer version past the pipeline.

    To take a change back, publish a schema that differs from the old one, if only in a doc. If the newer version was
    registered by hand, add it to the repository, or have its owner delete it.
    """,
)

REGISTRY_READ_ONLY = told(
    "registry-read-only",
    "registry",
    Severity.WARNING,
    "the registry takes no new version of {subject}: its mode is {mode}",
    """
    Merging this change leaves it unregistered: the pipeline's write will be refused.

    A subject, a context or the whole registry can be set to READONLY, or to IMPORT while it is being migrated. Reading
    and judging go on; registering does not.

    Ask the registry's owner when it will take writes again, and merge after that, or run the pipeline's registration
    again then.
    """,
)

SUBJECT_SOFT_DELETED = told(
    "subject-soft-deleted",
    "registry",
    Severity.WARNING,
    "every version of {subject} is deleted in the registry, softly: its data may still be there",
    """
    The registry compares the next version with nothing, while messages of the deleted versions may still be read.

    A soft delete hides a subject from lists and from the registry's own compatibility check; the schemas stay, and so
    does the data in the topics. schemagate still judges against the deleted versions, unless `--ignore-deleted` is
    given.

    If the topic lives on, have the subject restored by registering its last version again before anything changes. If
    its data is gone, say so with `--ignore-deleted`, or retract the versions.
    """,
)

LOOKUP_WOULD_FAIL = told(
    "lookup-would-fail",
    "registry",
    Severity.WARNING,
    "a lookup with {sent} does not find what the registry holds",
    """
    A producer without auto-registration looks its own schema up by text, gets 40403, and cannot send a single message.

    Registries compare texts, not meanings: an added property, types inlined instead of referenced, or other
    normalisation make another schema of it. Java classes that are generated with string properties carry
    `avro.java.string` on every string, which no registry ignores unless the client removes it.

    For Java set `avro.remove.java.properties=true` in the producers, or `use.latest.version=true`. Otherwise set
    `normalize` alike in `[registry.NAME]` and in the producers, or choose `references` as the producers send it.
    """,
)

SCHEMA_TYPE_OTHER = told(
    "schema-type-other",
    "registry",
    Severity.ERROR,
    "the registry holds {versions} of {subject} as {type}, not as Avro",
    """
    Consumers of this subject decode two formats under one name, and no compatibility between them is defined.

    The subject has versions of another schema type. They cannot be compared with an Avro schema; a registry refuses the
    next version, or stops comparing at the change of type.

    Use a subject of its own for the Avro schema, or find out who registered the other type under this name.
    """,
)

REGISTRY_VERSION_UNREADABLE = told(
    "registry-version-unreadable",
    "registry",
    Severity.WARNING,
    "{version} of {subject} in the registry cannot be read: {why}",
    """
    This version is left out of the comparison by schemagate, though data may have been written with it.

    The registry holds a text that Avro's Java library refuses, or that refers to what is not there. Older registries
    store such texts without checking them. What the registry itself says of the proposed schema still counts.

    Look at the version in the registry. If nothing was produced with it, let its owner delete it or retract it.
    """,
)

RULES: tuple[Rule, ...] = (
    REGISTRY_REFUSES,
    REGISTRY_DISAGREES,
    REGISTRY_MODE_WEAKER,
    REGISTRY_VERSION_NOT_IN_GIT,
    GIT_VERSION_NOT_IN_REGISTRY,
    LATEST_DIFFERS,
    REGISTRY_READ_ONLY,
    SUBJECT_SOFT_DELETED,
    LOOKUP_WOULD_FAIL,
    SCHEMA_TYPE_OTHER,
    REGISTRY_VERSION_UNREADABLE,
)
