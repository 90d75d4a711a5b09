"""confluent-kafka's Avro serializers, run as a program: one task as JSON on standard input, its result on the output.

``do`` is ``write`` (``topic``, ``schema``, ``value``) or ``read`` (``topic``, ``frame``, maybe ``reader``); automatic
registration is off. ``how`` is ``lookup``, ``latest`` or ``associated``, the client's own default naming of subjects.
"""

from __future__ import annotations

import json
import sys

from confluent_kafka.schema_registry import Schema, SchemaReference, SchemaRegistryClient, topic_subject_name_strategy
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.serialization import MessageField, SerializationContext


def main() -> None:
    task = json.load(sys.stdin)
    try:
        result = {"write": write, "read": read}[task["do"]](task, client(task))
    except SchemaRegistryError as error:
        result = {"error": "SchemaRegistryError", "status": error.http_status_code, "code": error.error_code}
    except Exception as error:  # noqa: BLE001 - what it raises is what the test is about
        result = {"error": type(error).__name__, "message": str(error)}
    json.dump(result, sys.stdout)


def client(task: dict) -> SchemaRegistryClient:
    conf = {"url": task["url"]}
    if task.get("user"):
        conf["basic.auth.user.info"] = f"{task['user']}:{task['password']}"
    return SchemaRegistryClient(conf)


def naming(task: dict) -> dict:
    return {} if task.get("how") == "associated" else {"subject.name.strategy": topic_subject_name_strategy}


def write(task: dict, registry: SchemaRegistryClient) -> dict:
    references = [
        SchemaReference(each["name"], each["subject"], each["version"]) for each in task.get("references", [])
    ]
    conf = {"auto.register.schemas": False, "use.latest.version": task.get("how") == "latest", **naming(task)}
    serializer = AvroSerializer(registry, Schema(task["schema"], "AVRO", references), conf=conf)
    return {"frame": serializer(task["value"], context(task)).hex()}


def read(task: dict, registry: SchemaRegistryClient) -> dict:
    reader = task.get("reader")
    deserializer = AvroDeserializer(registry, reader, conf=naming(task))
    return {"value": deserializer(bytes.fromhex(task["frame"]), context(task))}


def context(task: dict) -> SerializationContext:
    return SerializationContext(task["topic"], MessageField.VALUE)


main()
