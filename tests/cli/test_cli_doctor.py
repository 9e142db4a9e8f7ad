"""What `groupkeeper doctor` prints."""

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from bot.cli.doctoring import _Report
from bot.speech import speech_for

ADVICE = "“Slow Readers”：机器人不是管理员。打开群，点群名，“编辑”，“管理员”，“添加管理员”，选机器人。"


@pytest.mark.parametrize("width", [40, 80])
def test_advice_with_few_spaces_is_told_to_its_end(tmp_path: Any, width: int) -> None:
    out = StringIO()
    setup: Any = None
    report = _Report(Console(width=width, file=out), setup, speech_for(tmp_path / "none.yaml", "zh"))
    report.line("error", ADVICE)
    assert "".join(out.getvalue().split()) == "✗" + ADVICE.replace(" ", "")
