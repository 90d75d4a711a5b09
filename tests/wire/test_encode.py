"""The bodies that are sent."""

from __future__ import annotations

import json

from schemagate.wire import decode
from schemagate.wire.encode import level_body, payload_body
from schemagate.wire.values import Payload, Reference

TEXT = '"string"'
WHOLE = Payload(
    TEXT,
    (Reference("com.acme.Address", "address", 3),),
    "JSON",
    {"properties": {"owner": "a"}},
    {"domainRules": []},
)


def test_of_an_avro_schema_on_its_own_only_the_text_is_sent():
    assert json.loads(payload_body(Payload(TEXT))) == {"schema": TEXT}


def test_everything_else_is_sent_where_there_is_some():
    assert json.loads(payload_body(WHOLE)) == {
        "schema": TEXT,
        "schemaType": "JSON",
        "references": [{"name": "com.acme.Address", "subject": "address", "version": 3}],
        "metadata": {"properties": {"owner": "a"}},
        "ruleSet": {"domainRules": []},
    }


def test_what_is_sent_reads_back():
    assert decode.payload(decode.document(payload_body(WHOLE))) == WHOLE


def test_a_level_leaves_the_rest_of_the_configuration():
    assert json.loads(level_body("FULL")) == {"compatibility": "FULL"}
