"""Client configuration in the gate and in lint: exact findings with their places, and what decides about them."""

from __future__ import annotations

import pytest
from tests.app.scene import TODAY, record, run, told

from schemagate.app.lint import LintRequest, lint
from schemagate.errors import ConfigError, UsageError
from schemagate.report.json_view import dump

AVRO = "io.confluent.kafka.serializers.KafkaAvroSerializer"
TOPIC = "io.confluent.kafka.serializers.subject.TopicNameStrategy"
SAFE = f"""\
key.serializer={AVRO}
value.serializer={AVRO}
schema.registry.url=https://registry.example.com
auto.register.schemas=false
avro.remove.java.properties=true
key.subject.name.strategy={TOPIC}
value.subject.name.strategy={TOPIC}
"""
CONFIG = """\
[[clients]]
match = "conf/"

[[subjects]]
match = "*.avsc"
name = ["{topic}-value", "{topic}-key"]
topic = "orders"
"""


@pytest.fixture
def project(tmp_path):
    """Writes files beside a schema and a configuration, and lints ``conf``: the findings, a line each."""

    def linted(config=CONFIG, paths=("conf",), **files):
        (tmp_path / "conf").mkdir(exist_ok=True)
        (tmp_path / "schemagate.toml").write_text(config)
        (tmp_path / "order.avsc").write_text(record("Order", id="string"))
        for name, text in files.items():
            path = tmp_path / "conf" / name.replace("__", "-").replace("_", ".")
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return lint(LintRequest(str(tmp_path), TODAY, paths))

    return linted


def test_a_safe_producer_passes(project):
    report = project(p_properties=SAFE)

    assert told(report) == []
    assert report.notes == ("read 1 client configuration file: conf/p.properties",)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "auto.register.schemas=false\n",
            "",
            ["error auto-registration-enabled conf/p.properties:2:1"],
        ),
        (
            "schemas=false",
            "schemas=true",
            ["error auto-registration-enabled conf/p.properties:4:1"],
        ),
        ("schemas=false", "schemas=${AUTO}", ["warning auto-registration-enabled conf/p.properties:4:1"]),
        ("schemas=false", "schemas=${AUTO:false}", []),
        ("schemas=false", "schemas=${AUTO:true}", ["error auto-registration-enabled conf/p.properties:4:1"]),
        (
            "schemas=false",
            "schemas=true\nuse.latest.version=true",
            [
                "error auto-registration-enabled conf/p.properties:4:1",
                "warning auto-registration-with-use-latest conf/p.properties:5:1",
            ],
        ),
        (
            "schemas=false",
            "schemas=false\nlatest.compatibility.strict=false\nid.compatibility.strict=false",
            [
                "warning compatibility-strictness-off conf/p.properties:5:1",
                "warning compatibility-strictness-off conf/p.properties:6:1",
            ],
        ),
        ("schemas=false", "schemas=false\nuse.schema.id=7", ["warning schema-id-pinned conf/p.properties:5:1"]),
        ("avro.remove.java.properties=true\n", "", ["notice java-string-lookup conf/p.properties:4:1"]),
        (
            f"key.serializer={AVRO}\n",
            "",
            ["warning key-or-value-serializer-missing conf/p.properties:1:1"],
        ),
        (
            f"value.serializer={AVRO}",
            "value.serializer=org.springframework.kafka.support.serializer.JsonSerializer",
            ["warning serializer-without-registry conf/p.properties:2:1"],
        ),
        (
            f"value.serializer={AVRO}",
            "value.serializer=org.springframework.kafka.support.serializer.JsonSerializer\ntopic=orders",
            ["error serializer-without-registry conf/p.properties:2:1"],
        ),
        (
            f"value.serializer={AVRO}",
            "value.serializer=org.springframework.kafka.support.serializer.JsonSerializer\ntopic=others",
            [],
        ),
        (
            "schema.registry.url=https://registry.example.com\n",
            "",
            ["warning registry-url-missing conf/p.properties:2:1"],
        ),
        ("https:", "http:", ["warning registry-url-plaintext conf/p.properties:3:1"]),
        ("https://registry.example.com", "mock://x", ["error registry-url-plaintext conf/p.properties:3:1"]),
        (
            "https://",
            "http://u:hunter2@",
            [
                "error credentials-in-file conf/p.properties:3:1",
                "error registry-url-plaintext conf/p.properties:3:1",
            ],
        ),
        (
            "schemas=false",
            "schemas=false\nbasic.auth.user.info=u:hunter2",
            [
                "error credentials-in-file conf/p.properties:5:1",
                "warning credentials-source-missing conf/p.properties:5:1",
            ],
        ),
        (
            f"value.subject.name.strategy={TOPIC}",
            "value.subject.name.strategy=x.RecordNameStrategy",
            ["error subject-strategy-mismatch conf/p.properties:7:1"],
        ),
        (
            f"value.subject.name.strategy={TOPIC}\n",
            "",
            ["notice subject-strategy-mismatch conf/p.properties:2:1"],
        ),
        ("schemas=false", "schemas=\\u00", ["error client-config-invalid conf/p.properties:4:23"]),
        (
            "auto.register.schemas=false",
            "auto.register.schemas=true\nauto.register.schemas=false",
            ["warning client-setting-repeated auto.register.schemas conf/p.properties:5:1"],
        ),
    ],
)
def test_one_change_of_a_safe_producer(project, old, new, expected):
    assert old in SAFE
    report = project(p_properties=SAFE.replace(old, new))

    assert told(report) == expected
    assert b"hunter2" not in dump(report).encode()
    assert all(finding.help for finding in report.findings)


