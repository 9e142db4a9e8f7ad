"""What `groupkeeper check` says of rules that do one thing on one platform and another on the next."""

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from bot.cli.capability_table import capability_table, print_capabilities
from bot.cli.overview import overview, print_overview
from bot.configuration import load_setup
from bot.speech import Speech

TWO_PLATFORMS = """\
version: 1
defaults:
  fallback: { delete: { remind: rules.no_ads }, pin: announce }
platforms:
  sim: { type: simulated }
  wx: { type: simulated, like: wechat }
groups:
  books: { platform: sim, chat: books }
  films: { platform: sim, chat: films }
  books-wx: { platform: wx, chat: books }
  films-wx: { platform: wx, chat: films }
  staff: { platform: sim, chat: staff }
staff: { room: staff }
ladders:
  ads:
    steps: [{ at: 1, do: delete }, { at: 2, do: [delete, { mute: 1h }] }, { at: 3, do: [delete, ban] }]
    fallback: { mute: [warn, alert], ban: kick }
rules:
  - { id: ads, when: message, if: { text_has_any: [buy now] }, then: { ladder: ads } }
  - { id: polls, when: message, if: { text_has_any: [poll] }, then: pin, fallback: { pin: nothing }, groups: [books, books-wx] }
  - { id: faq, when: message, if: { text_has_any: [how] }, then: { reply: "Look above." }, mode: shadow }
schedules:
  - { id: morning, at: "08:00", post: "Good morning", pin: true }
onboarding:
  - { id: newcomers, groups: [books, films], welcome: { batch: 2m } }
copy: { rules.no_ads: "No advertisements, please." }
"""  # noqa: E501 - a rule a line


def shown(tmp_path: Path, text: str, language: str = "en", width: int = 80) -> str:
    (tmp_path / "two.yaml").write_text(text, encoding="utf-8")
    out = StringIO()
    table = capability_table(load_setup(tmp_path / "two.yaml"))
    print_capabilities(table, Console(file=out, width=width), Speech(language))
    return out.getvalue()


def rows(text: str) -> dict[str, str]:
    """The lines of the table by their first word; what goes on below belongs to the line above."""
    found: dict[str, str] = {}
    last = ""
    for line in text.splitlines():
        last = line.split()[0] if line[:1].strip() else last
        found[last] = f"{found.get(last, '')} {' '.join(line.split())}".strip()
    return found


def test_a_table_says_what_is_done_where(tmp_path: Path) -> None:
    text = shown(tmp_path, TWO_PLATFORMS, width=160)
    assert "WeChat" in text
    table = rows(text)
    assert table["newcomers"] == "newcomers onboarding ✓ ✓ – –"
    falls = "delete → remind delete → remind mute → warn, alert mute → warn, alert ban → kick ban → kick"
    assert table["ads"] == f"ads ✓ ✓ {falls}"
    assert table["polls"] == "polls ✓ – pin → nothing –"
    assert table["faq"].startswith("faq ✓ (shadow) ✓ (shadow)")
    assert "announce" in table["morning"]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_table_fits_a_terminal_of_eighty_columns(tmp_path: Path, language: str) -> None:
    text = shown(tmp_path, TWO_PLATFORMS, language)
    assert text
    assert max(map(cell_len, text.splitlines())) <= 80
    assert all(group in text for group in ("books", "films", "books-wx", "films-wx"))


def test_the_table_speaks_chinese(tmp_path: Path) -> None:
    text = shown(tmp_path, TWO_PLATFORMS, "zh-CN")
    for words in ("在哪里做什么", "微信", "morning 定时任务", "照配置执行"):
        assert words in text


def test_groups_in_which_the_same_is_done_share_a_column_and_the_staff_room_has_none(tmp_path: Path) -> None:
    text = shown(tmp_path, TWO_PLATFORMS.replace(", groups: [books, books-wx]", ""))
    head = next(line for line in text.splitlines() if line.startswith("what is done where"))
    assert " ".join(head.split()) == "what is done where books, films books-wx, films-wx"


def test_a_file_in_which_everything_is_done_everywhere_needs_no_table(tmp_path: Path) -> None:
    alike = TWO_PLATFORMS.replace(", like: wechat", "").replace(", groups: [books, books-wx]", "")
    alike = alike.replace(", groups: [books, films]", "")
    assert shown(tmp_path, alike) == ""


def test_of_many_rules_those_are_shown_that_say_something(tmp_path: Path) -> None:
    more = "".join(f"  - {{ id: more-{n}, when: message, then: {{ tag: t{n} }} }}\n" for n in range(20))
    many = TWO_PLATFORMS.replace("schedules:\n", f"{more}schedules:\n")
    text = shown(tmp_path, many)
    assert "more-7" not in text
    assert "ads" in rows(text)
    assert "and 21 more, done as written" in text


