"""What the rules ask of a client's configuration, and what the repository wants of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from schemagate.clientconfig.names import AUTO_REGISTER, OF_A_SERIALIZER, REGISTRY_URL
from schemagate.clientconfig.values import CONSUMER, PRODUCER, Client, Setting
from schemagate.finding import Json, Severity
from schemagate.rules.kit import Found

WRITERS: Final = (
    "value.serializer",
    "key.serializer",
    "default.value.serde",
    "default.key.serde",
    "value.converter",
    "key.converter",
)
READERS: Final = (
    "value.deserializer",
    "key.deserializer",
    "default.value.serde",
    "default.key.serde",
    "value.converter",
    "key.converter",
)
_REGISTRY_CLASS: Final = re.compile(
    r"(?:Kafka)?(?:Avro|JsonSchema|Protobuf)(?:Kafka)?(?:Serializer|Deserializer|Serde|Converter)(?:V\d)?"
    r"|(?:Specific|Generic|Primitive|Reflection)AvroSerde|GlueSchemaRegistryKafka(?:S|Des)erializer|AWSKafkaAvro\w+"
)
_PLAIN_CLASS: Final = re.compile(
    r"(?:Kafka)?(?:String|Json|Jackson2?Json|Gson|ObjectMapper|Jsonb|JsonObject)(?:Serializer|Serde|Converter)"
)
_NOT_AUTO: Final = re.compile(r"apicurio|amazonaws|glue", re.IGNORECASE)
_STRATEGIES: Final = {
    "topicnamestrategy": "topic",
    "recordnamestrategy": "record",
    "topicrecordnamestrategy": "topic-record",
    "topicsubjectnamestrategy": "topic",
    "recordsubjectnamestrategy": "record",
    "topicrecordsubjectnamestrategy": "topic-record",
}
CLASSES: Final = {
    "topic": "TopicNameStrategy",
    "record": "RecordNameStrategy",
    "topic-record": "TopicRecordNameStrategy",
}


class Policy(msgspec.Struct, frozen=True):
    """What a repository's configuration wants of a client."""

    strategies: frozenset[str] = frozenset()
    """How the repository names subjects (``topic``, ``record``, ``topic-record``); empty where it was not told."""
    subjects: frozenset[str] = frozenset()
    """The subjects that are named after topics."""
    any_subject: bool = False
    """Whether the repository has a schema at all."""
    normalize: bool | None = None
    """Whether the registry is asked to normalise; None where there is no registry, or several differ."""


class ClientVisit(msgspec.Struct, frozen=True):
    """One client, and what the repository wants of it."""

    client: Client
    policy: Policy


def noticed(client: Client, at: Setting, severity: Severity | None = None, /, **args: Json) -> Found:
    """A finding at a setting; where the client is for development it is a notice, if anything."""
    grade = Severity.NOTICE if client.development else severity
    return Found(args=args, severity=grade, span=at.span, document=at.path)


def classes(client: Client, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The short names of the classes that these settings name: ``("value.serializer", "KafkaAvroSerializer")``."""
    for name in names:
        value = client.value(name)
        if value:
            yield name, re.split(r"[.$/:]", value)[-1]


def by_registry(client: Client, names: tuple[str, ...] = WRITERS) -> list[str]:
    """The settings among these that name a class which asks a registry."""
    return [name for name, short in classes(client, names) if _REGISTRY_CLASS.fullmatch(short)]


def without_registry(client: Client) -> list[str]:
    """The settings that name a class which writes text or JSON and asks no registry."""
    return [name for name, short in classes(client, WRITERS) if _PLAIN_CLASS.fullmatch(short)]


def writes(client: Client) -> bool:
    """Whether the client may write messages."""
    return client.role != CONSUMER and client.kind != "override"


def writes_with_registry(client: Client) -> bool:
    """Whether what the client writes goes, as far as the file tells, through a serializer that asks a registry."""
    if not writes(client):
        return False
    told = list(classes(client, WRITERS))
    if told:
        return bool(by_registry(client))
    if not OF_A_SERIALIZER.isdisjoint(client.settings):
        return True
    if client.style == "properties" or client.framework:
        return REGISTRY_URL in client.settings and (client.role == PRODUCER or "bootstrap.servers" in client.settings)
    return _in_one_place(client, REGISTRY_URL, "bootstrap.servers")


def _in_one_place(client: Client, one: str, other: str) -> bool:
    """Whether both are members of the same table: a dictionary for each part of a client says less."""
    first, second = client.get(one), client.get(other)
    if first is None or second is None:
        return False
    return first.raw.removesuffix(one) == second.raw.removesuffix(other)


def registers(client: Client) -> bool | None:
    """Whether the client registers schemas on its own; None where something outside of the file decides."""
    if not writes_with_registry(client):
        return False
    setting = client.get(AUTO_REGISTER)
    if setting is None or (not setting.value and not setting.open):
        named = " ".join(client.value(name) for name in WRITERS)
        return client.lacks(AUTO_REGISTER) and not _NOT_AUTO.search(named)
    return None if setting.open else setting.on is not False


def is_java(client: Client) -> bool:
    """Whether Java reads the file: by its format, its framework, or a class with its package."""
    packaged = any("." in client.value(name) for name in (*WRITERS, *READERS))
    return client.style == "properties" or bool(client.framework) or packaged


def strategy_of(value: str) -> str:
    """The strategy that a class or JavaScript's enum names; empty for one of somebody's own."""
    short = re.sub(r"[^a-z]", "", re.split(r"[.$]", value)[-1].lower())
    return _STRATEGIES.get(short) or _STRATEGIES.get(f"{short}namestrategy", "")


def side_of(name: str) -> str:
    """``key`` or ``value``: what a serializer's, a converter's or a strategy's setting is about."""
    return "key" if "key" in name.split(".") else "value"
