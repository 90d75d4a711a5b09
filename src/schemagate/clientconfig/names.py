"""The names of settings, however a framework spells them, and the part of a file that each belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from schemagate.clientconfig.values import CONSUMER, PRODUCER

REGISTRY_URL: Final = "schema.registry.url"
AUTO_REGISTER: Final = "auto.register.schemas"
USER_INFO: Final = "basic.auth.user.info"

_SERIALIZERS: Final = [
    "key.serializer",
    "value.serializer",
    "key.deserializer",
    "value.deserializer",
    "key.converter",
    "value.converter",
    "default.key.serde",
    "default.value.serde",
]
OF_A_SERIALIZER: Final = frozenset(
    [
        AUTO_REGISTER,
        "use.latest.version",
        "use.latest.with.metadata",
        "latest.compatibility.strict",
        "id.compatibility.strict",
        "normalize.schemas",
        "use.schema.id",
        "avro.remove.java.properties",
        "value.subject.name.strategy",
        "key.subject.name.strategy",
        "subject.name.strategy",
    ]
)
"""Names that only a serializer takes which asks a registry."""
_OF_THE_REGISTRY: Final = [
    REGISTRY_URL,
    "specific.avro.reader",
    "basic.auth.credentials.source",
    USER_INFO,
    "bearer.auth.credentials.source",
    "bearer.auth.token",
    "bearer.auth.client.id",
    "bearer.auth.client.secret",
    "apicurio.registry.url",
    "apicurio.registry.auto.register",
    "schema.auto.registration.enabled",
    "schema.registry.ssl.keystore.password",
    "schema.registry.ssl.key.password",
    "schema.registry.ssl.truststore.password",
]
_SECRETS: Final = [
    "sasl.jaas.config",
    "sasl.password",
    "ssl.keystore.password",
    "ssl.key.password",
    "ssl.truststore.password",
    "sasl.oauthbearer.client.secret",
    "ssl.keystore.key",
]
STRONG: Final = frozenset((*_SERIALIZERS, *OF_A_SERIALIZER, *_OF_THE_REGISTRY, *_SECRETS))
"""Names that only a client of Kafka or of a registry has: where one stands, a client is configured."""
WEAK: Final = frozenset(
    [
        "bootstrap.servers",
        "topic",
        "topics",
        "topics.regex",
        "group.id",
        "acks",
        "enable.idempotence",
        "connector",
        "connector.class",
        "auto.offset.reset",
        "application.id",
        "destination",
        "default.topic",
    ]
)
"""Names that tell more of a client, and are too common to make one."""
_ALIASES: Final = {
    "base.ur.ls": REGISTRY_URL,
    "apicurio.registry.url": REGISTRY_URL,
    "registry.url": REGISTRY_URL,
    "subject.name.strategy.type": "subject.name.strategy",
    "credentials.source": "basic.auth.credentials.source",
    "user.info": USER_INFO,
    "apicurio.registry.auto.register": AUTO_REGISTER,
    "schema.auto.registration.enabled": AUTO_REGISTER,
}
_CAMEL_ONLY: Final = frozenset({"baseURLs", "userInfo", "credentialsSource", "subjectNameStrategyType"})
_FILLERS: Final = frozenset(
    [
        "properties",
        "configuration",
        "config",
        "configs",
        "conf",
        "options",
        "settings",
        "template",
        "schema.registry",
        "registry",
        "basic.auth.credentials",
    ]
)
_ROLES: Final = {
    **dict.fromkeys(("producer", "producers", "outgoing", "producer.properties"), PRODUCER),
    **dict.fromkeys(("consumer", "consumers", "incoming", "consumer.properties"), CONSUMER),
}
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SPLIT: Final = re.compile(r"\[([^\]]*)\]|\"([^\"]*)\"|([^.\[\"]+)")
_LONGEST: Final = 6
"""Words of the longest name."""
_LONGEST_KEY: Final = 1000
"""Characters."""


class Named(msgspec.Struct, frozen=True):
    """A setting's dotted name, and the part of the file that it is set for."""

    name: str
    scope: tuple[str, ...]
    before: str
    """What stands before the name, over all levels: ``spring.kafka.producer.properties.``."""
    near: str = ""
    """The same within the innermost level, where the file is nested."""
    camel: bool = False
    override: bool = False


