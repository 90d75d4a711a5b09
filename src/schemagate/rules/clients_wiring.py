"""The rules about what a client is put together of: serializers, the registry's address, the subjects' names."""

from __future__ import annotations

from collections.abc import Iterator

from schemagate.clientconfig.names import REGISTRY_URL
from schemagate.clientconfig.values import CONSUMER, PRODUCER, Client
from schemagate.finding import Severity
from schemagate.rules.client_facts import (
    CLASSES,
    READERS,
    WRITERS,
    ClientVisit,
    Policy,
    by_registry,
    noticed,
    side_of,
    strategy_of,
    without_registry,
    writes,
    writes_with_registry,
)
from schemagate.rules.kit import Found, Rule, client, told

_DEFAULTED = ("spring", "stream", "quarkus", "connect")
"""Frameworks that choose a serializer themselves where none is set."""

CLIENT_CONFIG_INVALID = told(
    "client-config-invalid",
    "client",
    Severity.ERROR,
    "this client configuration cannot be read: {what}",
    """
    Nobody can tell from this file whether the client registers schemas on its own, and the client may not start.

    The file is named in `[[clients]]` and does not follow its own format, or is beyond what is read: 256 KiB, 20,000
    values, 64 levels. What could not be read is never taken for fine.

    Repair the file at this place, or match it in no `[[clients]]` entry if it configures no client.

    ```properties fires
    value.serializer=\\u00e
    ```

    ```properties passes
    value.serializer=\\u00e4
    ```
    """,
)

CLIENT_SETTING_REPEATED = told(
    "client-setting-repeated",
    "client",
    Severity.WARNING,
    "`{key}` is set twice: this one counts, or the file is refused",
    """
    Which of the two holds depends on the library that reads the file, and whoever edits the other one changes nothing.

    Java's properties and most JSON libraries take the last of equal keys; Spring refuses YAML with equal keys.

    Delete one of them.

    ```properties fires
    auto.register.schemas=false
    auto.register.schemas=true
    ```

    ```properties passes
    auto.register.schemas=false
    ```
    """,
)


@client(
    "serializer-without-registry",
    severity=Severity.WARNING,
    message="`{name}` is {serializer}, which no schema guards: every message repeats its field names{where}",
)
def serializer_without_registry(visit: ClientVisit) -> Iterator[Found]:
    """What is written is text without a schema: the gate guards nothing of it, and consumers that expect Avro fail.

    A JSON or string serializer asks no registry. Each message carries the names of all its fields, which is several
    times the size of Avro, and a consumer with an Avro deserializer stops at the first such message. Where the client
    names a topic that has a subject here, this is an error. String keys are fine unless keys have a subject.

    Take the Avro serializer of the client library, and give it the registry's address.

    ```properties fires
    key.serializer=org.apache.kafka.common.serialization.StringSerializer
    value.serializer=org.springframework.kafka.support.serializer.JsonSerializer
    ```

    ```properties passes
    key.serializer=org.apache.kafka.common.serialization.StringSerializer
    value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    ```
    """
    one, policy = visit.client, visit.policy
    if not writes(one) or not policy.any_subject:
        return
    topics = [
        t.strip() for name in ("topic", "topics", "default.topic") for t in one.value(name).split(",") if t.strip()
    ]
    for name in without_registry(one):
        side = side_of(name)
        known = [topic for topic in topics if f"{topic}-{side}" in policy.subjects]
        if not known and (side == "key" or (topics and policy.subjects)):
            continue  # What this client writes has no subject here.
        setting = one.settings[name]
        severity = Severity.ERROR if known else None
        where = f"; {known[0]}-{side} has a schema" if known else ""
        short = setting.value.rpartition(".")[2]
        yield noticed(one, setting, severity, name=name, serializer=short, where=where)


@client(
    "key-or-value-serializer-missing",
    severity=Severity.WARNING,
    message="no `{name}` is set: {consequence}",
)
def key_or_value_serializer_missing(visit: ClientVisit) -> Iterator[Found]:
    """The client does not start, or writes something else than Avro.

    Kafka's clients need a serializer for keys and one for values (a consumer two deserializers) and have no default.
    Spring takes its string serializer where none is set, which writes text under a subject that holds Avro.

    Set both, also where keys are plain strings. If the application sets it in code, allow this rule beside the other.

    ```properties fires
    bootstrap.servers=kafka:9092
    value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    ```

    ```properties passes
    bootstrap.servers=kafka:9092
    key.serializer=org.apache.kafka.common.serialization.StringSerializer
    value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    ```
    """
    one = visit.client
    if one.kind != "serializer" or "default.value.serde" in one.settings:
        return
    for name in _expected(one):
        if one.lacks(name):
            spring = one.framework == "spring"
            other = "deserializer" if "deserializer" in name else "serializer"
            consequence = f"Spring takes its string {other}" if spring else "the client does not start without it"
            place = one.anchor(*(WRITERS if "deserializer" not in name else READERS), REGISTRY_URL)
            yield noticed(one, place, name=name, consequence=consequence)


