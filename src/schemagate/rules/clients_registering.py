"""The rules about who registers: producers that do it on their own, or with a looser check than the gate's."""

from __future__ import annotations

from collections.abc import Iterator

from schemagate.clientconfig.names import AUTO_REGISTER
from schemagate.finding import Severity
from schemagate.rules.client_facts import (
    WRITERS,
    ClientVisit,
    by_registry,
    is_java,
    noticed,
    registers,
    writes,
    writes_with_registry,
)
from schemagate.rules.kit import Found, Rule, client


@client(
    "auto-registration-enabled",
    severity=Severity.ERROR,
    message="`auto.register.schemas` {state}: this producer registers schemas past the gate",
)
def auto_registration_enabled(visit: ClientVisit) -> Iterator[Found]:
    """Whatever schema this producer is built with becomes a version of its subject, reviewed by nobody.

    With automatic registration the first message of a deployment registers its schema. No pull request saw it, only
    the registry's own mode guards it, and what schemagate registered is no longer the latest. In Confluent's clients
    `auto.register.schemas` is true unless it is set. Under a development profile this is a notice.

    Set `auto.register.schemas` to false and let the pipeline register: `schemagate register`.

    ```properties fires
    key.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    schema.registry.url=https://registry.example.com
    ```

    ```yaml fires file=application.yml
    spring.kafka.producer:
      value-serializer: io.confluent.kafka.serializers.KafkaAvroSerializer
      properties:
        "[auto.register.schemas]": true
    ```

    ```properties passes
    key.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    schema.registry.url=https://registry.example.com
    auto.register.schemas=false
    ```
    """
    one = visit.client
    setting = one.get(AUTO_REGISTER)
    explicit = setting is not None and setting.on is True and writes(one) and one.kind != "override"
    does = True if explicit else registers(one)
    if does is None and setting is not None:
        yield noticed(one, setting, Severity.WARNING, state="is decided outside of this file, with no default in it")
    elif does and setting is not None and (setting.value or setting.open):
        state = "is true" if setting.on else "is neither true nor false"
        yield noticed(one, setting, state=state)
    elif does:
        yield noticed(one, one.anchor(*by_registry(one), *WRITERS), state="is not set, and is true by default")


@client(
    "auto-registration-with-use-latest",
    severity=Severity.WARNING,
    message="`use.latest.version` is true beside automatic registration, and is not obeyed",
)
def auto_registration_with_use_latest(visit: ClientVisit) -> Iterator[Found]:
    """The producer does not use the latest version as the file says: Java registers its own schema, Python fails.

    Java's serializer looks at `auto.register.schemas` first and ignores `use.latest.version` silently while that is
    true, which it is by default. Python's raises an error.

    Set `auto.register.schemas` to false beside it.

    ```properties fires
    value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    use.latest.version=true
    ```

    ```properties passes
    value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    auto.register.schemas=false
    use.latest.version=true
    ```
    """
    latest = visit.client.get("use.latest.version")
    if latest is not None and latest.on and registers(visit.client):
        yield noticed(visit.client, latest)


@client(
    "compatibility-strictness-off",
    severity=Severity.WARNING,
    message="`{setting}` is false: a schema that does not fit the registered one is written with it all the same",
)
def compatibility_strictness_off(visit: ClientVisit) -> Iterator[Found]:
    """Records are written by a schema that they do not fit: fields are lost, or the producer fails at run time.

    With `use.latest.version` or `use.schema.id` the serializer takes a schema from the registry, and by default first
    checks that its own is compatible with it. `latest.compatibility.strict=false` and `id.compatibility.strict=false`
    take that check away.

    Leave the setting out. Where a union of events makes it necessary, say so beside it and allow this rule there.

    ```properties fires
    value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    auto.register.schemas=false
    use.latest.version=true
    latest.compatibility.strict=false
    ```

    ```properties passes
    value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    auto.register.schemas=false
    use.latest.version=true
    ```
    """
    for name in ("latest.compatibility.strict", "id.compatibility.strict"):
        setting = visit.client.get(name)
        if setting is not None and setting.on is False and writes(visit.client):
            yield noticed(visit.client, setting, setting=name)


