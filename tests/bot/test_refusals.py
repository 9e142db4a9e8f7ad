"""Why a platform refused something is told in the language of the staff room."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from adapters.errors import Rejected
from adapters.telegram import errors
from adapters.wechaty import puppets
from adapters.wechaty.wire import faults
from bot.configuration import load_setup
from bot.refusals import refusal_in
from bot.simulation.stage import Stage
from rules import effects as fx
from rules.text import Text

TELEGRAM = Path(errors.__file__).parent
WECHATY = Path(puppets.__file__).parent
SOURCES = [
    *(TELEGRAM / "errors.py", TELEGRAM / "ids.py", *sorted((TELEGRAM / "sending").glob("*.py"))),
    *sorted(WECHATY.rglob("*.py")),
]
SAYING = frozenset(
    (
        "Rejected",
        "Unsupported",
        "RetryLater",
        "OutcomeUnknown",
        "TooLate",
        "TakenOver",
        "NotConnected",
        "Unauthenticated",
    )
)
CONFIG = """\
version: 1
defaults: {{ language: {language} }}
platforms: {{ sim: {{ type: simulated }} }}
groups:
  reading: {{ platform: sim, chat: reading, name: Reading }}
  staff: {{ platform: sim, chat: staff }}
staff: {{ room: staff }}
rules:
  - {{ id: ads, name: No ads, when: message, if: {{ text_has_any: [buy now] }}, then: delete }}
"""
FILLINGS = ("x", errors.lacking(fx.PinMessage("g", "m"), ""), "WeChat", "they are no friend of the account")


EXPLAINING = frozenset({"why", "mismatch"})
"""Functions that return a reason."""


def written() -> Iterator[tuple[str, list[str]]]:
    """What the code gives as a reason, with ways to fill its gaps."""
    for path in SOURCES:
        for reason in _reasons(ast.parse(path.read_text(encoding="utf-8"))):
            place = f"{path.name}:{reason.lineno}"
            if isinstance(reason, ast.BinOp) and isinstance(reason.left, ast.Constant):
                yield place, [f"{reason.left.value}{filling}" for filling in FILLINGS]
            elif isinstance(reason, ast.Constant) and isinstance(reason.value, str):
                yield place, [reason.value]
            elif isinstance(reason, ast.JoinedStr):
                gaps = sum(not isinstance(part, ast.Constant) for part in reason.values)
                yield place, [filled(reason, each) for each in product(FILLINGS, repeat=gaps)]


def _reasons(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SAYING:
            yield node.args[0]
        elif isinstance(node, ast.FunctionDef) and node.name in EXPLAINING:
            yield from (
                part.value for part in ast.walk(node) if isinstance(part, ast.Return) and part.value is not None
            )


def filled(reason: ast.JoinedStr, fillings: tuple[str, ...]) -> str:
    rest = iter(fillings)
    return "".join(str(part.value) if isinstance(part, ast.Constant) else next(rest) for part in reason.values)


def test_every_reason_in_the_code_has_a_chinese_form() -> None:
    found = list(written())
    assert len(found) > 15
    assert [place for place, ways in found if all(refusal_in("zh-CN", way) == way for way in ways)] == []


@pytest.mark.parametrize("meaning", [meaning for _, meaning in faults._KNOWN])
def test_what_a_puppet_says_is_told_in_chinese(meaning: str) -> None:
    told = f"{meaning} (Error: roomDel failed)"
    assert refusal_in("zh-CN", told) != told
    assert "Error: roomDel failed" in refusal_in("zh-CN", told)


@pytest.mark.parametrize("told", [words for _, words in errors._WORDS])
def test_what_telegram_says_is_told_in_both_languages(told: str) -> None:
    assert refusal_in("en", told) == told
    assert refusal_in("zh-CN", told) != told


@pytest.mark.parametrize(
    "effect",
    [
        fx.DeleteMessage("g", "m"),
        fx.BanMember("g", "m"),
        fx.PinMessage("g", "m"),
        fx.AnswerJoinRequest("g", "m", approve=True),
        fx.SendText("g", Text()),
    ],
)
def test_a_missing_right_is_told_in_chinese_throughout(effect: fx.Effect) -> None:
    told = refusal_in("zh-CN", errors.lacking(effect, "!"))
    assert not any(sign.isascii() and sign.isalpha() for sign in told)


def test_what_nobody_has_thought_of_stays_as_it_is() -> None:
    assert refusal_in("zh-CN", "SOMETHING_NEW") == "SOMETHING_NEW"


@pytest.mark.parametrize(
    ("language", "told"), [("en", "the bot lacks the right"), ("zh-CN", "机器人在这个群里缺少权限“删除消息”")]
)
async def test_the_staff_room_reads_it_in_its_language(tmp_path: Path, language: str, told: str) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG.format(language=language))
    start = datetime(2026, 10, 5, 8, tzinfo=UTC)
    async with Stage(load_setup(config, {}), f"sqlite:///{tmp_path}/bot.db", start) as stage:
        sim = stage.platforms["sim"]
        sim.add_person("ann", groups=["reading"])
        sim.post("reading", "ann", "buy now")
        sim.fail_next(Rejected(errors.lacking(fx.DeleteMessage("g", "m"), "")))
        await stage.settle()
        (alert,) = sim.room("staff").texts()
        assert told in alert
