"""docs/wechat.md and its Chinese sibling say what the adapter declares, and their files load."""

import re
from pathlib import Path

import pytest

from adapters.wechaty.puppets import PUPPETS
from bot.configuration import load_setup
from bot.secrets import Forgiving
from rules.capability import Capability
from tools.puppet_table import BEGIN, END, ROWS, Language, puppets, with_table

ROOT = Path(__file__).parents[2]
PAGES: dict[Language, Path] = {"en": ROOT / "docs" / "wechat.md", "zh-CN": ROOT / "docs" / "wechat.zh-CN.md"}


@pytest.mark.parametrize("language", PAGES)
def test_the_table_of_puppets_shows_what_each_of_them_declares(language: Language) -> None:
    block = PAGES[language].read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    head, _, *rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines() if line.startswith("|")
    ]
    names = [name.strip("`") for name in head[1:]]
    assert names == [name for name in PUPPETS if name != "mock"]
    told = {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}
    never = block.rpartition("**")[2]
    for capability in Capability:
        words = ROWS[capability][0 if language == "en" else 1]
        able = {name for name in names if capability in PUPPETS[name].capabilities}
        assert (words in told) is bool(able), capability
        assert (words in never) is not bool(able), capability
        assert {name for name, cell in told.get(words, {}).items() if cell == "✓"} <= able
        assert {name for name, cell in told.get(words, {}).items() if cell == "–"}.isdisjoint(able)
    keeps = next(cells for words, cells in told.items() if words.startswith(("ids", "重新登录")))
    assert {name: cell == "✓" for name, cell in keeps.items()} == {n: one.stable_ids for n, one in puppets().items()}


def test_what_people_wrote_around_the_table_stays() -> None:
    page = with_table(f"before\n{BEGIN}\nold\n{END}\nafter\n", "en")
    assert page.startswith("before\n")
    assert page.endswith("after\n")
    assert "old" not in page
    assert "`workpro`" in page


def test_a_page_without_a_place_for_the_table_is_told() -> None:
    with pytest.raises(ValueError, match="has no block between"):
        with_table("nothing here", "en")


@pytest.mark.parametrize("page", PAGES.values(), ids=lambda page: page.name)
def test_the_page_tells_of_every_puppet(page: Path) -> None:
    prose = page.read_text(encoding="utf-8").partition(END)[2]
    assert [name for name in puppets() if f"`{name}`" not in prose] == []


@pytest.mark.parametrize("page", PAGES.values(), ids=lambda page: page.name)
def test_the_files_in_the_page_load(page: Path, tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    for number, block in enumerate(blocks):
        file = tmp_path / f"block{number}.yaml"
        file.write_text(block, encoding="utf-8")
        assert load_setup(file, Forgiving({})).warnings == ()  # the tokens are the reader's own


@pytest.mark.parametrize("page", PAGES.values(), ids=lambda page: page.name)
def test_every_link_of_the_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if not link.startswith("http") and not (page.parent / link).exists()]
    assert missing == []
