"""Draws what each compatibility mode asks: which data the consumers on which version can always read.

The arrows are the modes' own questions (``Mode.asks``); nothing about a mode is written down here a second time but the
sentence that says it. The pictures load nothing, follow the reader's light or dark setting, and are told in words too.
"""

from __future__ import annotations

from typing import Final

from schemagate.compat.modes import Mode
from schemagate.finding import Direction

VERSIONS: Final = 3
"""How many published versions a picture has beside the new one."""
WIDTH, HEIGHT = 520, 306
CENTRES: Final = (158, 248, 338, 448)
BOX: Final = 74, 34
WRITTEN, READ = 80, 186

SENTENCES: Final = {
    (): "Nothing is compared.",
    ("BACKWARD", False): "New consumers read what the newest version wrote.",
    ("BACKWARD", True): "New consumers read what any version wrote.",
    ("FORWARD", False): "Consumers on the newest version read new data.",
    ("FORWARD", True): "Consumers on any version read new data.",
    ("FULL", False): "The new and the newest version read each other.",
    ("FULL", True): "Every version reads every other.",
}
ORDERS: Final = {
    (): ("No order is safe: stop, drain the topic, or take a new one",),
    (Direction.BACKWARD,): ("consumers", "producers"),
    (Direction.FORWARD,): ("producers", "consumers"),
    (Direction.BACKWARD, Direction.FORWARD): ("consumers and producers in any order",),
}
"""Who is upgraded first: the side that the mode promises to read both the old and the new."""


def picture(mode: Mode) -> str:
    """The mode as SVG."""
    asked = mode.asks(VERSIONS)
    pairs = [(index, way) for index in range(VERSIONS) for way in Direction]
    lines = [arrow(index, way, checked=(index, way) in asked) for index, way in sorted(pairs, key=asked.__contains__)]
    boxes = [box(column, row) for row in (WRITTEN, READ) for column in range(VERSIONS + 1)]
    title, told = f"{mode.value}: {sentence(mode)}", f"{in_words(mode)} {order_in_words(mode)}"
    return SVG.format(
        name=name(mode),
        width=WIDTH,
        height=HEIGHT,
        frame=f'<rect class="card" x=".5" y=".5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="10"/>',
        title=title,
        told=told,
        mode=mode.value,
        sentence=sentence(mode),
        body="\n  ".join([*lines, *boxes, *legend(mode), *order(mode)]),
        written=WRITTEN + 22,
        read=READ + 22,
    )


def name(mode: Mode) -> str:
    """What the mode's picture is called."""
    return f"mode-{mode.value.lower().replace('_', '-')}"


def sentence(mode: Mode) -> str:
    key = (mode.value.removesuffix("_TRANSITIVE"), mode.transitive) if mode.directions else ()
    return SENTENCES[key]


def in_words(mode: Mode) -> str:
    """Every arrow that is drawn solid, as a sentence."""
    covered = [f"v{index + 1}" for index in mode.covers(VERSIONS)]
    versions = " and ".join(filter(None, [", ".join(covered[:-1]), *covered[-1:]]))
    says = {
        Direction.BACKWARD: f"Consumers on the new schema can always read what was written as {versions}.",
        Direction.FORWARD: f"Consumers on {versions} can always read what is written with the new schema.",
    }
    return " ".join(says[way] for way in mode.directions) or "No version is compared with the new schema."


def order_in_words(mode: Mode) -> str:
    steps = ORDERS[mode.directions]
    return f"Upgrade {steps[0]} first, then {steps[1]}." if len(steps) > 1 else f"{steps[0].capitalize()}."


def arrow(index: int, way: Direction, *, checked: bool) -> str:
    """From the data to the consumer: the new schema reads what an old one wrote, or the reverse."""
    old, new = CENTRES[index], CENTRES[VERSIONS]
    start, end = (old, new) if way is Direction.BACKWARD else (new, old)
    kind, head = ("yes", "-yes") if checked else ("no", "-no")
    return f'<path class="{kind}" marker-end="url(#head{head})" d="M{start} {WRITTEN + BOX[1] + 2} L{end} {READ - 7}"/>'


