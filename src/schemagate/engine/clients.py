"""The findings of client configuration files: what cannot be read, and what their clients are set to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from schemagate.clientconfig.clients import Terms, clients_of, families
from schemagate.clientconfig.read import ClientFile
from schemagate.clientconfig.values import Client, Fault
from schemagate.engine.tell import Teller
from schemagate.finding import Finding, Json, Region
from schemagate.rules.advice import way_out
from schemagate.rules.catalog import CLIENT
from schemagate.rules.client_facts import CLASSES, ClientVisit, Policy
from schemagate.rules.kit import Found, Rule

MOST_FAULTS: Final = 25
"""Faults of one file that are told."""
_AVRO: Final = "io.confluent.kafka.serializers.KafkaAvro"
_SOURCES: Final = {
    "basic.auth.user.info": "USER_INFO",
    "bearer.auth.token": "STATIC_TOKEN",
    "bearer.auth.client.secret": "OAUTHBEARER",
}


def client_findings(
    teller: Teller,
    files: Mapping[str, ClientFile],
    terms: Callable[[str], Terms],
    policy: Callable[[str], Policy],
) -> Iterator[Finding]:
    """What is told of these files, each cause once: a setting that several profiles inherit is told at its place."""
    for file in files.values():
        yield from _faults(teller, file)
    for paths in families(list(files)).values():
        known: dict[tuple[str, Region | None, str], Finding] = {}
        for client in clients_of([files[path] for path in paths], terms):
            visit = ClientVisit(client, policy(client.path))
            for finding in _told(teller, files, visit):
                key = (finding.rule, finding.location, finding.message)
                if key not in known or known[key].severity < finding.severity:
                    known[key] = finding
        yield from known.values()


def _faults(teller: Teller, file: ClientFile) -> Iterator[Finding]:
    for fault in _few(file.faults):
        rule, args = "client-config-invalid", {"what": fault.what}
        if not fault.fatal:
            rule, args = "client-setting-repeated", {"key": fault.key}
        finding = teller.told(rule, file.path, args, at=fault.key, region=file.listing.region(fault.at))
        if finding is not None:
            yield finding


def _few(faults: Sequence[Fault]) -> Iterable[Fault]:
    """One fault that makes a file unreadable, else some of those that do not."""
    fatal = [fault for fault in faults if fault.fatal]
    return fatal[:1] or faults[:MOST_FAULTS]


def _told(teller: Teller, files: Mapping[str, ClientFile], visit: ClientVisit) -> Iterator[Finding]:
    client = visit.client
    under = f" [{client.profile}]" if client.profile else ""
    for rule in CLIENT:
        for found in rule.run(visit) if rule.run is not None else ():
            assert found.span is not None
            finding = teller.told(
                rule.id,
                found.document,
                found.args,
                at=f"{client.scope}{under}".strip(),
                own=found.severity,
                region=files[found.document].listing.region(found.span),
            )
            if finding is not None:
                yield replace(finding, help=_help(rule, client, found, visit.policy))


def _help(rule: Rule, client: Client, found: Found, policy: Policy) -> str:
    """The line to write, as the client's own file would have it, and what the rule's page advises."""
    line = _line(rule.id, client, found.args, policy)
    return f"{line}\n{way_out(rule)}" if line else way_out(rule)


def _line(rule: str, client: Client, args: Mapping[str, Json], policy: Policy) -> str:
    name = str(args.get("name", ""))
    if rule in {"auto-registration-enabled", "auto-registration-with-use-latest"}:
        return client.line("auto.register.schemas", "false")
    if rule == "java-string-lookup":
        return client.line("avro.remove.java.properties", "true")
    if rule == "normalize-mismatch":
        return client.line("normalize.schemas", "true" if policy.normalize else "false")
    if rule == "credentials-source-missing":
        return client.line(str(args["source"]), _SOURCES[name])
    if rule == "registry-url-missing":
        return client.line("schema.registry.url", "${SCHEMA_REGISTRY_URL}")
    if rule == "key-or-value-serializer-missing" and not client.framework:
        return client.line(name, f"{_AVRO}{'Deserializer' if name.endswith('deserializer') else 'Serializer'}")
    if rule == "subject-strategy-mismatch" and len(policy.strategies) == 1 and client.style == "properties":
        strategy = CLASSES[next(iter(policy.strategies))]
        side = "key." if "`key." in str(args["found"]) else "value."
        return client.line(f"{side}subject.name.strategy", f"io.confluent.kafka.serializers.subject.{strategy}")
    return ""
