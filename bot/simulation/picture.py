"""A recorded console as an SVG picture in which Chinese is as wide as it should be."""

import html
import re
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console

_CELL = 12.2
"""Rich's width of a cell, in its picture's units."""
_FONTS = re.compile(r"@font-face\s*\{[^}]*\}\s*")
"""Fonts that Rich would have fetched from elsewhere; a picture in a page may not."""
_TEXT = re.compile(r'textLength="[\d.]+"(?P<more>[^>]*)>(?P<words>[^<]*)</text>')


def save_picture(console: Console, path: Path, title: str) -> None:
    """Write what a console recorded. Raises ``OSError``."""
    path.write_text(_widened(_FONTS.sub("", console.export_svg(title=title))), encoding="utf-8")


def _widened(svg: str) -> str:
    """Rich counts characters where it should count cells, and presses Chinese into half its width."""

    def widen(found: re.Match[str]) -> str:
        cells = cell_len(html.unescape(found["words"]))
        return f'textLength="{cells * _CELL:g}"{found["more"]}>{found["words"]}</text>'

    return _TEXT.sub(widen, svg)