def box(column: int, row: int) -> str:
    width, height = BOX
    new = column == VERSIONS
    left = CENTRES[column] - width // 2
    rounded = 17 if row == WRITTEN else 4
    kind, name = ("new", "new") if new else ("old", f"v{column + 1}")
    return (
        f'<rect class="{kind}" x="{left}" y="{row}" width="{width}" height="{height}" rx="{rounded}"/>'
        f'<text class="in" x="{CENTRES[column]}" y="{row + 22}">{name}</text>'
    )


def legend(mode: Mode) -> list[str]:
    """What the two kinds of line mean, as far as both are there."""
    there = [("yes", "can always read")] if mode.directions else []
    if len(mode.asks(VERSIONS)) < VERSIONS * len(Direction):
        there.append(("no", "not checked, may fail"))
    return [
        f'<path class="{kind}" d="M{left} 246 h34"/><text class="note" x="{left + 42}" y="250.5">{words}</text>'
        for (kind, words), left in zip(there, (20, 210), strict=False)
    ]


def order(mode: Mode) -> list[str]:
    """Who goes first, as numbered steps."""
    steps = ORDERS[mode.directions]
    if len(steps) == 1:
        return [f'<text class="order" x="20" y="285">{steps[0][0].upper()}{steps[0][1:]}</text>']
    return [
        '<text class="order" x="20" y="285">Upgrade</text>',
        *(
            f'<circle class="step" cx="{left}" cy="280" r="11"/><text class="number" x="{left}" y="285">{number}</text>'
            f'<text class="order" x="{left + 19}" y="285">{who}</text>'
            for number, (who, left) in enumerate(zip(steps, (110, 262), strict=True), start=1)
        ),
    ]


SVG: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" \
aria-labelledby="{name}-title {name}-told">
  <title id="{name}-title">{title}</title>
  <desc id="{name}-told">{told}</desc>
  <style>
    :root {{ color-scheme: light dark; --ink: #1c2230; --soft: #5b6475; --edge: #d5dae3; --card: #ffffff;
      --old: #eef1f5; --new: #e3ebff; --mark: #2b5bd7; --yes: #0e7a43; --no: #9aa3b2; }}
    @media (prefers-color-scheme: dark) {{
      :root {{ --ink: #e7eaf2; --soft: #a4adbd; --edge: #3a4152; --card: #171b25;
        --old: #262c3a; --new: #21335f; --mark: #86a8ff; --yes: #4fca8e; --no: #6d778a; }}
    }}
    text {{ font-family: system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: var(--ink); }}
    .card {{ fill: var(--card); stroke: var(--edge); }}
    .mode {{ font-size: 18px; font-weight: 700; }}
    .says {{ font-size: 15px; }}
    .row, .note {{ font-size: 14px; fill: var(--soft); }}
    .old {{ fill: var(--old); stroke: var(--edge); }}
    .new {{ fill: var(--new); stroke: var(--mark); stroke-width: 1.5; }}
    .in {{ font-size: 15px; font-weight: 600; text-anchor: middle; }}
    .yes, .no {{ fill: none; stroke-linecap: round; }}
    .yes {{ stroke: var(--yes); stroke-width: 2.5; }}
    .no {{ stroke: var(--no); stroke-width: 1.5; stroke-dasharray: 1 6; }}
    .head-yes {{ fill: var(--yes); }}
    .head-no {{ fill: var(--no); }}
    .order {{ font-size: 15px; font-weight: 600; }}
    .step {{ fill: var(--mark); }}
    .number {{ font-size: 14px; font-weight: 700; text-anchor: middle; fill: var(--card); }}
  </style>
  <defs>
    <marker id="head-yes" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="11" markerHeight="11" \
markerUnits="userSpaceOnUse" orient="auto"><path class="head-yes" d="M0 0 8 4 0 8z"/></marker>
    <marker id="head-no" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="8" markerHeight="8" \
markerUnits="userSpaceOnUse" orient="auto"><path class="head-no" d="M0 0 8 4 0 8z"/></marker>
  </defs>
  {frame}
  <text class="mode" x="20" y="33">{mode}</text>
  <text class="says" x="20" y="58">{sentence}</text>
  <text class="row" x="20" y="{written}">written as</text>
  <text class="row" x="20" y="{read}">read as</text>
  {body}
</svg>
"""
