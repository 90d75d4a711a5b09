"""Pages for the tests of the browser: a small repository with everything on it, and a page of ten thousand subjects."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from tests.adapters.repos import Repo

from schemagate.adapters.assets import site_asset
from schemagate.app.atlas import AtlasRequest, atlas
from schemagate.app.request import CheckRequest
from schemagate.report.site.page import SCRIPTS, STYLES, Assets, page
from schemagate.report.site.values import Site, Subject

HOSTILE = "</script><img src=x onerror=window.hit=1>\u2028\u202e&quot;"
"""What a name or a text may hold that no schema's author meant well."""
TODAY = dt.date(2026, 12, 1)

ADDRESS = (
    '{"type": "record", "name": "Address", "namespace": "com.example", "fields": [{"name": "zip", "type": "string"}]}'
)


def order(*fields: object, doc: str = "") -> str:
    known = [{"name": "id", "type": "string"}, {"name": "to", "type": "com.example.Address"}, *fields]
    return json.dumps({"type": "record", "name": "Order", "namespace": "com.example", "doc": doc, "fields": known})


STATUS = {"name": "status", "type": {"type": "enum", "name": "Status", "symbols": ["NEW"]}}
AMOUNT = {"name": "amount", "type": ["null", "double"], "default": None}


def shop(folder: Path) -> Repo:
    """Orders with four versions and a breaking proposal, a type that they use, a deleted schema, a hostile one."""
    repo = Repo(folder)
    repo.write("address.avsc", ADDRESS).write("order.avsc", order(STATUS)).write(
        "gone.avsc", order().replace("Order", "Gone")
    )
    repo.write("CODEOWNERS", "order.avsc @orders\n").commit("Orders")
    repo.write("order.avsc", order(STATUS, AMOUNT)).delete("gone.avsc").commit(HOSTILE)
    repo.write("order.avsc", order(STATUS, {**AMOUNT, "name": "sum", "aliases": ["amount"]})).commit("A better name")
    repo.write("order.avsc", order(STATUS, doc="An order.")).commit("No amount")
    repo.write("hostile.avsc", json.dumps({"type": "record", "name": "H", "doc": HOSTILE, "fields": [], HOSTILE: 1}))
    repo.write("schemagate.toml", f'[[subjects]]\nmatch = "hostile.avsc"\nname = [{json.dumps(HOSTILE)}]\n').commit("H")
    repo.branch("work").write("order.avsc", order(doc="An order."))
    return repo


def html(site: Site) -> str:
    return page(site, Assets(site_asset(STYLES, "css"), site_asset(SCRIPTS, "js")))


def drawn(repo: Repo) -> str:
    """The page of a repository."""
    request = CheckRequest(directory=str(repo.path), today=TODAY, env={}, everything=True)
    return html(atlas(AtlasRequest(request)))


def many(number: int) -> str:
    """A page of so many subjects."""
    subjects = (
        Subject(f"com.example.team{n % 40}.Event{n}", f"team{n % 40}/event_{n}.avsc", "FULL") for n in range(number)
    )
    return html(Site("many", TODAY.isoformat(), tuple(subjects), git="main"))