def _expected(one: Client) -> list[str]:
    """The serializers that a client must name, as far as it shows that it names any in this file."""
    found = []
    for kind, role in (("serializer", PRODUCER), ("deserializer", CONSUMER)):
        pair = [f"key.{kind}", f"value.{kind}"]
        some = any(name in one.settings for name in pair)
        if one.role not in {"", role} or (not some and one.framework in _DEFAULTED):
            continue
        # Python and JavaScript hand serializers over as objects, which no file of settings shows.
        shown = one.style == "properties" and "bootstrap.servers" in one.settings
        connected = shown and REGISTRY_URL in one.settings
        if one.framework in _DEFAULTED:
            needed = (
                one.framework == "spring" and f"value.{kind}" not in one.settings and bool(REGISTRY_URL in one.settings)
            )
            found += [f"value.{kind}"] if needed else []
        elif some or (connected and one.role == role) or (connected and role == PRODUCER and not _reads(one)):
            found += pair
    return found


def _reads(one: Client) -> bool:
    return any(name in one.settings for name in ("key.deserializer", "value.deserializer"))


@client(
    "registry-url-missing",
    severity=Severity.WARNING,
    message="`{name}` asks a registry, and no `schema.registry.url` is set for it",
)
def registry_url_missing(visit: ClientVisit) -> Iterator[Found]:
    """The client does not start: its serializer has no registry to ask.

    `schema.registry.url` is required and has no default. A Kafka Connect converter that a connector names takes
    nothing from the worker: it needs its own, as `value.converter.schema.registry.url`.

    Set `schema.registry.url` where the serializer is set; a placeholder such as `${SCHEMA_REGISTRY_URL}` will do.

    ```properties fires
    key.serializer=org.apache.kafka.common.serialization.StringSerializer
    value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    ```

    ```properties passes
    key.serializer=org.apache.kafka.common.serialization.StringSerializer
    value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    schema.registry.url=https://registry.example.com
    ```
    """
    one = visit.client
    asking = by_registry(one, WRITERS if writes(one) else READERS) if one.kind != "override" else []
    if not asking and one.role == "":
        asking = by_registry(one, READERS)
    glue = any("amazonaws" in one.value(name) for name in asking)
    if asking and not glue and one.lacks(REGISTRY_URL):
        yield noticed(one, one.settings[asking[0]], name=asking[0])


@client(
    "subject-strategy-mismatch",
    severity=Severity.ERROR,
    message="{found}",
)
def subject_strategy_mismatch(visit: ClientVisit) -> Iterator[Found]:
    """The producer looks for its schema under another subject than the one that the pipeline registers.

    `[[subjects]]` tells how the repository names subjects: `{topic}-value` is TopicNameStrategy, `{fullname}` is
    RecordNameStrategy, `{topic}-{fullname}` is TopicRecordNameStrategy. A client that names them otherwise finds
    nothing, or registers where nobody looks. Where a client says nothing it takes its library's default, which is
    TopicNameStrategy up to Java 8.2 and AssociatedNameStrategy from 8.3 (Python 2.16, JavaScript 1.10); if only that
    is open, this is a notice. The examples are of a repository with `{topic}-value`.

    Set the strategy that the repository uses in every producer. If both are meant, say so in the `[[clients]]` entry:
    `subject-name-strategy = "record"`.

    ```properties fires
    value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    value.subject.name.strategy=io.confluent.kafka.serializers.subject.RecordNameStrategy
    ```

    ```properties passes
    value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    value.subject.name.strategy=io.confluent.kafka.serializers.subject.TopicNameStrategy
    ```
    """
    one = visit.client
    if not writes_with_registry(one):
        return
    asking = by_registry(one) or [""]
    for side in dict.fromkeys(side_of(name) for name in asking):
        # A converter's settings have their side in its own name.
        names = (f"{side}.subject.name.strategy", "subject.name.strategy")
        setting = one.get(*names)
        if setting is not None:
            yield from _strategy(one, setting.name, visit.policy)
        elif one.lacks(*names):
            place = one.anchor(*(name for name in asking if side_of(name) == side))
            yield from _unset(one, names[0], place.name, visit.policy)


def _strategy(one: Client, name: str, policy: Policy) -> Iterator[Found]:
    setting = one.settings[name]
    mine = strategy_of(setting.value)
    if setting.open or not mine or not policy.strategies or mine in policy.strategies:
        return
    wanted = _listed(policy)
    found = f"`{name}` is {CLASSES[mine]}, and this repository names subjects by {wanted}"
    yield noticed(one, setting, found=found)


def _unset(one: Client, name: str, place: str, policy: Policy) -> Iterator[Found]:
    if policy.strategies and "topic" not in policy.strategies:
        found = f"no `{name}` is set, which is TopicNameStrategy; this repository names subjects by {_listed(policy)}"
        yield noticed(one, one.settings[place], found=found)
    else:
        found = f"no `{name}` is set, and its default is not the same in all versions of the clients"
        yield noticed(one, one.settings[place], Severity.NOTICE, found=found)


def _listed(policy: Policy) -> str:
    return " or ".join(CLASSES[one] for one in sorted(policy.strategies))


RULES: tuple[Rule, ...] = (
    serializer_without_registry,
    key_or_value_serializer_missing,
    registry_url_missing,
    subject_strategy_mismatch,
    CLIENT_CONFIG_INVALID,
    CLIENT_SETTING_REPEATED,
)