@client(
    "schema-id-pinned",
    severity=Severity.WARNING,
    message="`use.schema.id` pins the schema with the id {id}",
)
def schema_id_pinned(visit: ClientVisit) -> Iterator[Found]:
    """The producer stays with one registered schema whatever the repository publishes, and fails in another registry.

    An id is a number that one registry gave out. It means another schema, or none, in the registry of the next
    environment, and no review of the `.avsc` shows that this producer does not use it.

    Remove `use.schema.id`. With `auto.register.schemas=false` the serializer looks its own schema up, and
    `use.latest.version=true` takes the published one.

    ```properties fires
    value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    auto.register.schemas=false
    use.schema.id=42
    ```

    ```properties passes
    value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    auto.register.schemas=false
    use.latest.version=true
    ```
    """
    setting = visit.client.get("use.schema.id")
    if setting is not None and setting.value not in {"", "-1"} and writes(visit.client):
        yield noticed(visit.client, setting, id=setting.value if setting.value.isdigit() else "that it is set to")


@client(
    "java-string-lookup",
    severity=Severity.NOTICE,
    message="a lookup fails for generated classes with `avro.java.string`: nothing here takes that property away",
)
def java_string_lookup(visit: ClientVisit) -> Iterator[Found]:
    """A producer with generated Java classes cannot send a message: the registry does not know its schema (40403).

    Classes that are generated with string properties (`stringType=String`) carry `avro.java.string` on each string. A
    serializer that does not register looks its schema up by text, and the schema in the repository has no such
    property. Producers with generic records, or with classes generated otherwise, are not affected.

    Set `avro.remove.java.properties` to true, or `use.latest.version` to true.

    ```properties fires
    value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    auto.register.schemas=false
    ```

    ```properties passes
    value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    auto.register.schemas=false
    avro.remove.java.properties=true
    ```
    """
    one = visit.client
    setting = one.get(AUTO_REGISTER)
    avro = [name for name in by_registry(one) if one.value(name).endswith(("KafkaAvroSerializer", "SpecificAvroSerde"))]
    found_otherwise = any(one.on(name) for name in ("use.latest.version", "avro.remove.java.properties"))
    pinned = one.value("use.schema.id") not in {"", "-1"} or "use.latest.with.metadata" in one.settings
    looked_up = setting is not None and setting.on is False and not (found_otherwise or pinned)
    if looked_up and setting is not None and avro and is_java(one) and writes_with_registry(one):
        yield noticed(one, setting)


@client(
    "normalize-mismatch",
    severity=Severity.WARNING,
    message="this producer {mine} what it looks up, and the pipeline {theirs}",
)
def normalize_mismatch(visit: ClientVisit) -> Iterator[Found]:
    """The producer may not find the schema that the pipeline registered, and then cannot send a message.

    A lookup compares texts. What was registered with `normalize` is stored in another form than what is looked up
    without it, and the other way round; some registries then answer that they do not know the schema. The examples
    have a registry without `normalize`.

    Set `normalize.schemas` in the producers as `normalize` is set in `[registry.NAME]`, or take `use.latest.version`.

    ```properties fires
    value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    auto.register.schemas=false
    normalize.schemas=true
    ```

    ```properties passes
    value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
    auto.register.schemas=false
    ```
    """
    one, wanted = visit.client, visit.policy.normalize
    setting = one.get("normalize.schemas")
    if wanted is None or one.on("use.latest.version") or not writes_with_registry(one):
        return
    if setting is not None and setting.on is None:
        return
    mine = setting is not None and setting.on is True
    if mine != wanted and (setting is not None or one.lacks("normalize.schemas")):
        words = {True: "normalises", False: "does not normalise"}
        place = setting or one.anchor(AUTO_REGISTER, *by_registry(one))
        yield noticed(one, place, mine=words[mine], theirs="does" if wanted else "does not")


RULES: tuple[Rule, ...] = (
    auto_registration_enabled,
    auto_registration_with_use_latest,
    compatibility_strictness_off,
    schema_id_pinned,
    java_string_lookup,
    normalize_mismatch,
)
