"""The rules about how a client reaches its registry: in the clear, with secrets in the file, without signing in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from schemagate.clientconfig.names import REGISTRY_URL, USER_INFO
from schemagate.finding import Severity
from schemagate.rules.client_facts import ClientVisit, is_java, noticed
from schemagate.rules.kit import Found, Rule, client

_SIGNING_IN = (
    (USER_INFO, "basic.auth.credentials.source"),
    ("bearer.auth.token", "bearer.auth.credentials.source"),
    ("bearer.auth.client.secret", "bearer.auth.credentials.source"),
)
_HOST = re.compile(r"\s*([a-zA-Z]+)://(?:[^/@\s]{0,512}@)?(\[[^\]\s]{0,64}\]|[^/:\s,?#]{0,256})")


@client(
    "registry-url-plaintext",
    severity=Severity.WARNING,
    message="`schema.registry.url` {what}",
)
def registry_url_plaintext(visit: ClientVisit) -> Iterator[Found]:
    """Whoever is on the way reads the credentials and can answer in the registry's place.

    Over `http://` schemas and passwords travel in the clear, and a false answer makes the client read and write with
    another schema. With credentials beside it this is an error. A `mock://` registry exists in one process only: what
    is written with its ids, nobody else can read.

    Use `https://`. For a developer's own machine put the address into a development profile, or mark the file with
    `development = true` in its `[[clients]]` entry: there plain addresses are no finding.

    ```properties fires
    value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    schema.registry.url=http://schema-registry:8081
    ```

    ```properties passes
    value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    schema.registry.url=https://schema-registry:8081
    ```

    ```properties passes file=application-dev.properties
    spring.kafka.properties.schema.registry.url=http://schema-registry:8081
    ```
    """
    setting = visit.client.get(REGISTRY_URL)
    if setting is None or visit.client.development:
        return
    for scheme, host in _HOST.findall(setting.value):
        low = scheme.lower()
        if low == "mock":
            yield noticed(
                visit.client, setting, Severity.ERROR, what="is a mock registry, which only this process knows"
            )
        elif low == "http":
            signs_in = (
                any(True for _ in visit.client.mentions("basic.auth.user.info", "bearer.auth.")) or setting.secret
            )
            more = ", and signs in there" if signs_in else ""
            own = " on this very machine" if host.lower() in {"localhost", "127.0.0.1", "[::1]"} else ""
            severity = Severity.ERROR if signs_in else None
            yield noticed(visit.client, setting, severity, what=f"asks a registry{own} over plain http{more}")
        else:
            continue
        return


@client(
    "credentials-in-file",
    severity=Severity.ERROR,
    message="`{name}` holds a secret",
)
def credentials_in_file(visit: ClientVisit) -> Iterator[Found]:
    """Everyone who can read the repository, now or in its past, can sign in with this secret.

    A password, a key or a token in a file that is committed stays in the history when the line is deleted. schemagate
    shows no such value anywhere: excerpts have `********` in its place. For a development profile this is a warning.

    Replace the value by a placeholder, `${SCHEMA_REGISTRY_USER_INFO}` or what your deployment fills in, and change the
    secret itself: it is known.

    ```properties fires
    schema.registry.url=https://registry.example.com
    basic.auth.credentials.source=USER_INFO
    basic.auth.user.info=ABCDEFGH:s3cr3t
    ```

    ```properties passes
    schema.registry.url=https://registry.example.com
    basic.auth.credentials.source=USER_INFO
    basic.auth.user.info=${SCHEMA_REGISTRY_USER_INFO}
    ```
    """
    for setting in visit.client.settings.values():
        if setting.secret:
            grade = Severity.WARNING if visit.client.development else None
            yield replace(noticed(visit.client, setting, name=setting.name), severity=grade)


@client(
    "credentials-source-missing",
    severity=Severity.WARNING,
    message="`{name}` is set without `{source}`, and is ignored",
)
def credentials_source_missing(visit: ClientVisit) -> Iterator[Found]:
    """The client does not sign in, although its credentials are there: the registry answers 401.

    Java's client looks at `basic.auth.credentials.source` first. Without it credentials come from the address alone,
    and `basic.auth.user.info` is never read; `bearer.auth.token` needs `bearer.auth.credentials.source` likewise.

    Set the source beside the credentials: USER_INFO for a name and a password, STATIC_TOKEN for a token.

    ```properties fires
    schema.registry.url=https://registry.example.com
    basic.auth.user.info=${SCHEMA_REGISTRY_USER_INFO}
    ```

    ```properties passes
    schema.registry.url=https://registry.example.com
    basic.auth.credentials.source=USER_INFO
    basic.auth.user.info=${SCHEMA_REGISTRY_USER_INFO}
    ```
    """
    one = visit.client
    for name, source in _SIGNING_IN:
        setting = one.get(name)
        needed = name != USER_INFO or is_java(one)
        if setting is not None and (setting.value or setting.open) and needed and one.lacks(source):
            yield noticed(one, setting, name=name, source=source)


RULES: tuple[Rule, ...] = (
    registry_url_plaintext,
    credentials_in_file,
    credentials_source_missing,
)
