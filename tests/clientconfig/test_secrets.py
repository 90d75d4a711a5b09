"""What is a secret, what a placeholder leaves of it, and that no listing shows one."""

from __future__ import annotations

import pytest

from schemagate.clientconfig.placeholders import resolve
from schemagate.clientconfig.read import read
from schemagate.clientconfig.secrets_in import holds_secret, is_secret


@pytest.mark.parametrize(
    ("written", "value", "is_open"),
    [
        ("plain", "plain", False),
        ("${A:b}", "b", False),
        ("${A:-b}", "b", False),
        ("${A:http://x:1}", "http://x:1", False),
        ("${A:${B:c}}", "c", False),
        ("${A:}", "", False),
        ("${A}", "", True),
        ("${file:/run/x.properties:key}", "", True),
        ("${env:A}/b", "/b", True),
        ("{{ .Values.a }}", "", True),
        ("$(A)", "", True),
        ("ENC(abc)", "", True),
        ("{cipher}abc", "", True),
        ("${A", "${A", True),
    ],
)
def test_a_placeholder_is_its_default_or_decided_elsewhere(written, value, is_open):
    resolved = resolve(written)

    assert (resolved.value, resolved.open) == (value, is_open)


@pytest.mark.parametrize(
    ("name", "written", "holds"),
    [
        ("basic.auth.user.info", "key:secret", True),
        ("basic.auth.user.info", "${KEY}:${SECRET}", False),
        ("basic.auth.user.info", "admin:${SECRET}", False),
        ("basic.auth.user.info", "${KEY}:secret", True),
        ("bearer.auth.token", "${TOKEN:abc}", True),
        ("bearer.auth.token", "", False),
        ("basic.auth.credentials.source", "USER_INFO", False),
        ("ssl.truststore.location", "/a/b", False),
        ("sasl.jaas.config", 'x.Login required username="u" password="p";', True),
        ("sasl.jaas.config", 'x.Login required username="u" password="${P}";', False),
        ("schema.registry.url", "https://u:p@host", True),
        ("schema.registry.url", "https://host:8081", False),
    ],
)
def test_a_secret_is_what_the_file_itself_holds(name, written, holds):
    assert holds_secret(name, written) is holds


@pytest.mark.parametrize(
    "name",
    ["spring.datasource.password", "ssl.key.password", "client.secret", "sasl.jaas.config", "user.info", "api.key"],
)
def test_names_of_secrets(name):
    assert is_secret(name)


FILES = {
    "a.properties": "basic.auth.user.info=key:hunter2\n#password=hunter2\nx.password = one\\\n   hunter2\n",
    "b.properties": 'sasl.jaas.config=a required username="u" password="hunter2";\nurl=https://u:hunter2@h/\n',
    "a.yml": "a:\n  password: hunter2 # note\n  token: |\n    hunter2\n    more hunter2\n",
    "b.yml": "a:\n  secrets: [hunter2, hunter2]\n",
    "a.json": '{"clientSecret": "hunter2", "a": {"userInfo": "a:hunter2"}, "b": 1}',
    "a.toml": 'password = """\nhunter2"""\n[x]\n"api-key" = \'hunter2\'\n',
    "broken.yml": "password: hunter2\n  a: b: c\n",
    "broken.json": '{"password": "hunter2"',
    "broken.toml": "password = 'hunter2'\nx = \n",
}


@pytest.mark.parametrize("name", FILES)
def test_a_listing_shows_no_secret_and_has_as_many_lines(name):
    listing = read(name, FILES[name].encode()).listing

    assert "hunter2" not in listing.text
    assert listing.text.count("\n") == FILES[name].count("\n")


def test_what_stands_behind_a_secret_keeps_its_column_and_the_last_hides_its_length():
    text = '{"password": "abc", "b": 1, "token": "abcdefghijkl"}\n'

    assert read("a.json", text.encode()).listing.text == '{"password": *****, "b": 1, "token": ********}\n'
