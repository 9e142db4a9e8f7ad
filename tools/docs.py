"""Writes the generated pages under docs/ anew; with ``--check`` says which are stale instead.

python -m tools.docs [--check]
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.commands.reference import commands_markdown
from bot.configuration import builtin_copy
from rules.builtin import builtin_steps
from rules.language import schema
from tools.puppet_table import Language, with_table
from tools.reference import configuration_markdown

DOCS = Path(__file__).parents[1] / "docs"
WITH_PUPPETS: Mapping[Language, str] = {"en": "wechat.md", "zh-CN": "wechat.zh-CN.md"}


def pages() -> dict[str, str]:
    """The generated pages, by their names in docs/; of those of WeChat, a table in what people wrote."""
    steps = builtin_steps()
    found = {
        "configuration.md": configuration_markdown(steps),
        "commands.md": commands_markdown(builtin_copy()),
        "config.schema.json": json.dumps(schema(steps), ensure_ascii=False, indent=2) + "\n",
    }
    for language, name in WITH_PUPPETS.items():
        if (page := _read(DOCS / name)) is not None:
            found[name] = with_table(page, language)
    return found


def main(arguments: list[str]) -> int:
    """Write, or check; 0 where nothing is stale, 1 where something is, 2 for a wrong command line."""
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    stale = [name for name, text in pages().items() if _read(DOCS / name) != text]
    if arguments:
        for name in stale:
            print(f"docs/{name} is stale: run `make docs`", file=sys.stderr)
        return 1 if stale else 0
    for name in stale:
        (DOCS / name).write_text(pages()[name], encoding="utf-8")
        print(f"wrote docs/{name}")
    return 0


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
