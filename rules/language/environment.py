"""``${NAME}`` in settings: secrets come from the environment, are kept out of the file, and are never printed."""

import re
from collections.abc import Mapping

from rules.errors import Complaint
from rules.language.nodes import ListNode, MapNode, Node, Path, Scalar

SECTIONS: tuple[tuple[str, ...], ...] = (("platforms",), ("storage",), ("ads", "second_opinion"))
NOT_SET = "-is-not-set"
"""How what stands in for a variable ends, where a command needs no real value."""
_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Secret(str):
    """A text with values of the environment in it. It shows itself as it is ``written`` in the file."""

    __slots__ = ("written",)
    written: str

    def __new__(cls, value: str, written: str) -> "Secret":
        made = super().__new__(cls, value)
        made.written = written
        return made

    def __repr__(self) -> str:
        return repr(self.written)


def fill_in(root: MapNode, environ: Mapping[str, str]) -> list[tuple[Complaint, Path]]:
    """Put the environment's values into the sections that may have them; what is not set is complained of."""
    complaints: list[tuple[Complaint, Path]] = []
    for path in SECTIONS:
        found: Node | None = root
        for name in path:
            entry = found.entries.get(name) if isinstance(found, MapNode) else None
            found = entry.value if entry is not None else None
        if found is not None:
            _fill(found, path, environ, complaints)
    return complaints


def _fill(node: Node, path: Path, environ: Mapping[str, str], complaints: list[tuple[Complaint, Path]]) -> None:
    if isinstance(node, MapNode):
        for name, entry in node.entries.items():
            _fill(entry.value, (*path, name), environ, complaints)
    elif isinstance(node, ListNode):
        for number, item in enumerate(node.items):
            _fill(item, (*path, number), environ, complaints)
    elif "${" in node.text:
        _fill_text(node, path, environ, complaints)


def _fill_text(node: Scalar, path: Path, environ: Mapping[str, str], complaints: list[tuple[Complaint, Path]]) -> None:
    written = node.text
    for name in _VARIABLE.findall(written):
        if not _NAME.fullmatch(name):
            why = "between ${ and } stands the name of an environment variable, such as ${TELEGRAM_TOKEN}"
        elif not environ.get(name):
            why = f"the environment variable {name} is not set; set it before starting"
        else:
            continue
        complaints.append((Complaint(node.place, why), path))
    node.text = Secret(_VARIABLE.sub(lambda match: environ.get(match.group(1), match.group()), written), written)
    node.plain = False
