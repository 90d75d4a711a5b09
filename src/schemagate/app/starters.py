"""The texts of what ``init`` writes: configuration, GitHub's workflow, hook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from schemagate._version import __version__
from schemagate.suppress.write import quoted

SCHEMA_FILE: Final = "schemagate.schema.json"
CHECKOUT: Final = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"
SETUP_PYTHON: Final = "actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0"
TOOL: Final = f"schemagate=={__version__}"
PYTHON: Final = "3.14"

CREDENTIALS: Final = {
    "none": (),
    "basic": ("USERNAME", "PASSWORD"),
    "bearer": ("TOKEN",),
    "oauth": ("CLIENT_SECRET",),
    "mtls": (),
}
"""How a registry is signed in to → the parts of ``SCHEMAGATE_REGISTRY_<NAME>_<PART>`` that the pipeline has to set."""


class Facts(msgspec.Struct, frozen=True):
    """What was seen in the repository, as far as the texts depend on it."""

    paths: tuple[str, ...] = ()
    branch: str = "main"
    registry: str = ""
    """Its table's name; empty for none."""
    url: str = ""
    auth: str = "none"
    naming: str = ""
    """A name template that the registry's subjects show; empty if none is known."""
    shown: str = ""
    """On what the naming rests, in words."""
    action: str = ""
    """``OWNER/REPO@SHA`` of schemagate's own action, used instead of the package."""

    @property
    def variables(self) -> tuple[str, ...]:
        name = self.registry.upper().replace("-", "_")
        return tuple(f"SCHEMAGATE_REGISTRY_{name}_{part}" for part in CREDENTIALS[self.auth]) if self.registry else ()


def config(facts: Facts) -> str:
    """``schemagate.toml``."""
    rows = [f"#:schema ./{SCHEMA_FILE}"]
    rows += [f"paths = [{', '.join(map(quoted, facts.paths))}]"] if facts.paths else []
    rows += ['mode = "FULL_TRANSITIVE" # any consumer on any version reads any data', ""]
    if facts.naming:
        rows += [f"# {facts.shown}", "[[subjects]]", 'match = "*.avsc"', f"name = {quoted(facts.naming)}"]
    else:
        rows += ["# `check` needs no names; `plan` and `register` do:", "# [[subjects]]"]
        rows += ['# match = "*.avsc"', '# name = "{fullname}"']
    if facts.url:
        rows += ["", f"[registry.{facts.registry}]", f"url = {quoted(facts.url)}"]
        rows += [f"auth = {quoted(facts.auth)} # {' and '.join(facts.variables)}"] if facts.auth != "none" else []
    return "\n".join(rows) + "\n"


def pre_commit() -> str:
    """``.pre-commit-config.yaml``. The package itself, so that no other repository has to be trusted."""
    return "\n".join(["repos:", *hook()]) + "\n"


def hook() -> Sequence[str]:
    """The entry alone, for a file that is there already. It always runs: a deletion names no file."""
    return (
        "  - repo: local",
        "    hooks:",
        "      - id: schemagate",
        "        name: schemagate check",
        "        entry: schemagate check --offline",
        "        language: python",
        f'        additional_dependencies: ["{TOOL}"]',
        "        always_run: true",
        "        pass_filenames: false",
    )


def github(facts: Facts) -> str:
    """``.github/workflows/schemas.yml``."""
    push = f"  push:\n    branches: [{facts.branch}]\n" if facts.registry else ""
    head = f"""\
name: schemas

on:
  pull_request:
  merge_group:
{push}
permissions: {{}}

jobs:
"""
    jobs = [_github_check(facts)]
    if facts.registry:
        jobs.append(_github_register(facts))
    return head + "\n".join(jobs)


def _github_check(facts: Facts) -> str:
    if facts.action:
        comment = "\n      pull-requests: write # the comment"
        step = _github_action(facts, "check")
    else:
        comment = ""
        line = 'pipx run "$TOOL" check --format github --output "markdown=$GITHUB_STEP_SUMMARY"'
        offline = ' ${OFFLINE:+"$OFFLINE"}' if facts.registry else ""
        step = f"      - name: check\n        env:\n          TOOL: {TOOL}\n{_github_env(facts, fork=True)}"
        step += f"        run: {line}{offline}\n"
    condition = "    if: github.event_name != 'push'\n" if facts.registry else ""
    return f"""\
  check:
    name: check
{condition}    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read{comment}
    concurrency:
      group: schemas-check-${{{{ github.ref }}}}
      cancel-in-progress: true
    steps:
{_github_setup()}{step}"""


def _github_register(facts: Facts) -> str:
    if facts.action:
        step = _github_action(facts, "register")
    else:
        step = f"      - name: register\n        env:\n          TOOL: {TOOL}\n{_github_env(facts, fork=False)}"
        step += '        run: pipx run "$TOOL" register --receipt receipt.json\n'
    return f"""\
  register:
    name: register
    if: github.event_name == 'push'
    runs-on: ubuntu-latest
    timeout-minutes: 30
    environment: schema-registry # its secrets may write
    permissions:
      contents: read
    concurrency:
      group: schemagate-register
      cancel-in-progress: false
      queue: max
    steps:
{_github_setup()}{step}"""


def _github_setup() -> str:
    return f"""\
      - uses: {CHECKOUT}
        with:
          fetch-depth: 0 # every published version is judged
          persist-credentials: false
      - uses: {SETUP_PYTHON}
        with:
          python-version: "{PYTHON}"
"""


def _github_env(facts: Facts, *, fork: bool) -> str:
    rows = [f"          {name}: ${{{{ secrets.{name} }}}}" for name in facts.variables]
    if fork and facts.registry:
        rows.append("          # A fork's pull request gets no secrets.")
        rows.append("          OFFLINE: ${{ github.event.pull_request.head.repo.fork && '--offline' || '' }}")
    return "".join(f"{row}\n" for row in rows)


def _github_action(facts: Facts, command: str) -> str:
    rows = [
        f"      - name: {command}",
        f"        uses: {facts.action}",
        "        with:",
        f"          command: {command}",
    ]
    rows += [f"          registry: {facts.registry}"] if facts.registry else []
    for name in facts.variables:
        part = name.removeprefix(f"SCHEMAGATE_REGISTRY_{facts.registry.upper().replace('-', '_')}_")
        rows.append(f"          registry-{part.lower().replace('_', '-')}: ${{{{ secrets.{name} }}}}")
    return "".join(f"{row}\n" for row in rows)