def test_the_repositorys_naming_by_records_makes_the_default_an_error(project):
    config = CONFIG.replace('["{topic}-value", "{topic}-key"]', '"{fullname}"').replace('topic = "orders"\n', "")

    lines = told(project(config, p_properties=SAFE.replace(f"value.subject.name.strategy={TOPIC}\n", "")))

    assert lines == [
        "error subject-strategy-mismatch conf/p.properties:2:1",
        "error subject-strategy-mismatch conf/p.properties:6:1",
    ]


def test_an_entry_may_name_another_strategy(project):
    config = CONFIG.replace('match = "conf/"', 'match = "conf/"\nsubject-name-strategy = "record"')

    assert told(project(config, p_properties=SAFE)) == [
        "error subject-strategy-mismatch conf/p.properties:6:1",
        "error subject-strategy-mismatch conf/p.properties:7:1",
    ]


def test_normalising_is_compared_with_the_registry_of_the_entry(project):
    config = CONFIG.replace('match = "conf/"', 'match = "conf/"\nregistry = "a"')
    registries = '[registry.a]\nurl = "https://a"\nnormalize = true\n[registry.b]\nurl = "https://b"\n'

    assert told(project(config + registries, p_properties=SAFE)) == ["warning normalize-mismatch conf/p.properties:4:1"]
    assert told(project(CONFIG + registries, p_properties=SAFE)) == []


RISKY = SAFE.replace("schemas=false", "schemas=true").replace("https:", "http:")


def test_a_file_for_development_gives_notices_only_and_may_ask_plainly(project):
    config = CONFIG.replace('match = "conf/"', 'match = "conf/"\ndevelopment = true')

    assert told(project(config, p_properties=RISKY)) == ["notice auto-registration-enabled conf/p.properties:4:1"]


def test_development_profiles_are_those_of_the_entry(project):
    prefixed = "".join(f"spring.kafka.producer.properties.{line}\n" for line in SAFE.splitlines())
    loose = "spring.kafka.producer.properties.auto.register.schemas=true\n"
    files = {"application_properties": prefixed, "application__sandbox_properties": loose}

    assert told(project(**files)) == [
        "error auto-registration-enabled spring.kafka.producer [sandbox] conf/application-sandbox.properties:1:1"
    ]
    config = CONFIG.replace('match = "conf/"', 'match = "conf/"\ndevelopment-profiles = ["sandbox"]')
    assert told(project(config, **files)) == [
        "notice auto-registration-enabled spring.kafka.producer [sandbox] conf/application-sandbox.properties:1:1"
    ]