def steps(keys: Sequence[str]) -> list[str]:
    """The way to a value, one name a step: ``a.b[c.d]`` is ``a``, ``b``, ``c``, ``d``; ``"x.y"`` is one step.

    A way that no setting can have is empty.
    """
    way: list[str] = []
    if sum(map(len, keys)) > _LONGEST_KEY:
        return way
    for key in keys:
        for match in _SPLIT.finditer(key):
            bracket, quoted, plain = match.groups()
            if bracket is not None:
                way.extend([f"[{bracket}]"] if bracket.isdigit() else bracket.split("."))
            else:
                way.append(quoted if quoted is not None else plain)
    return [step for step in way if step]


def named(way: Sequence[str], inner: int = 0) -> Named | None:
    """What a way of steps sets; None for what is nothing of a client's. ``inner`` of the steps are one key."""
    for start in range(max(0, len(way) - _LONGEST), len(way)):
        name = _known(way, start)
        if name:
            prefix = list(way[:start])
            if name == "url":
                name = REGISTRY_URL
            scope, override = _scope(prefix)
            camel = any(_HUMP.search(step) for step in way[start:])
            name = name.removeprefix("schema.registry.") if name != REGISTRY_URL else name
            near = prefix[max(0, len(way) - inner) :] if inner else []
            return Named(_ALIASES.get(name, name), scope, _before(prefix, name), _before(near, name), camel, override)
    return None


def role_of(scope: Sequence[str]) -> str:
    """The role that the words of a scope tell; empty if none does."""
    return next((_ROLES[step] for step in reversed(scope) if step in _ROLES), "")


def fold(step: str) -> str:
    """One spelling for ``value-serializer``, ``valueSerializer``, ``value_serializer`` and ``value.serializer``."""
    return re.sub(r"[-_.]+", ".", _HUMP.sub(".", step)).lower()


def _known(way: Sequence[str], start: int) -> str:
    """The name that the steps from ``start`` on make; empty if none."""
    name = ".".join(fold(step) for step in way[start:])
    if name in STRONG or name in WEAK:
        return name
    if name in _ALIASES and (way[-1] in _CAMEL_ONLY or ("." in name and "registry" in name)):
        return _ALIASES[name]
    if name == "url" and start and fold(way[start - 1]).endswith("registry"):
        return name
    if name.startswith("schema.registry.") and name.removeprefix("schema.registry.") in STRONG:
        return name.removeprefix("schema.registry.")
    return ""


def _scope(prefix: list[str]) -> tuple[tuple[str, ...], bool]:
    """Where a setting applies, as a way on which the outer is inherited by the inner; and whether it overrides."""
    way = [step if step.startswith("[") else fold(step) for step in prefix]
    outer: list[str] = []
    if way[:4] == ["spring", "cloud", "stream", "binders"] and way[5:6] == ["environment"]:
        outer = ["binder", prefix[4]]
        way, prefix = way[6:], prefix[6:]
    override = "override" in way
    if way[:4] == ["spring", "cloud", "stream", "kafka"]:
        inner = _stream(way[4:], prefix[4:])
    elif way[:2] == ["mp", "messaging"]:
        inner = _messaging(way[2:], prefix[2:])
    else:
        inner = _isolated([step for step in way if step not in _FILLERS and step != "override"])
    return (*outer, *inner), override


def _stream(way: list[str], written: list[str]) -> list[str]:
    """Spring Cloud Stream: the binder's settings hold for each of its bindings."""
    streams = ["streams"] if way[:1] == ["streams"] else []
    way, written = way[len(streams) :], written[len(streams) :]
    base = ["stream", *streams]
    role = next((_ROLES[step] for step in way if step in _ROLES), "")
    inner = [role] if role else []
    if way[:1] == ["bindings"] and len(way) > 1:
        inner.append(written[1])
    return base + inner


def _messaging(way: list[str], written: list[str]) -> list[str]:
    """MicroProfile: ``kafka.`` and the connector's settings hold for each channel."""
    if way[:1] in (["outgoing"], ["incoming"]):
        return ["kafka", _ROLES[way[0]], *written[1:2]]
    return ["kafka"]


def _isolated(way: list[str]) -> list[str]:
    """A converter's own settings come from nowhere else."""
    if way[-2:] in (["value", "converter"], ["key", "converter"], ["header", "converter"]):
        return [*way[:-2], ".".join(way[-2:])]
    return way


def _before(prefix: Sequence[str], name: str) -> str:
    """The prefix of another setting beside this one, as it would be written."""
    text = ".".join(f'"{step}"' if "." in step and not step.startswith("[") else step for step in prefix)
    low = text.lower().replace("_", "-")
    if low in {"spring.kafka.producer", "spring.kafka.consumer", "spring.kafka.streams", "spring.kafka"}:
        text += ".properties"
    if name in {"key.converter", "value.converter"}:
        text = f"{text}.{name}" if text else name
    return f"{text}." if text else ""
