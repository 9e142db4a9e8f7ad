"""Remarks in /why: every one that Groupkeeper makes, in the group's language."""

import ast
from pathlib import Path
from typing import Any

import pytest

from bot.commands.remarks import WORDINGS, remark_words
from bot.configuration import builtin_copy
from rules.actions.ladder import Ladder
from rules.actions.sanctions import Mute
from rules.conditions.text import TextHasAny
from rules.copy import CopyBook
from rules.durations import parse_duration
from rules.placeholders import names_in, unknown_in
from rules.rulebook import Rule
from rules.step import LadderSteps, Library, Rung

COPY = CopyBook(texts=builtin_copy(), fallback="en")
ROOT = Path(__file__).parents[3]


def words(remark: str, language: str) -> str:
    return COPY.render(remark_words(remark, COPY), language)


def remarks_made() -> list[str]:
    """Every remark in the sources, with a word where something is filled in."""
    found = []
    for path in (*ROOT.glob("rules/**/*.py"), *ROOT.glob("bot/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Remark", "_remark"):
                found += [_text(each) for each in ast.walk(node.args[-1]) if isinstance(each, ast.JoinedStr)]
                inside = {
                    id(part)
                    for each in ast.walk(node.args[-1])
                    if isinstance(each, ast.JoinedStr)
                    for part in ast.walk(each)
                }
                found += [
                    each.value
                    for each in ast.walk(node.args[-1])
                    if isinstance(each, ast.Constant) and isinstance(each.value, str) and id(each) not in inside
                ]
    return sorted(set(found))


def _text(node: ast.JoinedStr) -> str:
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "xyz" for part in node.values)


def test_the_sources_make_as_many_remarks_as_are_known() -> None:
    assert len(remarks_made()) > 20


@pytest.mark.parametrize("remark", remarks_made())
def test_every_remark_is_told_in_chinese(remark: str) -> None:
    told = words(remark, "zh-CN")
    assert told != remark
    assert any("一" <= sign <= "鿿" for sign in told)
    assert "{" not in told


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("name", WORDINGS)
def test_the_words_of_a_remark_fill_in_what_it_says(name: str, language: str) -> None:
    text = COPY.texts[f"remarks.{name}"][language][0]
    assert unknown_in(text) == ()
    assert set(names_in(text)) <= set(names_in(WORDINGS[name]))


def test_no_words_are_for_remarks_that_are_none() -> None:
    kept = {name.removeprefix("remarks.") for name in COPY.texts if name.startswith("remarks.")}
    assert kept == {*WORDINGS, "refused"}


def test_what_a_remark_is_about_is_told() -> None:
    assert words("ladder ads: 4 points, step 2 of 3", "zh-CN") == "阶梯「ads」：共 4 分，第 2 级（共 3 级）"
    assert words("mute_member: asked for by several rules, the strictest counts", "en").startswith("muted: ")
    assert words("commands.mute.usage", "zh-CN") == "没有照办，原因已经回复"
    assert words("poem: {x} does not rhyme", "zh-CN") == "poem: {x} does not rhyme"


def test_staff_read_remarks_in_their_language_and_no_version_of_the_rules(room: Any) -> None:
    ladders = {"ads": LadderSteps((Rung(1, (Mute.model_validate({"for": parse_duration("10m")}),)),), None)}
    condition = TextHasAny.model_validate({"of": ["加微信"]})
    room.rebuild(
        rules=(
            Rule(
                "ads", "广告", frozenset({"message"}), condition, (Ladder(name="ads"),), groups=frozenset({"reading"})
            ),
        ),
        library=Library(ladders=ladders),
        language="zh-CN",
    )
    advert = room.post(room.bo, "加微信 领资料")
    told = room.says(room.mo, "/why", reply_to=advert)
    assert "阶梯「ads」：共 1 分，第 1 级（共 1 级）" in told
    assert "points" not in told
    assert room.setup.rulebook.version not in told
