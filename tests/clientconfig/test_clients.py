"""Which clients a file configures, what each inherits, and under which profile it holds."""

from __future__ import annotations

import pytest

from schemagate.clientconfig.clients import Terms, clients_of, families
from schemagate.clientconfig.profiles import family_of, is_development
from schemagate.clientconfig.read import read

AVRO = "io.confluent.kafka.serializers.KafkaAvroSerializer"


def clients(terms=None, **texts):
    """``a_yml=...`` is the file ``a.yml``; two underscores make a hyphen."""
    files = [read(name.replace("__", "-").replace("_", "."), text.encode()) for name, text in texts.items()]
    assert [fault for file in files for fault in file.faults] == []
    by_path = {file.path: file for file in files}
    found = []
    for paths in families(list(by_path)).values():
        found += clients_of([by_path[path] for path in paths], lambda _: terms or Terms())
    return found


def said(client):
    values = {name: setting.value for name, setting in client.settings.items()}
    return (client.scope, client.role, client.profile, values)


def test_plain_properties_are_one_client():
    (client,) = clients(a_properties=f"value.serializer={AVRO}\nschema.registry.url=https://r\n")

    assert said(client) == ("", "producer", "", {"value.serializer": AVRO, "schema.registry.url": "https://r"})


def test_prefixed_properties_are_a_client_for_each_prefix_and_share_the_rest():
    text = "schema.registry.url=https://r\nproducer.value.serializer=x\nconsumer.value.deserializer=y\n"

    assert [said(client) for client in clients(a_properties=text)] == [
        ("producer", "producer", "", {"schema.registry.url": "https://r", "value.serializer": "x"}),
        ("consumer", "consumer", "", {"schema.registry.url": "https://r", "value.deserializer": "y"}),
    ]


def test_the_prefix_of_the_registry_is_taken_off():
    (client,) = clients(a_properties="schema.registry.url=u\nschema.registry.basic.auth.user.info=${A}\n")

    assert set(client.settings) == {"schema.registry.url", "basic.auth.user.info"}


@pytest.mark.parametrize(
    "text",
    [
        'spring:\n  kafka:\n    producer:\n      properties:\n        "[auto.register.schemas]": true\n',
        "spring:\n kafka:\n  producer:\n   properties:\n    auto:\n     register:\n      schemas: on\n",
        "spring.kafka.producer.properties.auto.register.schemas: true\n",
        "spring:\n  kafka:\n    producer:\n      properties:\n        auto.register.schemas: ${AUTO:true}\n",
    ],
)
def test_every_way_of_springs_yaml_to_write_a_key(text):
    (client,) = clients(application_yml=text)

    assert said(client) == ("spring.kafka.producer", "producer", "", {"auto.register.schemas": "true"})
    assert client.line("use.latest.version", "true") == "spring.kafka.producer.properties.use.latest.version: true"


def test_springs_producer_inherits_what_is_common():
    text = f"""
spring.kafka:
  properties:
    schema.registry.url: https://r
  producer:
    value-serializer: {AVRO}
  consumer:
    group-id: g
"""
    assert [said(client) for client in clients(application_yml=text)] == [
        ("spring.kafka.producer", "producer", "", {"schema.registry.url": "https://r", "value.serializer": AVRO}),
        ("spring.kafka.consumer", "consumer", "", {"schema.registry.url": "https://r", "group.id": "g"}),
    ]


def test_properties_win_over_yaml_beside_them_and_a_profile_over_both():
    common = "spring.kafka.producer.properties"

    without, under = clients(
        application_properties=f"{common}.auto.register.schemas=true\n{common}.use.latest.version=true\n",
        application_yml=f"{common}:\n  auto.register.schemas: false\n  use.latest.version: false\n",
        application__prod_yml=f"{common}.use.latest.version: false\n",
    )

    assert said(without)[2:] == ("", {"auto.register.schemas": "true", "use.latest.version": "true"})
    assert said(under)[2:] == ("prod", {"auto.register.schemas": "true", "use.latest.version": "false"})
    assert without.get("auto.register.schemas").path == "application.properties"