def test_what_every_production_profile_brings_is_not_missing_where_none_is_named(project):
    base = f"spring.kafka.producer.value-serializer: {AVRO}\n"
    rest = (
        "spring.kafka.producer.properties:\n  schema.registry.url: https://r\n  auto.register.schemas: false\n"
        f"  use.latest.version: true\n  value.subject.name.strategy: {TOPIC}\n"
    )

    assert told(project(application_yml=base, application__prod_yml=rest)) == []


def test_a_consumer_is_not_told_to_stop_registering(project):
    text = f"value.deserializer={AVRO.replace('Serializer', 'Deserializer')}\nkey.deserializer=x\ngroup.id=g\n"

    assert told(project(p_properties=text + "schema.registry.url=https://r\n")) == []
    role = CONFIG.replace('match = "conf/"', 'match = "conf/"\nrole = "consumer"')
    assert told(project(role, p_properties="bootstrap.servers=k\nschema.registry.url=https://r\n")) == [
        "warning key-or-value-serializer-missing conf/p.properties:2:1",
        "warning key-or-value-serializer-missing conf/p.properties:2:1",
    ]


def test_a_connector_that_writes_registers_by_default_and_a_sink_does_not(project):
    source = (
        '{"name": "c", "config": {\n  "connector.class": "io.debezium.PostgresSource",\n'
        '  "value.converter": "io.confluent.connect.avro.AvroConverter",\n'
        '  "value.converter.schema.registry.url": "https://r"\n}}\n'
    )

    assert told(project(c_json=source)) == [
        "error auto-registration-enabled value.converter conf/c.json:3:3",
        "notice subject-strategy-mismatch value.converter conf/c.json:3:3",
    ]
    assert told(project(c_json=source.replace("PostgresSource", "S3Sink"))) == []


def test_the_advice_is_a_line_as_the_file_would_have_it(project):
    report = project(p_properties=SAFE.replace("auto.register.schemas=false\n", ""))

    assert report.findings[0].help.splitlines()[0] == "auto.register.schemas=false"


def test_a_comment_accepts_a_finding(project):
    text = SAFE.replace(
        "auto.register.schemas=false",
        "# schemagate: allow[auto-registration-enabled] the registry refuses writes of this account\n"
        "auto.register.schemas=true",
    )
    report = project(p_properties=text)

    assert told(report) == []
    assert [one.reason for one in report.suppressed] == ["the registry refuses writes of this account"]


def test_a_comment_that_accepts_nothing_is_told(project):
    text = "a: 1 # schemagate: allow[auto-registration-enabled] why\n"

    assert told(project(a_yml=text)) == ["warning unused-allow conf/a.yml:1:1"]


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("p_properties", b"a=\\u1\n", "1:3"),
        ("a_yml", b"a: 1\nb: [\n", "3:1"),
        ("a_json", b'{"a": 1,\n "b" 2}\n', "2:6"),
        ("a_toml", b"a = 1\nb =\n", "2:4"),
        ("a_json", b"\xff\xfe\xff", "1:1"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_finding_at_its_line(project, name, content, place):
    path = f"conf/{name.replace('_', '.')}"

    assert told(project(**{name: content})) == [f"error client-config-invalid {path}:{place}"]


def test_a_configuration_that_nothing_names_is_no_schema(project):
    with pytest.raises(UsageError) as error:
        project(CONFIG.replace("conf/", "other/"), ("conf/p.properties",), p_properties=SAFE)

    assert (
        str(error.value) == "conf/p.properties is no schema, and no [[clients]] entry names it as client configuration"
    )


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('match = "a/*.conf"', 'schemagate.toml:2:9: "a/*.conf" is no file whose format is known'),
        ('match = "a"\nregistry = "x"', "schemagate.toml:3:12: there is no registry `x`"),
        (
            'match = "a"\ndevelopment = true\ndevelopment-profiles = ["x"]',
            (
                "schemagate.toml:4:1: `development-profiles` adds nothing to `development = true`: every profile is "
                "one of development"
            ),
        ),
    ],
)
def test_an_entry_that_cannot_be_meant_is_refused(project, entry, message):
    with pytest.raises(ConfigError) as error:
        project(f"[[clients]]\n{entry}\n")

    assert str(error.value) == message


