"""A producer and a consumer on a real broker: one list of steps as JSON on standard input, their results on the output.

A step is ``{"do": "produce", "schema", "values"}`` or ``{"do": "consume", "reader", "count"}``; a consumer is a new
group that reads the topic from its beginning with its own schema. What a consumer raises is its result, by name.
"""

from __future__ import annotations

import json
import sys
import time
import uuid

from confluent_kafka import Consumer, Producer
from confluent_kafka.schema_registry import SchemaRegistryClient, topic_subject_name_strategy
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

NAMING = {"subject.name.strategy": topic_subject_name_strategy}
PATIENCE = 60.0


def main() -> None:
    task = json.load(sys.stdin)
    results = [{"produce": produce, "consume": consume}[step["do"]](task, step) for step in task["steps"]]
    json.dump(results, sys.stdout)


def context(task: dict) -> SerializationContext:
    return SerializationContext(task["topic"], MessageField.VALUE)


def produce(task: dict, step: dict) -> dict:
    """Sends every value with the id of its registered schema; an unregistered one is an error."""
    registry = SchemaRegistryClient({"url": task["url"]})
    serializer = AvroSerializer(registry, step["schema"], conf={"auto.register.schemas": False, **NAMING})
    producer = Producer({"bootstrap.servers": task["broker"]})
    for value in step["values"]:
        producer.produce(task["topic"], value=serializer(value, context(task)))
    return {"unsent": producer.flush(PATIENCE)}


def consume(task: dict, step: dict) -> dict:
    deserializer = AvroDeserializer(SchemaRegistryClient({"url": task["url"]}), step["reader"], conf=NAMING)
    consumer = Consumer(
        {"bootstrap.servers": task["broker"], "group.id": str(uuid.uuid4()), "auto.offset.reset": "earliest"}
    )
    consumer.subscribe([task["topic"]])
    values, end = [], time.monotonic() + PATIENCE
    try:
        while len(values) < step["count"] and time.monotonic() < end:
            message = consumer.poll(0.5)
            if message is not None and message.error() is None:
                values.append(deserializer(message.value(), context(task)))
    except Exception as error:  # noqa: BLE001 - the crash that a team would see
        return {"values": values, "error": type(error).__name__, "message": str(error), "offset": message.offset()}
    finally:
        consumer.close()
    return {"values": values}


main()
