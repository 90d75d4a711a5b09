"""A plan and a receipt as they are read: on a terminal, and by programs."""

from __future__ import annotations

import json

from schemagate.finding import Compared, Finding, Report, Severity
from schemagate.plan.outlook import Outlook, Receipt
from schemagate.plan.values import Action, Entry, Pin, Plan, Stop, Use, Wanted
from schemagate.report import plan as plan_text, receipt as receipt_text
from schemagate.report.plan_json import dump_plan, dump_receipt

URL = "https://registry.example.com"
COMMIT = "4f2c1aa0" * 5
ADDRESS = Wanted("address.avsc", "{}", "{}", fingerprint="a1")
USER = Wanted("user_v2.avsc", "{}", "{}", label="v2", fingerprint="b2")
SET = Action("set mode", "com.acme.Address", "the global BACKWARD would hold otherwise", level="FULL_TRANSITIVE")
CREATE = Action("create", "com.acme.Address", "the registry has no such subject yet", "address.avsc", ADDRESS, 1)
USE = Use("com.acme.Address", "com.acme.Address")
AGAIN = Action(
    "re-register", "orders-value", "com.acme.Address moved", "order.avsc", ADDRESS, 4, pins=(Pin(USE, None),)
)
NEW = Action("new version", "users-value", "no version has it", "user_v2.avsc", USER, 2, notes=("all agree",))
THERE = Action("already there", "pay", "this content is version 1", "pay.avsc", ADDRESS, 1, 7, "g-7")
BLOCKED = Action("blocked", "users-value", "it is read-only", "user_v2.avsc", USER, help="ask the owner")


def outlook(*actions: Action, **options: object) -> Outlook:
    return Outlook("prod", URL, COMMIT, "main", plan=Plan(actions), **options)


def told(value: Outlook | Receipt, **options: object) -> list[str]:
    renderer = plan_text if isinstance(value, Outlook) else receipt_text
    return renderer.render(value, **{"colour": False, "width": 100, **options}).splitlines()


def test_a_plan_is_a_list_in_the_order_of_the_writes():
    assert told(outlook(SET, CREATE, AGAIN, NEW, THERE)) == [
        "plan: 4f2c1aa of main, registry prod (https://registry.example.com)",
        "",
        "  set mode       com.acme.Address  FULL_TRANSITIVE",
        "                 the global BACKWARD would hold otherwise",
        "  create         com.acme.Address  version 1 (address.avsc)",
        "                 the registry has no such subject yet",
        "  re-register    orders-value      version 4 (order.avsc) with the new com.acme.Address",
        "                 com.acme.Address moved",
        "  new version    users-value       v2 → version 2 (user_v2.avsc)",
        "                 no version has it",
        "                 all agree",
        "  already there  pay               this content is version 1",
        "",
        "to do: 1 new subject, 1 new version, 1 re-registered and 1 mode to set; 1 already there",
        "`schemagate register` does it",
    ]


def test_what_is_blocked_says_what_to_do_and_that_nothing_is_written():
    assert told(outlook(CREATE, BLOCKED))[4:] == [
        "  blocked        users-value       v2 (user_v2.avsc)",
        "                 it is read-only",
        "                 help: ask the owner",
        "",
        "blocked: 1 of 2 subjects; as long as one is, `register` writes nothing",
    ]


def test_many_subjects_with_nothing_to_do_are_one_line_unless_more_is_asked_for():
    idle = [Action("already there", f"s{n}", "", version=1, id=n) for n in range(40)]

    assert told(outlook(*idle))[2:] == [
        "  already there  40 subjects; --verbose lists them",
        "",
        "nothing to do: the registry has all 40 subjects as the repository has them",
    ]
    assert len(told(outlook(*idle), verbose=True)) == 44


def test_a_superseded_run_says_who_does_it():
    assert told(outlook(superseded="main is at 99aabbc, and this run is for 4f2c1aa"))[2:] == [
        "superseded: main is at 99aabbc, and this run is for 4f2c1aa. Nothing is written: the run for the",
        "            newer commit registers it all",
    ]


def test_a_plan_of_what_the_gate_fails_counts_the_findings():
    finding = Finding("field-renamed", Severity.ERROR, "renamed", subject="users-value")
    report = Report((finding,), compared=(Compared("users-value", "user.avsc", "FULL", "changed"),))

    assert told(outlook(BLOCKED, report=report))[-2:] == [
        "failed: 1 error; 1 subject judged FULL without any published version; as long as judging fails,",
        "        `register` writes nothing",
    ]


