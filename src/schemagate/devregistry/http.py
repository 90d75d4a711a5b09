"""Between HTTP and the store: segments, media types, JSON, rights; everything that is not the registry's business."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import parse_qsl, unquote

from schemagate.devregistry.store import refusals
from schemagate.devregistry.store.routes import writes
from schemagate.devregistry.store.values import Refusal
from schemagate.devregistry.users import User, recognised
from schemagate.finding import Json

MEDIA: Final = (
    "application/vnd.schemaregistry.v1+json",
    "application/vnd.schemaregistry+json",
    "application/json",
)
"""What is answered; the first where a client does not care."""
TAKEN: Final = frozenset({*MEDIA, "application/octet-stream"})
WITH_BODY: Final = frozenset({"POST", "PUT"})
TOKEN: Final = re.compile(r"[A-Za-z_$][\w$]*")


def segments(raw_path: bytes) -> tuple[str, ...]:
    """The path's segments, each decoded on its own: a subject may have a slash in it."""
    path = raw_path.partition(b"?")[0].decode("ascii", "replace")
    return tuple(unquote(part) for part in path.split("/") if part)


def query_of(raw: bytes) -> dict[str, str]:
    """The first value of each parameter."""
    found: dict[str, str] = {}
    for key, value in parse_qsl(raw.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=100):
        found.setdefault(key, value)
    return found


def media_type(accept: str) -> str:
    """What to answer with. A Refusal (406) where the client takes none of it."""
    if not accept:
        return MEDIA[0]
    ranges = [part.split(";") for part in accept.lower().split(",")]
    wanted = {range_[0].strip(): _quality(range_[1:]) for range_ in ranges}
    best = max(MEDIA, key=lambda media: _rank(media, wanted))
    if _rank(best, wanted) <= 0:
        raise refusals.plain(406, "Not Acceptable")
    return best


def _quality(parameters: Iterable[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def _rank(media: str, wanted: Mapping[str, float]) -> float:
    return next((wanted[name] for name in (media, "application/*", "*/*") if name in wanted), 0.0)


def check_content(method: str, content_type: str) -> None:
    """A Refusal (415) for a body of a type that no client of a registry sends."""
    name = content_type.partition(";")[0].strip().lower()
    if method in WITH_BODY and name and name not in TAKEN:
        raise refusals.plain(415, "Unsupported Media Type")


def decoded(body: bytes) -> Json:
    """A body's JSON. A Refusal (422 for none, 400 for what is no JSON)."""
    if not body.strip():
        raise Refusal(422, 422, "The request has no body; expected a JSON object")
    try:
        return json.loads(body.decode(), parse_constant=_refused_constant)
    except (ValueError, RecursionError) as error:
        token = TOKEN.match(body.decode("utf-8", "replace").lstrip())
        if token is None or token[0] in ("true", "false", "null"):
            raise refusals.bad_request(f"The body is no JSON: {error}") from None
        kinds = "(JSON String, Number (or 'NaN'/'+INF'/'-INF'), Array, Object or token 'null', 'true' or 'false')"
        raise refusals.bad_request(f"Unrecognized token '{token[0]}': was expecting {kinds}") from None


def _refused_constant(name: str) -> Json:
    raise ValueError(f"{name} is no JSON value")


def check_rights(method: str, path: tuple[str, ...], authorization: str, users: tuple[User, ...]) -> None:
    """A Refusal (401) for nobody we know, (403) for a change by somebody who may only read."""
    if not users:
        return
    user = recognised(authorization, users)
    if user is None:
        raise Refusal(401, 401, "Unauthorized")
    if not user.writes and writes(method, path):
        what = f"Subject: {path[1]}" if path[:1] == ("subjects",) and len(path) > 1 else f"/{'/'.join(path)}"
        raise Refusal(403, 40301, f"User is denied operation Write on {what}")


def encoded(body: Json, *, raw: bool) -> bytes:
    """A body as bytes; in ASCII, so that whatever a schema holds can be sent."""
    return body.encode("utf-8", "replace") if raw else json.dumps(body, separators=(",", ":")).encode()
