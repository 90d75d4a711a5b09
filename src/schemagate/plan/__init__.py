"""What would bring a registry to the repository's state: decided from values alone."""

from __future__ import annotations

from schemagate.plan.decide import decide
from schemagate.plan.steps import next_step
from schemagate.plan.values import Action, Answers, Desired, Plan, Use, Wanted

__all__ = ["Action", "Answers", "Desired", "Plan", "Use", "Wanted", "decide", "next_step"]
