"""The report as JUnit XML, as Jenkins and most other CI systems read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

import msgspec

from schemagate.finding import Compared, Finding, Report
from schemagate.report import words
from schemagate.report.escape import clean
from schemagate.report.layout import clip

SUITE: Final = "schemagate"
TEXT_LIMIT: Final = 10_000
NOT_JUDGED: Final = "run"
"""The class of what belongs to no subject and no file: questions that could not be answered."""

NONCHARACTERS: Final = {0xFFFE: "\\u{fffe}", 0xFFFF: "\\u{ffff}"}

LINTED: Final = ("validity", "lint")
JUDGED: Final = (*LINTED, "breaking", "change")
OTHER: Final = "other"


class _Case(msgspec.Struct):
    """One subject and rule group, with what was found there."""

    owner: str
    group: str
    findings: list[Finding] = msgspec.field(default_factory=list)


def render(report: Report) -> str:
    """One test case a subject and rule group; what fails the run is its one failure, the rest is its output.

    A subject that was looked at has cases also where nothing was found. A question that could not be answered is an
    error. Source: Jenkins' xUnit schema, ``junit-10.xsd``.
    """
    index = words.Index.of(report)
    suites: dict[str, list[str]] = {}
    failures: dict[str, int] = {}
    for case in _cases(report, index):
        failing = [one for one in case.findings if one.severity >= report.fail_on and not one.inherited]
        failures[case.owner] = failures.get(case.owner, 0) + bool(failing)
        suites.setdefault(case.owner, []).append(_case(case, failing, index))
    undecided = [_error(number, text) for number, text in enumerate(report.undecided, 1)]
    body = [_suite(owner, cases, failures[owner], 0) for owner, cases in suites.items()]
    body += [_suite(NOT_JUDGED, undecided, 0, len(undecided))] if undecided else []
    tests = sum(map(len, suites.values())) + len(undecided)
    head = _open("testsuites", name=SUITE, tests=tests, failures=sum(failures.values()), errors=len(undecided))
    return "\n".join(('<?xml version="1.0" encoding="UTF-8"?>', head, *body, "</testsuites>", ""))


def _cases(report: Report, index: words.Index) -> Iterable[_Case]:
    """In the order of the ledger, and then what it does not name; each group once."""
    cases: dict[tuple[str, str], _Case] = {}
    for line in report.compared:
        for group in LINTED if line.change == "linted" else JUDGED:
            cases.setdefault((_owner(line), group), _Case(_owner(line), group))
    owners = {line.path: _owner(line) for line in report.compared}
    for finding in words.ordered(report.findings):
        path = finding.location.path if finding.location else ""
        owner = finding.subject or owners.get(path) or path or NOT_JUDGED
        group = index.kind(finding) or OTHER
        cases.setdefault((owner, group), _Case(owner, group)).findings.append(finding)
    return cases.values()


def _owner(line: Compared) -> str:
    return line.subject or line.path


def _suite(owner: str, cases: list[str], failures: int, errors: int) -> str:
    head = _open("testsuite", name=owner, tests=len(cases), failures=failures, errors=errors, skipped=0)
    return "\n".join((f"  {head}", *cases, "  </testsuite>"))


def _case(case: _Case, failing: list[Finding], index: words.Index) -> str:
    told = [finding for finding in case.findings if finding not in failing]
    body = []
    if failing:
        more = f" and {len(failing) - 1} more" if len(failing) > 1 else ""
        text = "\n\n".join("\n".join(_rows(finding, index)) for finding in failing)
        head = _open("failure", type=failing[0].rule, message=_cut(f"{failing[0].message}{more}"))
        body.append(f"      {head}{_text(text)}</failure>")
    if told:
        text = "\n\n".join("\n".join(_rows(finding, index)) for finding in told)
        body.append(f"      <system-out>{_text(text)}</system-out>")
    head = _open("testcase", time="0", classname=case.owner, name=case.group)
    return "\n".join((f"    {head}", *body, "    </testcase>"))


def _error(number: int, question: str) -> str:
    head = _open("testcase", time="0", classname=NOT_JUDGED, name=f"undecided {number}")
    first = _cut(question.partition("\n")[0])
    return (
        f"    {head}\n      {_open('error', type='undecided', message=first)}{_text(question)}</error>\n    </testcase>"
    )


def _rows(finding: Finding, index: words.Index) -> Iterator[str]:
    at = finding.location
    place = f"{at.path}:{at.line}:{at.column}: " if at else ""
    inherited = "inherited " if finding.inherited else ""
    yield f"{place}{inherited}{finding.severity.label}[{finding.rule}]: {finding.message}"
    yield from (f"  {row}" for row in index.evidence(finding))
    yield from (f"  help: {line}" for line in finding.help.splitlines())


def _open(tag: str, **attributes: str | int) -> str:
    told = "".join(f" {name}={quoteattr(_legal(str(value)))}" for name, value in attributes.items())
    return f"<{tag}{told}>"


def _legal(line: str) -> str:
    """One line without what XML 1.0 forbids: what :func:`clean` shows, and the two noncharacters that it leaves."""
    return clean(line).translate(NONCHARACTERS)


def _cut(text: str) -> str:
    return clip(text, 500)


def _text(text: str) -> str:
    """Lines of their own, each without what XML 1.0 forbids or a terminal acts on."""
    return escape("\n".join(_legal(line) for line in clip(text, TEXT_LIMIT).split("\n")))
