"""Rules that tell staff where there is no staff room: nothing would come of them, and the operator is told."""

from pathlib import Path

from bot.configuration import load_setup
from rules.language.saying import said

FILE = """
platforms:
  wx: {{ type: simulated, like: wechat }}
groups:
  reading: {{ platform: wx, chat: reading }}
  office: {{ platform: wx, chat: office }}
{staff}
ladders:
  ads:
    steps: [{{ at: 1, do: [delete] }}, {{ at: 2, do: [{{ ask_staff: remove }}] }}]
    fallback: {{ delete: alert }}
rules:
  - id: ads
    when: message
    if: {{ text_has_any: [buy now] }}
    then: {{ ladder: ads }}
  - id: polite
    when: message
    if: {{ text_has_any: [please] }}
    then: {{ remind: "Thank you." }}
"""


def warnings(folder: Path, staff: str) -> list[str]:
    file = folder / "config.yaml"
    file.write_text(FILE.format(staff=staff), encoding="utf-8")
    return [str(one) for one in load_setup(file, {}).warnings if "no staff room" in str(one)]


def test_a_rule_of_which_nothing_would_come_is_named(tmp_path: Path) -> None:
    assert warnings(tmp_path, "") == [
        f"config.yaml:13:9: rule ads: in group {key} it only tells staff, and there is no staff room; "
        "name one (staff: room)"
        for key in ("office", "reading")
    ]


def test_a_rule_that_does_something_besides_is_not(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(FILE.format(staff="").replace("fallback: { delete: alert }", "fallback: { delete: [alert, warn] }"))
    assert [one for one in load_setup(file, {}).warnings if "no staff room" in str(one)] == []


def test_with_a_staff_room_nothing_is_told(tmp_path: Path) -> None:
    assert warnings(tmp_path, "staff: { room: office }") == []


def test_it_is_told_in_chinese(tmp_path: Path) -> None:
    warnings(tmp_path, "")
    first = next(one for one in load_setup(tmp_path / "config.yaml", {}).warnings if "no staff room" in str(one))
    assert said(first, "zh-CN").message == "在群 office 里它只会通知管理员，但没有管理群；请指定一个（staff: room）"
