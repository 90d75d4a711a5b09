"""What pages show of the tool's own output: run on a small repository, and put between the marks of the page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import changes
import shop

PAGES: Final = ("docs/compatibility.md", "docs/breaking-change.md", "docs/references.md")
COLUMNS: Final = "82"

BLOCK: Final = re.compile(r"(<!-- shown: ([\w-]+) -->\n).*?(\n?<!-- end -->)", re.DOTALL)

ORDER: Final = "schemas/order.avsc"
ADDRESS: Final = "schemas/address.avsc"
DECIMAL: Final = {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}


def pages(home: Path, texts: dict[str, str]) -> dict[str, str]:
    """The pages with every block between marks fresh. Raises SurpriseError for a mark that nothing fills."""
    blocks = {"changes": changes.table(), **price(home), **references(home)}
    used = {name for text in texts.values() for _, name, _ in BLOCK.findall(text)}
    if used != blocks.keys():
        raise shop.SurpriseError(f"blocks and marks differ: {sorted(used ^ blocks.keys())}")
    return {
        path: BLOCK.sub(lambda match: f"{match[1]}\n{blocks[match[2]].strip()}\n\n{match[3].strip()}", text)
        for path, text in texts.items()
    }


def price(home: Path) -> dict[str, str]:
    """A double that should have been a decimal: what stops it, and the way through."""
    before = record("Order", {"name": "id", "type": "string"}, {"name": "total", "type": "double"})
    after = record("Order", {"name": "id", "type": "string"}, {"name": "total", "type": DECIMAL})
    repository = published(home / "price", {ORDER: before})
    repository.write(ORDER, after)
    return {
        "price-check": console(repository, 1, "check"),
        "price-migrate": console(repository, 0, "migrate", f"main:{ORDER}", ORDER),
    }


def references(home: Path) -> dict[str, str]:
    """A shared type that breaks two schemas, neither of which was edited."""
    fields = {"name": "street", "type": "string"}, {"name": "zip", "type": "string"}
    to = "com.example.shop.Address"
    files = {
        ADDRESS: record("Address", *fields),
        ORDER: record("Order", {"name": "id", "type": "string"}, {"name": "ship_to", "type": to}),
        "schemas/customer.avsc": record("Customer", {"name": "id", "type": "string"}, {"name": "home", "type": to}),
    }
    repository = published(home / "references", files)
    repository.write(ADDRESS, record("Address", *fields, {"name": "country", "type": "string"}))
    return {"references-check": console(repository, 1, "check")}


def record(name: str, *fields: Mapping[str, object]) -> str:
    """A schema as a person would lay it out: a field a line."""
    lines = ",\n".join(f"    {json.dumps(field)}" for field in fields)
    return (
        f'{{\n  "type": "record",\n  "name": "{name}",\n  "namespace": "com.example.shop",\n'
        f'  "fields": [\n{lines}\n  ]\n}}\n'
    )


def published(home: Path, files: dict[str, str]) -> shop.Repository:
    home.mkdir()
    repository = shop.Repository(home)
    for path, text in files.items():
        repository.write(path, text)
    repository.commit("Publish")
    repository.git("switch", "--quiet", "--create", "change")
    return repository


def console(repository: shop.Repository, expected: int, *arguments: str) -> str:
    """A command and what it says, as a block of a page."""
    ran = repository.schemagate(*arguments, COLUMNS=COLUMNS, NO_COLOR="1", TERM="dumb")
    if ran.returncode != expected:
        raise shop.SurpriseError(f"`schemagate {' '.join(arguments)}` ended with exit {ran.returncode}")
    said = "\n".join(line.rstrip() for line in ran.stdout.strip("\n").splitlines())
    return f"```text\n$ schemagate {' '.join(arguments)}\n{said}\n```"
