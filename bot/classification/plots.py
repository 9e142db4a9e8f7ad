"""Figures drawn as SVG, so that no plotting library is needed to look at them."""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from bot.classification.measures import Figures

_SIZE, _LEFT, _TOP = 300, 60, 40
_BAR = 22


def plot(named: Sequence[tuple[str, Figures]], parts: Sequence[tuple[float, float, int]]) -> str:
    """Recall at 0.5% false positives as bars, and what was said beside what was, as one picture."""
    bars = [(name, found.loose) for name, found in named if found.loose is not None]
    height = max(_SIZE + 2 * _TOP, _TOP * 2 + _BAR * len(bars)) + 20
    width = 2 * (_SIZE + _LEFT) + 200
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" '
        'font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{_LEFT}" y="24">Recall with 0.5% of ordinary messages flagged</text>',
        *(_bar(number, name, value) for number, (name, value) in enumerate(bars)),
        *_reliability(parts, _LEFT + _SIZE + 230),
        "</svg>",
    ]
    return "\n".join(drawn) + "\n"


def _bar(number: int, name: str, value: float) -> str:
    y = _TOP + number * _BAR
    return (
        f'<text x="{_LEFT + 90}" y="{y + 13}" text-anchor="end">{escape(name)}</text>'
        f'<rect x="{_LEFT + 100}" y="{y}" width="{value * (_SIZE - 60):.1f}" height="{_BAR - 6}" fill="#3b6ea5"/>'
        f'<text x="{_LEFT + 105 + value * (_SIZE - 60):.1f}" y="{y + 13}">{value:.2f}</text>'
    )


def _reliability(parts: Sequence[tuple[float, float, int]], left: int) -> list[str]:
    bottom = _TOP + _SIZE
    points = [(left + said * _SIZE, bottom - was * _SIZE, count) for said, was, count in parts]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
    return [
        f'<text x="{left}" y="24">Said (across) and was (up)</text>',
        f'<rect x="{left}" y="{_TOP}" width="{_SIZE}" height="{_SIZE}" fill="none" stroke="#999"/>',
        f'<line x1="{left}" y1="{bottom}" x2="{left + _SIZE}" y2="{_TOP}" stroke="#bbb" stroke-dasharray="4"/>',
        f'<polyline points="{line}" fill="none" stroke="#a53b3b" stroke-width="2"/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#a53b3b"><title>{n}</title></circle>' for x, y, n in points),
    ]