@pytest.fixture
def clients(repo):
    """A repository that published a schema, its configuration and a producer that registers on its own."""
    repo.write("order.avsc", record("Order", id="string")).write("schemagate.toml", CONFIG)
    repo.write("conf/old.properties", RISKY).write("conf/application-prod.yml", "a: 1\n")
    return repo.commit("All").branch("work")


OLD = [
    "error auto-registration-enabled conf/old.properties:4:1",
    "warning registry-url-plaintext conf/old.properties:3:1",
]


def test_check_tells_of_the_client_files_that_the_change_touches(clients):
    clients.write("conf/new.properties", SAFE.replace("schemas=false", "schemas=true"))

    report = run(clients)

    assert told(report) == ["error auto-registration-enabled conf/new.properties:4:1"]
    assert report.notes[1] == "read 1 client configuration file: conf/new.properties"
    assert report.exit_code == 1


def test_check_of_everything_tells_of_every_client_file(clients):
    assert told(run(clients, everything=True)) == OLD


def test_a_changed_configuration_tells_of_every_client_file_and_of_its_own_weakening(clients):
    clients.write("schemagate.toml", CONFIG.replace('match = "conf/"', 'match = "conf/"\ndevelopment = true'))

    assert told(run(clients)) == [
        "notice auto-registration-enabled conf/old.properties:4:1",
        "notice gate-weakened clients.development schemagate.toml:1:1",
    ]


def test_the_index_is_read_in_a_hook_and_the_commit_in_a_pipeline(clients):
    clients.write("conf/new.properties", RISKY.replace("http:", "https:")).stage()
    clients.write("conf/new.properties", SAFE)

    assert told(run(clients, candidate="index")) == ["error auto-registration-enabled conf/new.properties:4:1"]
    assert told(run(clients, candidate="worktree")) == []
    clients.git("commit", "--quiet", "--message", "New")
    assert told(run(clients, candidate="HEAD")) == ["error auto-registration-enabled conf/new.properties:4:1"]


def test_a_touched_profile_is_judged_with_the_file_that_it_lies_over(clients):
    clients.write("conf/application.yml", f"spring.kafka.producer.value-serializer: {AVRO}\n").commit("Base")
    clients.git("switch", "--quiet", "main")
    clients.git("merge", "--quiet", "work")
    clients.branch("more")
    clients.write("conf/application-prod.yml", "spring.kafka.producer.properties.schema.registry.url: http://r\n")

    assert told(run(clients)) == [
        "error auto-registration-enabled spring.kafka.producer conf/application.yml:1:1",
        "warning registry-url-plaintext spring.kafka.producer [prod] conf/application-prod.yml:1:1",
        "notice subject-strategy-mismatch spring.kafka.producer conf/application.yml:1:1",
    ]


def test_a_new_comment_is_told_and_does_not_count_where_it_has_to_come_from_the_base(clients):
    allowed = RISKY.replace("auto.", "# schemagate: allow[auto-registration-enabled] why\nauto.", 1)
    clients.write("conf/old.properties", allowed.replace("http:", "https:"))

    assert told(run(clients)) == ["notice gate-weakened allow conf/old.properties:4:1"]
    clients.write("schemagate.toml", f"waivers-from-base = true\n{CONFIG}")
    assert told(run(clients)) == [
        "error auto-registration-enabled conf/old.properties:5:1",
        "notice gate-weakened allow conf/old.properties:4:1",
    ]


def test_a_client_file_that_is_deleted_is_not_told(clients):
    clients.delete("conf/old.properties")

    assert told(run(clients)) == []
