"""Client configuration as a user meets it: no format shows a secret, and a comment's advice fits the file."""

from __future__ import annotations

import pytest

from schemagate.cli.output import FORMATS

CONFIG = '[[clients]]\nmatch = "conf/"\n'
AVRO = "io.confluent.kafka.serializers.KafkaAvroSerializer"
FILES = {
    "conf/a.properties": f"value.serializer={AVRO}\nbasic.auth.user.info=key:hunter2\nschema.registry.url=http://r\n",
    "conf/b.json": f'{{"value.serializer": "{AVRO}", "sasl.password": "hunter2", "auto.register.schemas": true}}',
    "conf/application.yml": f"""\
spring.datasource.password: hunter2
spring.kafka.producer:
  value-serializer: {AVRO}
  properties: {{schema.registry.url: "http://u:hunter2@r", auto.register.schemas: true, ssl.key.password: hunter2}}
""",
    "conf/c.toml": '"bearer.auth.token" = """\nhunter2"""\n"auto.register.schemas" = true\n',
    "conf/d.yml": "password: hunter2\n x: y: z\n",
    "conf/e.json": '{"password": hunter2}',
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("command", [("lint",), ("check", "--all")])
def test_no_format_shows_a_secret(repo, clone, form, command):
    repo.write("schemagate.toml", CONFIG)
    for path, text in FILES.items():
        repo.write(path, text)

    ran = clone.run(*command, "--format", form, *(("--verbose",) if form == "text" else ()))

    assert ran.code == 1
    assert "credentials-in-file" in ran.out
    assert "hunter2" not in ran.out + ran.err


def test_a_finding_shows_its_line_without_the_secret(terminal):
    terminal.write("schemagate.toml", CONFIG).write("conf/a.properties", FILES["conf/a.properties"])

    lines = terminal.run("lint").lines

    assert " 2 | basic.auth.user.info=********" in lines
    assert "   | ^^^^^^^^^^^^^^^^^^^^" in lines


def test_the_page_of_a_client_rule_shows_how_to_make_an_exception(terminal):
    assert terminal.run("explain", "registry-url-plaintext").lines[-1] == (
        "    # schemagate: allow[registry-url-plaintext] reason"
    )


def test_the_client_rules_are_a_family(terminal):
    ran = terminal.run("rules", "--kind", "client")

    assert ran.lines[0] == "client: how producers and consumers are configured"
    assert ran.lines[-1] == "15 rules; `schemagate explain ID` says why, and what to do"


@pytest.mark.parametrize("command", ["lint", "check"])
def test_an_editors_buffer_is_judged_in_place_of_the_file(repo, clone, command):
    repo.write("schemagate.toml", CONFIG).write("conf/a.properties", "auto.register.schemas=false\n").commit("All")

    ran = clone.run(command, "-", "--stdin-filename", "conf/a.properties", stdin="auto.register.schemas=true\n")

    assert ran.code == 1
    assert "  --> conf/a.properties:1:1" in ran.lines
