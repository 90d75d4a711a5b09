"""Registers what is approved: judge, plan, check everything in advance, write in reference order, verify."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemagate.app.check import look
from schemagate.app.consult import connected
from schemagate.app.plan import PlanRequest, configured, gate_request, outlook, standing, uncommitted
from schemagate.app.registrar import Registrar, Told, silent
from schemagate.app.scope import Scope
from schemagate.errors import UsageError
from schemagate.plan.outlook import Outlook, Receipt
from schemagate.plan.steps import Done
from schemagate.rules.phrases import listed

if TYPE_CHECKING:
    from schemagate.adapters.registry.client import Registry


def register(request: PlanRequest, told: Told = silent) -> Receipt:
    """One run of ``register``. ``told`` hears of each write as it is begun.

    Writes only where the commit is the approved branch's tip, and nothing is found or blocked. Raises ConfigError,
    UsageError, GitError, and RegistryError for what goes wrong before the first write.
    """
    scope = look(gate_request(request))
    with scope.repo:
        _refuse_uncommitted(scope, request)
        stands = standing(scope, request)
        if stands.elsewhere:
            raise UsageError(f"nothing is registered: {stands.elsewhere}", hint=stands.hint)
        with connected(configured(scope, request), scope, request.check) as registry:
            found = outlook(scope, request, registry, stands)
            if found.superseded or found.failed or found.plan.blocked or not found.plan.writes:
                return Receipt(found)
            return _written(scope, request, registry, found, told)


def _written(scope: Scope, request: PlanRequest, registry: Registry, found: Outlook, told: Told) -> Receipt:
    from msgspec.structs import replace

    # Judging took its time: somebody may have merged since.
    now = standing(scope, request)
    if not now.is_tip:
        return Receipt(replace(found, superseded=now.superseded or now.elsewhere))
    done: Done = Registrar(registry, found.plan, told).run()
    return Receipt(found, done.entries, done.stop)


def _refuse_uncommitted(scope: Scope, request: PlanRequest) -> None:
    changed = [] if request.allow_dirty else uncommitted(scope)
    if changed:
        raise UsageError(
            f"nothing is registered: {listed(changed[:3])}{' and more' if len(changed) > 3 else ''} "
            f"{'is' if len(changed) == 1 else 'are'} not committed",
            hint="only what is committed and approved is registered: commit or stash it. `--allow-dirty` registers "
            "the work tree as it is, for development",
        )