def test_names_from_a_registry_cannot_move_the_cursor():
    evil = Action("already there", "a\x1b[2Jb", "why\r\n::error::x", version=1, id=1)

    assert "\x1b" not in "".join(told(outlook(evil)))
    assert not any(line.startswith("::") for line in told(outlook(evil)))


def test_plain_terminals_get_plain_arrows():
    assert "v2 -> version 2" in "\n".join(told(outlook(NEW), ascii=True))


DONE = (
    Entry("com.acme.Address", "set", level="FULL_TRANSITIVE"),
    Entry("com.acme.Address", "created", 1, 5, "g-5", "a1", "address.avsc"),
    Entry("users-value", "existing", 2, 6, "", "b2", "user_v2.avsc", "v2"),
)


def test_a_receipt_tells_what_became_of_each_write():
    assert told(Receipt(outlook(SET, CREATE, NEW, THERE), DONE)) == [
        "register: 4f2c1aa of main, registry prod (https://registry.example.com)",
        "",
        "  set       com.acme.Address  mode FULL_TRANSITIVE",
        "  created   com.acme.Address  version 1, id 5 (address.avsc)",
        "  existing  users-value       v2 as version 2, id 6 (user_v2.avsc)",
        "",
        "registered: 1 version created, 1 mode set and 2 already there; every version was looked up and says",
        "            what was sent",
    ]


def test_a_run_that_stopped_says_what_is_done_and_what_is_not():
    stop = Stop("com.acme.Address", "the registry did not answer", "run it again", unknown=True)

    assert told(Receipt(outlook(SET, CREATE, NEW), DONE[:1], stop))[2:] == [
        "  set       com.acme.Address  mode FULL_TRANSITIVE",
        "  unknown   com.acme.Address  its next version (address.avsc)",
        "  not done  users-value       v2 (user_v2.avsc)",
        "",
        "stopped: com.acme.Address: the registry did not answer",
        "  help: run it again",
        "  1 write done, 2 not; nothing has to be undone",
    ]


def test_a_version_that_was_not_judged_is_no_success():
    late = Entry("com.acme.Address", "created", 3, 5, remark="somebody came in between", judged=False)
    receipt = Receipt(outlook(CREATE), (late,))

    assert receipt.exit_code == 3
    *_, note, _, last = told(receipt, width=120)
    assert note == "            note: somebody came in between"
    assert last == (
        "undecided: 1 version created; every version was looked up and says what was sent. "
        "See the note on com.acme.Address"
    )


def test_a_plan_for_programs():
    value = json.loads(dump_plan(outlook(AGAIN, THERE)))

    assert value["schemagate"]["plan"] == 1
    assert (value["state"], value["commit"], value["branch"]) == ("changes", COMMIT, "main")
    assert value["registry"] == {"name": "prod", "url": URL}
    assert value["actions"][0] == {
        "action": "re-register",
        "subject": "orders-value",
        "path": "order.avsc",
        "label": "",
        "version": 4,
        "id": None,
        "mode": "",
        "references": [{"name": "com.acme.Address", "subject": "com.acme.Address", "version": None}],
        "fingerprint": "a1",
        "why": "com.acme.Address moved",
        "notes": [],
        "help": "",
    }
    assert value["actions"][1]["action"] == "already-there"


def test_a_receipt_for_programs_has_everything_that_is_registered_now_and_what_is_not():
    stop = Stop("users-value", "refused", "ask")
    value = json.loads(dump_receipt(Receipt(outlook(SET, CREATE, THERE, NEW), DONE[:2], stop)))

    assert value["outcome"] == "stopped"
    assert value["stopped"] == {"subject": "users-value", "reason": "refused", "help": "ask"}
    assert [(e["subject"], e["action"], e["result"], e["version"], e["id"]) for e in value["entries"]] == [
        ("com.acme.Address", "set-mode", "set", None, None),
        ("com.acme.Address", "create", "created", 1, 5),
        ("pay", "already-there", "existing", 1, 7),
        ("users-value", "new-version", "failed", None, None),
    ]
    assert value["entries"][1] == {
        "subject": "com.acme.Address",
        "action": "create",
        "result": "created",
        "version": 1,
        "id": 5,
        "guid": "g-5",
        "fingerprint": "a1",
        "commit": COMMIT,
        "path": "address.avsc",
        "label": "",
        "mode": "",
        "remark": "",
    }