def test_a_profile_lies_over_what_holds_without_one():
    base = (
        f"spring.kafka.producer.value-serializer: {AVRO}\nspring.kafka.producer.properties.use.latest.version: true\n"
    )
    extra = (
        "spring.config.activate.on-profile: dev | local\nspring.kafka.producer.properties.use.latest.version: false\n"
    )

    with_none, with_dev, with_prod = clients(
        application_yml=f"{base}---\n{extra}",
        application__prod_properties="spring.kafka.producer.properties[auto.register.schemas]=false\n",
    )

    assert (with_none.profile, with_none.development, with_none.value("use.latest.version")) == ("", False, "true")
    assert (with_dev.profile, with_dev.development, with_dev.value("use.latest.version")) == (
        "dev | local",
        True,
        "false",
    )
    assert (with_prod.profile, with_prod.development, with_prod.path) == ("prod", False, "application-prod.properties")
    assert with_prod.value("value.serializer") == AVRO
    assert with_none.completed == {"auto.register.schemas"}


def test_the_bindings_of_spring_cloud_stream_inherit_from_their_binder():
    text = f"""
spring.cloud.stream.kafka:
  binder:
    configuration: {{schema.registry.url: https://r}}
    producer-properties: {{value.serializer: {AVRO}}}
  bindings:
    orders-out-0:
      producer: {{configuration: {{auto.register.schemas: false}}}}
"""
    assert [said(client) for client in clients(application_yml=text)][-1] == (
        "stream.producer.orders-out-0",
        "producer",
        "",
        {"schema.registry.url": "https://r", "value.serializer": AVRO, "auto.register.schemas": "false"},
    )


def test_the_channels_of_quarkus_inherit_from_kafka_and_a_percent_sign_is_a_profile():
    text = (
        "kafka.schema.registry.url=https://r\n"
        f"mp.messaging.outgoing.orders.value.serializer={AVRO}\n"
        "%dev.mp.messaging.outgoing.orders.auto.register.schemas=true\n"
    )
    base = {"schema.registry.url": "https://r", "value.serializer": AVRO}

    assert [said(client) for client in clients(application_properties=text)] == [
        ("kafka.producer.orders", "producer", "", base),
        ("kafka.producer.orders", "producer", "dev", {**base, "auto.register.schemas": "true"}),
    ]


def test_a_converter_takes_nothing_from_elsewhere_and_a_sinks_only_reads():
    text = """{"name": "x", "config": {"connector.class": "x.FooSink", "schema.registry.url": "https://other",
      "value.converter": "io.confluent.connect.avro.AvroConverter",
      "value.converter.auto.register.schemas": "false"}}"""
    found = [client for client in clients(a_json=text) if client.kind == "converter"]

    assert [said(client) for client in found] == [
        (
            "value.converter",
            "consumer",
            "",
            {"value.converter": "io.confluent.connect.avro.AvroConverter", "auto.register.schemas": "false"},
        )
    ]
    assert found[0].line("use.latest.version", "true") == '"value.converter.use.latest.version": "true"'


def test_dictionaries_of_python_and_javascript():
    python = '[serializer]\n"auto.register.schemas" = false\n[schema_registry]\nurl = "https://r"\n'
    script = '{"registry": {"baseURLs": ["https://a", "https://b"]}, "serializer": {"autoRegisterSchemas": true}}'

    (first,) = clients(a_toml=python)
    (second,) = clients(a_json=script)

    assert said(first)[3] == {"auto.register.schemas": "false", "schema.registry.url": "https://r"}
    assert said(second)[3] == {"auto.register.schemas": "true", "schema.registry.url": "https://a,https://b"}
    assert first.line("use.latest.version", "true") == '"use.latest.version" = true'
    assert first.line("subject.name.strategy", "topic") == '"subject.name.strategy" = "topic"'
    assert second.line("use.latest.version", "true") == '"useLatestVersion": true'


def test_what_configures_no_client_is_none():
    assert clients(a_yml="server:\n  port: 8080\n  ssl: {enabled: true}\n", b_json='{"url": "x", "topic": "y"}') == []


@pytest.mark.parametrize(
    ("profile", "development"),
    [
        ("dev", True),
        ("DEV", True),
        ("prod", False),
        ("dev | local", True),
        ("dev, prod", False),
        ("dev & cloud", True),
        ("!prod", False),
        ("!dev", False),
        ("(dev | prod) & eu", False),
        ("", False),
    ],
)
def test_a_profile_is_one_of_development_only_if_it_holds_nowhere_else(profile, development):
    assert is_development(profile, ("dev", "local", "test")) is development


@pytest.mark.parametrize(
    ("path", "family"),
    [
        ("a/application.yml", ("a/application", "")),
        ("a/application-dev.properties", ("a/application", "dev")),
        ("a/producer-dev.properties", ("a/producer-dev.properties", "")),
    ],
)
def test_files_that_spring_reads_together_are_a_family(path, family):
    assert family_of(path) == family
