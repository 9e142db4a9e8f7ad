"""The generated pages are fresh, and say what the models say."""

from pathlib import Path

import pytest

from rules.builtin import builtin_steps
from rules.config import Config
from rules.events import KINDS
from rules.language.plans import plans
from tools import docs


def test_the_generated_pages_are_not_stale() -> None:
    stale = [name for name, text in docs.pages().items() if (docs.DOCS / name).read_text(encoding="utf-8") != text]
    assert stale == [], "run `make docs`"


def test_a_stale_page_is_told_and_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(docs, "DOCS", tmp_path)
    assert docs.main(["--check"]) == 1
    assert "docs/configuration.md is stale" in capsys.readouterr().err
    assert docs.main([]) == 0
    assert docs.main(["--check"]) == 0
    (tmp_path / "commands.md").write_text("old")
    assert docs.main(["--check"]) == 1
    assert capsys.readouterr().err == "docs/commands.md is stale: run `make docs`\n"


def test_the_reference_has_every_section_step_and_event() -> None:
    page = docs.pages()["configuration.md"]
    steps = builtin_steps()
    for name in (*steps.conditions, *steps.actions):
        assert f"### `{name}`\n" in page
    for key in plans(Config):
        assert f"| `{key}` |" in page
    for kind in KINDS:
        assert f"| `{kind}` |" in page


def test_every_key_of_a_section_says_what_it_is_for() -> None:
    sections = docs.pages()["configuration.md"].split("## Platforms")[0].split("## The file")[1]
    rows = [row for row in sections.splitlines() if row.startswith("| `")]
    assert len(rows) > 100
    assert [row for row in rows if row.rstrip().endswith("|  |")] == []