def test_onboardings_are_told_apart_whatever_their_names(tmp_path: Path) -> None:
    onboarding = (
        "onboarding:\n  - { id: new, groups: [books], welcome: { batch: 2m } }\n"
        "  - { id: new.people, groups: [films, films-wx], welcome: { batch: 2m } }\n"
    )
    text = TWO_PLATFORMS[: TWO_PLATFORMS.index("onboarding:")] + onboarding + "copy: { rules.no_ads: No. }\n"
    (tmp_path / "two.yaml").write_text(text, encoding="utf-8")
    plain = capability_table(load_setup(tmp_path / "two.yaml")).plain()
    where = {row["id"]: sorted(row["groups"]) for row in plain if row["kind"] == "onboarding"}
    assert where == {"new": ["books"], "new.people": ["films", "films-wx"]}


def test_many_rules_that_do_the_same_share_a_row(tmp_path: Path) -> None:
    more = "".join(f"  - {{ id: more-{n}, when: message, then: delete }}\n" for n in range(20))
    text = shown(tmp_path, TWO_PLATFORMS.replace("schedules:\n", f"{more}schedules:\n"), width=160)
    (row,) = [line for line in text.splitlines() if "more-" in line]
    assert " ".join(row.split()).startswith("more-0, more-1, more-2 +17 ✓ ✓ delete → remind")
    assert "and 1 more" in text


def test_check_prints_it_and_has_all_of_it_as_json(groupkeeper: Any, tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text(TWO_PLATFORMS, encoding="utf-8")
    done = groupkeeper("check", "two.yaml")
    assert (done.returncode, "what is done where" in done.stdout) == (0, True)
    told = json.loads(groupkeeper("check", "two.yaml", "--json").stdout)["capabilities"]
    assert [(row["kind"], row["id"]) for row in told] == [
        ("onboarding", "newcomers"),
        ("rule", "ads"),
        ("rule", "polls"),
        ("rule", "faq"),
        ("schedule", "morning"),
    ]
    ads, polls = told[1]["groups"], told[2]["groups"]
    assert ads["books"] == {"mode": "enforce", "changed": []}
    assert ads["films-wx"]["changed"] == [
        {"step": "delete", "instead": ["remind"], "ladder": "ads"},
        {"step": "mute", "instead": ["warn", "alert"], "ladder": "ads"},
        {"step": "ban", "instead": ["kick"], "ladder": "ads"},
    ]
    assert set(polls) == {"books", "books-wx"}
    assert polls["books-wx"]["changed"] == [{"step": "pin", "instead": [], "ladder": ""}]


@pytest.mark.parametrize(("language", "cannot"), [("en", "delete, delete own"), ("zh-CN", "删除，收回自己的消息")])
def test_long_ids_stay_whole_and_groups_that_miss_the_same_are_told_of_together(
    tmp_path: Path, language: str, cannot: str
) -> None:
    chat = "R:10696051758031947@chatroom"
    text = TWO_PLATFORMS.replace("platform: wx, chat: books", f'platform: wx, chat: "{chat}"')
    (tmp_path / "one.yaml").write_text(text, encoding="utf-8")
    out = StringIO()
    found = overview(load_setup(tmp_path / "one.yaml"), datetime(2026, 10, 5, tzinfo=UTC))
    print_overview(found, "one.yaml", Console(file=out, width=80), Speech(language))
    lines = out.getvalue().splitlines()[1:]
    assert max(map(cell_len, lines)) <= 80
    assert any(line.startswith("books-wx") and f"wx:{chat}" in line for line in lines)
    (told,) = [line for line in lines if cannot in line]
    assert told.startswith("books-wx, films-wx ")
    assert "answer buttons" not in out.getvalue()  # there are no buttons at all


def test_what_no_platform_of_the_file_can_do_but_few_anywhere_is_not_said_to_be_missing(tmp_path: Path) -> None:
    def missing(text: str) -> set[str]:
        (tmp_path / "one.yaml").write_text(text, encoding="utf-8")
        lines = overview(load_setup(tmp_path / "one.yaml"), datetime(2026, 10, 5, tzinfo=UTC)).groups
        return {name for line in lines if line.key == "books" for name in line.cannot}

    alone = "platforms: { sim: { type: simulated } }\ngroups: { books: { platform: sim, chat: books } }\n"
    assert missing(f"version: 1\n{alone}") == set()
    assert missing(TWO_PLATFORMS) == {"announce", "rename", "invite"}
