"""python-schema-registry-client, which registers whatever it does not find: tasks and results as in ``serde.py``."""

from __future__ import annotations

import json
import sys

from schema_registry.client import SchemaRegistryClient, schema
from schema_registry.client.errors import ClientError
from schema_registry.serializers import AvroMessageSerializer


def main() -> None:
    task = json.load(sys.stdin)
    conf = {"url": task["url"]}
    if task.get("user"):
        conf |= {
            "basic.auth.credentials.source": "USER_INFO",
            "basic.auth.user.info": f"{task['user']}:{task['password']}",
        }
    serializer = AvroMessageSerializer(SchemaRegistryClient(conf))
    try:
        if task["do"] == "write":
            avro = schema.AvroSchema(task["schema"])
            frame = serializer.encode_record_with_schema(f"{task['topic']}-value", avro, task["value"])
            result = {"frame": frame.hex()}
        else:
            result = {"value": serializer.decode_message(bytes.fromhex(task["frame"]))}
    except ClientError as error:
        result = {"error": "ClientError", "status": error.http_code}
    except Exception as error:  # noqa: BLE001 - what it raises is what the test is about
        result = {"error": type(error).__name__, "message": str(error)}
    json.dump(result, sys.stdout)


main()
