"""One report with everything in it that a renderer must get right."""

from __future__ import annotations

from schemagate.finding import (
    Against,
    Compared,
    Direction,
    Finding,
    Fix,
    Provenance,
    Reading,
    Region,
    Related,
    Replacement,
    Report,
    RuleInfo,
    Severity,
    Suppressed,
    VersionId,
    Witness,
)

USERS = "schemas/avro/user_created.avsc"
ORDERS = "schemas/avro/order_placed.avsc"
ADDRESS = "schemas/avro/common/address.avsc"
HOSTILE = "schemas/::error file=x::\x1b[2J\u202egpj.avsc"

EXCERPTS = {
    USERS: {
        6: '    {"name": "timestamp", "type": "long"},',
        9: '    {"name": "uuid", "type": "string"},',
        12: '\t{"name": "größe_名前", "type": "string", "doc": "👋🏽 e\u0301"},',
    },
    ORDERS: {
        3: '  "fields": [ {',
        104: '{"type":"record","name":"Line","fields":['
        + ",".join(f'{{"name":"field_{n}","type":"string"}}' for n in range(30))
        + "]}",
    },
    ADDRESS: {4: '    {"name": "zip", "type": "int"},'},
    HOSTILE: {1: '{"doc": "##[error]pwned \x1b]0;title\x07 \u2067rtl", "name": "x"}'},
}


def version(number: int, *more: str) -> VersionId:
    labels = [f"main@{number:02d}f2c1a", *more]
    return VersionId(f"v{number}", tuple(Provenance("git" if "@" in label else "registry", label) for label in labels))


def both(versions: list[VersionId], backward: str, forward: str) -> tuple[Against, ...]:
    return tuple(
        Against(one, direction, reason)
        for one in versions
        for direction, reason in ((Direction.BACKWARD, backward), (Direction.FORWARD, forward))
    )


RENAMED = Finding(
    rule="field-renamed",
    severity=Severity.ERROR,
    message="`user_id` became `uuid`: nobody on the other side can read it",
    subject="user-created-value",
    path="$.uuid",
    args={"old": "user_id", "new": "uuid"},
    location=Region(USERS, 9, 5, 9, 39),
    against=both(
        [version(1, "registry 1")],
        "the reader's field `uuid` is not in it and has no default",
        "they need `user_id`, which is no longer written and has no default",
    ),
    help=(
        "keep `user_id` as it is and add the new field beside it, nullable, without an alias:\n"
        '{"name": "uuid", "type": ["null", "string"], "default": null}\n'
        "`user_id` stays as long as a version that requires it is governed; see `schemagate migrate`"
    ),
    fingerprint="3f9c1a22b7d0",
    witness=Witness(
        {"event_id": "", "timestamp": 0, "user_id": "", "email": "", "referral_code": None},
        "v1",
        (Reading("this schema", "fastavro 1.13.1", error="no default value for field uuid"),),
        direction=Direction.BACKWARD,
    ),
    fix=Fix(
        "keep `user_id` as it is and add the new field beside it, nullable, without an alias",
        safe=False,
        path=USERS,
        replacements=(
            Replacement(Region(USERS, 9, 5, 9, 5), '{"name": "user_id", "type": "string"},\n    '),
            Replacement(Region(USERS, 9, 30, 9, 38), '["null", "string"], "default": null'),
        ),
    ),
)

SCALE = Finding(
    rule="decimal-scale-changed",
    severity=Severity.ERROR,
    message="decimal scale changed from 2 to 4",
    subject="order-placed-value",
    path="$.lines[].field_17",
    args={"old": 2, "new": 4},
    location=Region(ORDERS, 104, 632, 104, 667),
    against=both(
        [version(n) for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 14)],
        "123.45 is read as 1.2345",
        "1.2345 is read as 123.45",
    ),
    help="add a field with the new scale and retire the old one",
    fingerprint="77aa01c2d3e4",
    witness=Witness(
        {"lines": [{f"field_{n}": 123.45 if n == 17 else "" for n in range(30)}], "customer": None},
        "v14",
        (
            Reading("this schema", "fastavro 1.13.1", value=123.45),
            Reading("this schema", "Avro Java", ran=False, value=1.2345, how="takes the reader's scale"),
        ),
        "$.lines[].field_17",
        123.45,
        Direction.BACKWARD,
    ),
)

SHARED = Finding(
    rule="field-type-changed",
    severity=Severity.ERROR,
    message="`zip` changed from string to int",
    subject="order-placed-value",
    path="$.customer.shipping_addresses[].zip",
    location=Region(ADDRESS, 4, 5, 4, 33),
    related=(Related("order_placed uses the type here", Region(ORDERS, 3, 3, 7, 4)),),
    against=tuple(Against(version(n), Direction.BACKWARD, "a string is not an int") for n in (1, 2)),
    fingerprint="0badcafe0001",
)

