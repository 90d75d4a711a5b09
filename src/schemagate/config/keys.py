"""The table of every key that a configuration may hold; the checks and the published JSON Schema both read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import msgspec

from schemagate.config.values import DEFAULT_MODE, DEVELOPMENT_PROFILES, MODES, ROLES, STRATEGIES

SEVERITIES = ("off", "notice", "warning", "error")
AUTHS = ("none", "basic", "bearer", "oauth", "mtls")
MAX_SECONDS = 3600
SECRETS = ("username", "password", "token", "secret", "client-secret", "api-key", "api-secret", "key-password")
"""Keys of ``[registry.NAME]`` that are refused by name: such values come from environment variables."""


class Form(msgspec.Struct, frozen=True):
    """A regular expression (common to Python and ECMA 262) that a text must contain, and what to say if not."""

    pattern: str
    expected: str
    hint: str = ""


class Text(msgspec.Struct, frozen=True):
    """A string: one of ``choices``, or in every one of ``forms``."""

    doc: str
    forms: tuple[Form, ...] = ()
    choices: tuple[str, ...] = ()
    default: str = ""


class Texts(msgspec.Struct, frozen=True):
    """A list of texts, not empty; ``lone`` allows one text without the brackets."""

    doc: str
    item: Text
    lone: bool = False
    empty: str = ""
    """What is wrong with an empty list; where this is empty, nothing is."""
    default: tuple[str, ...] = ()


class Flag(msgspec.Struct, frozen=True):
    """True or false."""

    doc: str
    default: bool = False


class Seconds(msgspec.Struct, frozen=True):
    """A number of seconds, at most :data:`MAX_SECONDS`."""

    doc: str


class Day(msgspec.Struct, frozen=True):
    """A TOML date, or the same as a string."""

    doc: str


class Table(msgspec.Struct, frozen=True):
    """A table of known keys; any other key is an issue."""

    doc: str
    keys: Mapping[str, Key]
    required: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    """Keys that have an answer of their own."""


class Tables(msgspec.Struct, frozen=True):
    """``[[name]]``, any number of times."""

    doc: str
    table: Table


class Named(msgspec.Struct, frozen=True):
    """A table whose keys the user chooses."""

    doc: str
    value: Key
    name: Form


Key: TypeAlias = Text | Texts | Flag | Seconds | Day | Table | Tables | Named

SOMETHING = Form(r"\S", "must not be empty")
ONE_LINE = Form(r"^[^\u0000-\u001f\u007f]*$", "must be one line without control characters")
DATE = Form(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "must be a date such as 2026-12-31")
GLOB = (
    SOMETHING,
    ONE_LINE,
    Form(r"^[^\\]*$", "must separate directories with `/`, also on Windows"),
    Form(r"^[^!]", "cannot negate", "leave the `!` out and use `exclude`"),
    Form(
        r"^[^\[\]{}]*$",
        "uses a wildcard that is not known",
        "use `*`, `?` and `**`; a literal bracket or brace can be written as `?`",
    ),
    Form(r"^(?!(?:.*/)?\.\.(?:/|$))", "must stay inside the repository", "paths count from the repository's root"),
    Form(r"^(?!.*(?:[^/]\*\*|\*\*[^/]))", "has `**` beside other characters", "write `**/*.avsc`, not `**.avsc`"),
    Form(r"^(?!.*//)(?!.*/\.(?:/|$))", "has an empty directory name", "write one `/` between directories"),
)
REF = (
    SOMETHING,
    Form(r"^[^-]", "must not begin with `-`"),
    Form(r"^[^\u0000-\u0020\u007f~^:?*\[\\]*$", "must be a name that git allows for a branch"),
)
TAG_GLOB = (SOMETHING, Form(r"^[^-]", "must not begin with `-`"), *GLOB[1:5])
NAME = (SOMETHING, ONE_LINE)
RULE_ID = Form(r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$", "must be a rule's id", "`schemagate rules` lists them")
REGISTRY_NAME = Form(
    r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$",
    "must be a name of lower-case letters, digits and `-`",
    "the names of its environment variables are made from it",
)
REGISTRY_URL = (
    Form(r"^(?![^#?]*@)", "must not hold a user name or password", "set the environment variables instead"),
    Form(r"^[^?#]*$", "must not hold a query or fragment"),
    Form(
        r"^https?://(?:[^/\s:\[\]]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:/[^\s]*)?$",
        "must look like https://registry.example.com",
    ),
)

MODE = Text(
    "Who must be able to read whom: the registry's own names.", choices=MODES, forms=(SOMETHING,), default=DEFAULT_MODE
)
RULES = Named(
    "Rule id to severity.",
    Text("The severity of the rule's findings.", choices=SEVERITIES),
    RULE_ID,
)

SUBJECT = Table(
    "What holds for the files that `match` covers; the first match wins.",
    {
        "match": Texts("Globs of schema files.", Text("A glob.", GLOB), lone=True, empty="would match no file"),
        "name": Texts(
            "The registry's subject names, as templates of {topic}, {fullname}, {name}, {namespace}, {stem}, {dir}.",
            Text("A template.", NAME),
            lone=True,
            empty="would name no subject; `shared = true` says that on purpose",
        ),
        "topic": Text("The topic, for {topic}.", NAME),
        "mode": MODE,
        "history-from": Day("Where governance begins: versions published earlier are not judged against."),
        "references": Text(
            "Whether types of other files are registered by reference or written into the schema.",
            choices=("registry", "inline"),
        ),
        "shared": Flag("Only other schemas use these files: they have no subject."),
        "rules": RULES,
    },
    required=("match",),
)
CLIENTS = Table(
    "Files that configure producers and consumers; the first match wins.",
    {
        "match": Texts(
            "Globs of .properties, YAML, JSON and TOML files.",
            Text("A glob.", GLOB),
            lone=True,
            empty="would match no file",
        ),
        "development": Flag("These files are for developers' own machines only, whatever their profile."),
        "development-profiles": Texts(
            "The profiles that are for developers' own machines only.",
            Text("A profile.", NAME),
            default=DEVELOPMENT_PROFILES,
        ),
        "role": Text("What these files configure, where they do not tell themselves.", choices=ROLES),
        "subject-name-strategy": Text(
            "How these clients must name subjects, where the `[[subjects]]` do not agree.", choices=STRATEGIES
        ),
        "registry": Text("The [registry.NAME] that these clients use, where there are several.", (REGISTRY_NAME,)),
    },
    required=("match",),
)
RETRACTED = Table(
    "A published version that is no longer judged against.",
    {
        "subject": Text("The subject.", NAME),
        "version": Text("The version's label, as findings name it: main@4f2c1aa.", NAME),
        "reason": Text("Why nothing was produced with it.", (SOMETHING,)),
    },
    required=("subject", "version", "reason"),
)
REGISTRY = Table(
    "A schema registry. Secrets come from SCHEMAGATE_REGISTRY_NAME_USERNAME, _PASSWORD and _TOKEN, never from here.",
    {
        "url": Texts("Its addresses, tried in order.", Text("An address.", REGISTRY_URL), lone=True, empty="is empty"),
        "auth": Text("How to sign in.", choices=AUTHS, default="none"),
        "context": Text("The registry's context.", NAME),
        "ca-file": Text("Certificates to trust, PEM.", NAME),
        "cert-file": Text("The client's certificate, PEM.", NAME),
        "key-file": Text("The client's key, PEM.", NAME),
        "token-url": Text("Where OAuth client credentials become a token.", REGISTRY_URL),
        "client-id": Text("The OAuth client.", NAME),
        "scope": Text("The OAuth scope.", NAME),
        "logical-cluster": Text("Confluent Cloud's `target-sr-cluster`.", NAME),
        "identity-pool": Text("Confluent Cloud's `Confluent-Identity-Pool-Id`.", NAME),
        "timeout": Seconds("Seconds to wait for an answer."),
        "normalize": Flag("Ask the registry to normalise what it looks up and stores."),
    },
    required=("url",),
    refused=SECRETS,
)
WAIVER = Table(
    "A finding that a person accepts: by `fingerprint`, or by `rule`, `subject` and `path` together.",
    {
        "fingerprint": Text(
            "The finding's fingerprint.",
            (Form(r"^[0-9a-f]{12}$", "must be a finding's fingerprint: 12 digits of 0-9 and a-f"),),
        ),
        "rule": Text("The finding's rule.", (RULE_ID,)),
        "subject": Text("The finding's subject.", (SOMETHING,)),
        "path": Text("The finding's path inside the schema: $.items[].price.", (SOMETHING,)),
        "reason": Text("Why it is acceptable.", (SOMETHING,)),
        "owner": Text("Who answers for it.", (SOMETHING,)),
        "expires": Day("The last day on which it holds."),
        "signed": Day("Covers only versions published on or before this day."),
        "versions": Texts(
            "Covers only these versions, by label: main@4f2c1aa.",
            Text("A label.", NAME),
            empty="would cover no version",
        ),
    },
    required=("reason",),
)

CONFIG = Table(
    "The settings of schemagate: schemagate.toml, or [tool.schemagate] in pyproject.toml.",
    {
        "paths": Texts(
            "Directories and globs of the schemas to judge; without it, every *.avsc of the repository.",
            Text("A path or glob.", GLOB),
            empty="would judge nothing; leave it out to judge every `*.avsc`",
        ),
        "exclude": Texts("Directories and globs to leave out.", Text("A path or glob.", GLOB)),
        "mode": MODE,
        "baseline": Text("The branch whose history is published; without it, the default branch.", REF),
        "release-tags": Texts("Globs of tags that publish too.", Text("A glob.", TAG_GLOB)),
        "fail-on": Text("The lowest severity that fails a run.", choices=SEVERITIES[1:], default="error"),
        "preset": Text("A named set of severities.", (SOMETHING,)),
        "cache": Flag("Keep a disposable cache.", default=True),
        "waivers-from-base": Flag("Waivers, retractions and inline allows count only as the diff base has them."),
        "subjects": Tables("Naming, mode and history of subjects, by file.", SUBJECT),
        "clients": Tables("Producers' and consumers' configuration files to judge.", CLIENTS),
        "retracted": Tables("Published versions that are no longer judged against.", RETRACTED),
        "registry": Named("Schema registries, by name.", REGISTRY, REGISTRY_NAME),
        "rules": RULES,
        "waivers": Tables("Accepted findings.", WAIVER),
    },
)
