"""docs/detection.md is true: every example loads, without a warning, and passes its own tests."""

import re
from pathlib import Path

import pytest

from bot.configuration import load_setup
from bot.selfcheck import results

GUIDE = Path(__file__).parents[2] / "docs" / "detection.md"
ALL = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
BASE = {
    "platforms": "platforms: { main: { type: console } }\n",
    "groups": "groups: { readers: { platform: main, chat: readers, tags: [market] } }\n",
    "windows": "windows: { ad-time: { days: [fri] } }\n",
}


def test_the_guide_has_its_examples() -> None:
    assert len(ALL) >= 2


@pytest.mark.parametrize("block", ALL, ids=[str(number) for number in range(len(ALL))])
def test_an_example_of_the_guide_loads_and_passes_its_own_tests(block: str, tmp_path: Path) -> None:
    there = set(re.findall(r"^(\w+):", block, re.MULTILINE))
    text = "".join(part for key, part in BASE.items() if key not in there) + block
    file = tmp_path / "example.yaml"
    file.write_text(text, encoding="utf-8")
    setup = load_setup(file, {"OPINION_KEY": "secret"})
    assert setup.warnings == ()
    assert [str(one.complaint()) for one in results(setup) if not one.passed] == []
