"""Complaints in Chinese: whatever the code can complain of has a Chinese form, and no form is of anything else."""

import ast
import re
from collections.abc import Iterable, Iterator
from itertools import product, repeat
from pathlib import Path

import pytest

from bot.speech import speech_for
from rules.config import Defaults
from rules.errors import Complaint, Place
from rules.language import chinese
from rules.language.saying import phrasebook, said
from rules.timing import parse_time

ROOT = Path(__file__).parents[3]
SOURCES = [
    *sorted((ROOT / "rules" / "language").glob("*.py")),
    *sorted((ROOT / "rules" / "conditions").glob("*.py")),
    *(ROOT / "rules" / f"{name}.py" for name in ("config", "durations", "timing", "quota", "patterns", "links")),
    *(ROOT / "rules" / f"{name}.py" for name in ("gate_checks", "door_checks", "compile_checks")),
    ROOT / "bot" / "files.py",
]
SAYING = frozenset({"complain", "_complain", "Complaint", "ValueError", "FileProblem", "why"})
FILLINGS = ("`x`", "x", "2", "a list", "list", "condition", "group", "a tab", "an action", "write a text", "")
FILLINGS += ("; save it as UTF-8", "it has no settings")
PLACE = re.compile(r"\{([a-z_]+)\}")


def written(path: Path) -> Iterator[tuple[int, tuple[ast.expr, ...]]]:
    """Sentences that a file complains in, as the parts of their text."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        found: list[ast.expr] = []
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            found = list(node.args) if name in SAYING else []
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in SAYING:
            found = [node.value]
        for one in found:
            for each in (one.body, one.orelse) if isinstance(one, ast.IfExp) else (one,):
                if isinstance(each, ast.Constant) and isinstance(each.value, str) and " " in each.value:
                    yield node.lineno, (each,)
                elif isinstance(each, ast.JoinedStr) and " " in filled(tuple(each.values), repeat("")):
                    yield node.lineno, tuple(each.values)


def filled(parts: tuple[ast.expr, ...], fillings: Iterable[str]) -> str:
    """The sentence with something in its gaps."""
    rest = iter(fillings)
    return "".join(str(part.value) if isinstance(part, ast.Constant) else next(rest) for part in parts)


def attempts(parts: tuple[ast.expr, ...]) -> Iterator[str]:
    """The sentence with the same in all of its gaps, then (where there are few) with all combinations."""
    gaps = sum(not isinstance(part, ast.Constant) for part in parts)
    for filling in FILLINGS:
        yield filled(parts, repeat(filling)).replace("{}", filling or "x")
    for fillings in product(FILLINGS, repeat=gaps) if gaps <= 3 else ():
        yield filled(parts, fillings)


def test_every_sentence_in_the_code_has_a_chinese_form() -> None:
    book = phrasebook("zh")
    assert book is not None
    count, english_only = 0, []
    for path in SOURCES:
        for line, parts in written(path):
            count += 1
            if not any(book.say(text) for text in attempts(parts)):
                english_only.append(f"{path.name}:{line}: {filled(parts, repeat('x'))}")
    assert count > 80
    assert english_only == []


@pytest.mark.parametrize("templates", [chinese.RESULTS, chinese.ENDINGS, chinese.SENTENCES, chinese.JOINED])
def test_chinese_forms_hold_what_the_english_holds_and_nothing_else(templates: dict[str, str]) -> None:
    for english, translated in templates.items():
        assert set(PLACE.findall(translated)) <= set(PLACE.findall(english)), english


@pytest.mark.parametrize(
    ("english", "chinese_"),
    [
        ("newcomer says “加微信” at 2026-10-05 10:00", "newcomer 说“加微信”（2026-10-05 10:00）"),
        ("newcomer says “加微信” 2 times at 2026-10-05 10:00", "newcomer 说“加微信”，共 2 次（2026-10-05 10:00）"),
        ("member posts with photo, video", "member 发消息，带 photo, video"),
    ],
)
def test_how_a_test_came_out_is_told_in_chinese_throughout(english: str, chinese_: str) -> None:
    failed = Complaint(Place("a.yaml"), f"{english}: expected nothing, but the rule did delete")
    assert said(failed, "zh-CN").message == f"{chinese_}：应该 nothing，但规则做的是 delete"


def test_what_has_no_chinese_form_stays_as_it_is() -> None:
    complaint = Complaint(Place("a.yaml", 1, 1), "something nobody has thought of", "rules[0]")
    assert said(complaint, "zh-CN") is complaint
    assert said(Complaint(Place("a.yaml"), "write a number"), "en").message == "write a number"


def test_two_things_wrong_with_a_platform_are_both_told_in_chinese() -> None:
    book = phrasebook("zh-CN")
    assert book is not None
    endpoint = "`endpoint`: write the gateway's machine and port, such as 127.0.0.1:8788"
    puppet = "`puppet`: there is no puppet `微信`; write one of padlocal, workpro"
    assert book.say(f"{endpoint}; {puppet}") == (
        "`endpoint`：请写网关的地址和端口，例如 127.0.0.1:8788；"
        "`puppet`：没有名为 `微信` 的 puppet；请写其中之一：padlocal, workpro"
    )


@pytest.mark.parametrize("name", ["中文", "简体中文", "zh-CN", "zh"])
def test_chinese_may_be_asked_for_in_chinese(name: str, tmp_path: Path) -> None:
    defaults = Defaults.model_validate({"language": name})
    assert defaults.language.startswith("zh")
    (tmp_path / "a.yaml").write_text(f"defaults: {{ timezone: 北京, language: {name} }}\n", "utf-8")
    assert speech_for(tmp_path / "a.yaml", environ={}).language == "zh-CN"


def test_what_is_quoted_at_the_end_stands_by_itself() -> None:
    book = phrasebook("zh-CN")
    assert book is not None
    assert book.say("write one of a, b, not `kick`") == "请写其中一个：a, b，而不是 `kick`"


def test_what_an_operator_wrote_is_told_as_they_wrote_it() -> None:
    book = phrasebook("zh-CN")
    assert book is not None
    assert book.say("unknown key `{why} or {x}`; did you mean `at`?") == "没有 `{why} or {x}` 这个键；是不是想写 `at`？"


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("20点", "20:00"),
        ("晚上八点半", "20:30"),
        ("下午3点15分", "15:15"),
        ("零点", "00:00"),
        ("中午十二点", "12:00"),
        ("8：05", "08:05"),
    ],
)
def test_a_time_may_be_written_as_it_is_said(text: str, time: str) -> None:
    assert f"{parse_time(text):%H:%M}" == time


@pytest.mark.parametrize("text", ["25点", "点", "八", "8点70分", "20 o'clock"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write a time of day"):
        parse_time(text)