HOSTILE_NAME = Finding(
    rule="bad-name",
    severity=Severity.ERROR,
    message='"x\n::error::pwned\x1b[31m" is not a name: expected letters, digits and _, e.g. ##[group]x',
    path="$",
    args={"name": "x\n::error::pwned\x1b[31m##[group]"},
    location=Region(HOSTILE, 1, 9, 1, 49),
    fingerprint="0badcafe0002",
)

WIDE = Finding(
    rule="name-not-ascii",
    severity=Severity.WARNING,
    message="`größe_名前` is not a name by the Avro specification; Java accepts it, most other libraries do not",
    subject="user-created-value",
    path="$.größe_名前",
    location=Region(USERS, 12, 11, 12, 21),
    fingerprint="0badcafe0003",
)

NOTICE = Finding(
    rule="timestamp-without-logical-type",
    severity=Severity.NOTICE,
    message="`timestamp` is a plain long: is it seconds, milliseconds or microseconds?",
    subject="user-created-value",
    path="$.timestamp",
    location=Region(USERS, 6, 5, 6, 42),
    fingerprint="0badcafe0004",
)

GONE = Finding(
    rule="published-schema-deleted",
    severity=Severity.ERROR,
    message="schemas/avro/invoice.avsc was published as v3 and is gone",
    subject="invoice-value",
    against=(Against(version(3), Direction.FORWARD),),
    fingerprint="0badcafe0006",
)

INHERITED = Finding(
    rule="enum-symbol-removed",
    severity=Severity.NOTICE,
    message="the symbol `GUEST` was removed",
    subject="user-created-value",
    path="$.kind",
    location=Region(USERS, 9, 5, 9, 39),
    against=(Against(version(1), Direction.BACKWARD, "`GUEST` is unknown and the enum has no default"),),
    fingerprint="0badcafe0005",
    inherited=True,
)

RULES = tuple(
    RuleInfo(id, summary, severity, f"{summary}\n\nWhy, and what to do.", kind)
    for id, summary, severity, kind in (
        ("field-renamed", "A renamed field is two changes.", Severity.ERROR, "breaking"),
        ("field-type-changed", "A changed type cannot be read.", Severity.ERROR, "breaking"),
        ("enum-symbol-removed", "A removed symbol is unknown.", Severity.ERROR, "breaking"),
        ("decimal-scale-changed", "A changed scale rescales every value.", Severity.ERROR, "change"),
        ("bad-name", "Avro refuses the name.", Severity.ERROR, "validity"),
        ("name-not-ascii", "Most libraries refuse the name.", Severity.WARNING, "validity"),
        ("timestamp-without-logical-type", "A long has no unit.", Severity.NOTICE, "lint"),
        ("published-schema-deleted", "Consumers still read it.", Severity.ERROR, "history"),
    )
)

RICH = Report(
    findings=(NOTICE, SCALE, INHERITED, HOSTILE_NAME, RENAMED, WIDE, GONE, SHARED),
    suppressed=(Suppressed(NOTICE, "waiver", "the topic was drained on 2026-11-01", "payments", "2026-12-31"),),
    rules=RULES,
    compared=(
        Compared("user-created-value", USERS, "FULL_TRANSITIVE", "changed", (version(1, "registry 1"),)),
        Compared(
            "order-placed-value",
            ORDERS,
            "FULL_TRANSITIVE",
            "changed",
            tuple(version(n) for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 14)),
        ),
        Compared("invoice-value", "schemas/avro/invoice.avsc", "FULL_TRANSITIVE", "deleted", (version(3),)),
        Compared("refund-value", "schemas/avro/refund.avsc", "FULL_TRANSITIVE", "new"),
    ),
    undecided=(
        """the history of main is cut off at 4f2c1aa by a shallow clone, so older versions were not judged
run: git fetch --unshallow origin main""",
    ),
    notes=("compared with main@4f2c1aa, the merge base that GitHub names for this pull request",),
    excerpts=EXCERPTS,
    version="0.1.0",
)

CLEAN = Report(rules=RULES, compared=RICH.compared[:2], notes=RICH.notes, version="0.1.0")


def waiver(finding: Finding) -> str:
    return (
        f'[[waivers]]\nfingerprint = "{finding.fingerprint}"\nrule = "{finding.rule}"\n'
        'reason = ""\nowner = ""\nexpires = 2026-12-31\n'
    )
