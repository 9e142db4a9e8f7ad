"""Configurations in several files: includes, texts, calendars and topics."""
# ruff: noqa: E501 - a table reads best with one case a line

import pytest


def test_included_sections_are_merged(loading, base):
    loaded = loading(
        "include: [copy/*.yaml, more.yaml]\n" + base + "rules:\n  - { id: a, when: message, then: delete }\n",
        {
            "copy/1.yaml": "copy: { a.b: one }\n",
            "copy/2.yaml": "copy: { a.c: two }\n",
            "more.yaml": "include: deep.yaml\nrules:\n  - { id: b, when: message, then: delete }\n",
            "deep.yaml": "rules: [{ id: c, when: join, then: { alert: staff } }]\nwindows: { w: { days: fri } }\n",
        },
    )
    assert [rule.id for rule in loaded.config.rules] == ["a", "b", "c"]
    assert set(loaded.copy) == {"a.b", "a.c"}
    assert set(loaded.config.windows) == {"w"}
    assert loaded.files == ("config.yaml", "copy/1.yaml", "copy/2.yaml", "more.yaml", "deep.yaml")
    assert str(loaded.places["b"]) == "more.yaml:3:11"
    assert str(loaded.places["groups.staff"]) == "config.yaml:7:3"


def test_complaints_about_an_included_file_carry_its_name_and_its_own_numbers(complaints, base):
    told = complaints(
        "include: more.yaml\n" + base + "rules:\n  - { id: a, when: message, then: delete }\nwindows: { w: {} }\n",
        more={
            "more.yaml": "rules:\n  - { id: a, when: message, then: delet }\nwindows: { w: {} }\nversion: 1\nstaff: x\n"
        },
    )
    assert told == [
        "more.yaml:2:11: rules[0].id: the id `a` is used twice, first on config.yaml:9:11",
        "more.yaml:2:35: rules[0].then: unknown step `delet`; did you mean `delete`?",
        "more.yaml:3:12: windows.w: `w` is written twice, first at config.yaml:10:12",
        "more.yaml:5:8: staff: write settings here (`key: value`), not `x`",
    ]


@pytest.mark.parametrize(
    ("include", "more", "expected"),
    [
        ("gone.yaml", {}, "config.yaml:1:10: include: gone.yaml: there is no such file"),
        ("copy/*.yaml", {}, "config.yaml:1:10: include: no file matches `copy/*.yaml`"),
        ("a.yaml", {"a.yaml": "include: a.yaml\n"}, "includes go round in a circle: a.yaml > a.yaml"),
        ("a.yaml", {"a.yaml": "include: config.yaml\n"}, "go round in a circle: config.yaml > a.yaml > config.yaml"),
        (
            "a.yaml",
            {"a.yaml": "include: b.yaml\n", "b.yaml": "include: c.yaml\n", "c.yaml": ""},
            "b.yaml:1:1: include: files are included 2 deep at most",
        ),
        ("a.yaml", {"a.yaml": b"copy: \xff"}, "a.yaml:1:7: byte 7 (0xFF) is not UTF-8"),
    ],
)
def test_an_include_that_cannot_be_followed_is_told(complaints, base, include, more, expected):
    told = complaints(f"include: {include}\n" + base, more=more)
    assert len(told) == 1
    assert expected in told[0]


def test_the_main_file_is_not_included_by_its_own_pattern(loading, base):
    assert loading('include: "*.yaml"\n' + base, {"b.yaml": "windows: {}\n"}).files == ("config.yaml", "b.yaml")


def test_a_missing_file_does_not_make_every_name_in_it_a_mistake(complaints, base):
    rule = "rules:\n  - { id: a, when: message, then: { ladder: ads } }\n"
    assert len(complaints("include: ladders.yaml\n" + base + rule)) == 1


def test_versions_follow_content_and_not_layout(loading, base):
    first = loading(base)
    assert (
        loading("# a comment\n" + base.replace("{ type: telegram }", "\n    type: 'telegram'")).version == first.version
    )
    assert loading(base.replace("public", "private")).version != first.version
    calendar = base + "calendar: { c: { file: c.csv } }\n"
    one = loading(calendar, {"c.csv": "date,text\n2026-01-01,a\n"})
    assert one.version != loading(calendar, {"c.csv": "date,text\n2026-01-01,b\n"}).version


def test_texts_have_keys_languages_and_variants(loading, base):
    loaded = loading(
        base.replace("tags: [public]", "tags: [public], language: de, copy: { a.b: Eigenes }")
        + "defaults: { language: zh-CN }\n"
        + "copy:\n  a.b: [一, 二]\n  a.c: { en: one, zh: [一, 二] }\n  rules: { no_ads: 请勿广告, short: { en: x } }\n"
    )
    assert loaded.copy == {
        "a.b": {"zh-CN": ("一", "二")},
        "a.c": {"en": ("one",), "zh": ("一", "二")},
        "rules.no_ads": {"zh-CN": ("请勿广告",)},
        "rules.short": {"en": ("x",)},
    }
    assert loaded.group_copy == {"reading": {"a.b": {"de": ("Eigenes",)}}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"{{ name }}"', "templates know only {name}-placeholders, nothing such as `{{`"),
        ('"{% if x %}"', "nothing such as `{%`"),
        ('"{name.__class__}"', "nothing such as `{name.__class__}`"),
        ('"{name[0]}"', "nothing such as `{name[0]}`"),
        ('"{name!r}"', "nothing such as `{name!r}`"),
        ('"{name:>99999999}"', "nothing such as `{name:>99999999}`"),
        ('"{ name }"', "nothing such as `{ name }`"),
        ('"{}"', "nothing such as `{}`"),
        ('"Hi {nmae}"', "nothing fills in `{nmae}`; did you mean `{name}`?"),
        ('"{名字}"', "nothing fills in `{名字}`; known are"),
        ("{name}", "no text is written here"),
        ("[]", "no text is written here"),
        ("[[a]]", "write a text here"),
        ("#hello", "text that begins with # needs quotes"),
    ],
)
def test_a_text_that_cannot_be_filled_in_is_refused(complaints, base, text, expected):
    told = complaints(base + f"copy:\n  a.b: {text}\n")
    assert len(told) == 1
    assert told[0].startswith("config.yaml:8:")
    assert expected in told[0]


def test_a_text_that_is_nowhere_is_told_with_the_nearest(complaints, loading, base):
    text = base + "rules:\n  - { id: a, when: message, then: { remind: rules.no_add } }\ncopy: { rules.no_ads: x }\n"
    assert complaints(text, copy_keys=("welcome.first",)) == [
        "config.yaml:8:45: rules[0].then.remind: there is no text `rules.no_add`; did you mean `rules.no_ads`?"
    ]
    assert loading(text).config.rules  # who does not know the built-in texts cannot say that one is missing


def test_a_calendar_is_read_from_its_table(loading, base):
    loaded = loading(
        base
        + "calendar:\n  c: { file: c.csv, columns: { day: 日期, text: 内容 }, days: { 2026/1/3: own }, if_empty: skip }\n",
        {"c.csv": '编号,日期,内容\n1,2026-01-01,"a, b"\n2,2026/1/2,"two\nlines"\n\n'},
    )
    calendar = loaded.calendars["c"]
    assert calendar.by_date == {"2026-01-01": "a, b", "2026-01-02": "two\nlines", "2026-01-03": "own"}
    assert calendar.if_empty == "skip"
    assert loaded.files == ("config.yaml", "c.csv")


def test_a_missing_day_in_a_daily_calendar_is_a_warning(loading, base):
    rows = "".join(f"2026-01-{day:02d},text\n" for day in range(1, 20) if day not in (7, 11, 12))
    loaded = loading(base + "calendar: { c: { file: c.csv } }\n", {"c.csv": "date,text\n" + rows})
    assert [str(warning) for warning in loaded.warnings] == [
        "c.csv:8:1: no entry for 2026-01-07; staff will be told on the day",
        "c.csv:11:1: no entry for 2026-01-11 to 2026-01-12; staff will be told on the day",
    ]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("date,text\n2026-02-30,x\n", "c.csv:2:1: `2026-02-30` is no date; write one such as 2026-12-31"),
        ("n,date,text\n1,,x\n", "c.csv:2:3: the day is missing"),
        ("date,text\n2026-01-01,\n", "c.csv:2:12: there is no text for 2026-01-01"),
        ("date,text\n2026-01-01,x\n2026-01-01,y\n", "c.csv:3:1: 2026-01-01 is there twice, first on line 2"),
        ("date,text\n2026-01-01\n", "c.csv:2:1: 1 columns, but the first line has more; is a comma missing?"),
        ("day,text\n2026-01-01,x\n", "c.csv:1:1: the first line has no column `date`; there are day, text"),
        ("date,txt\n2026-01-01,x\n", "c.csv:1:1: the first line has no column `text`; did you mean `txt`?"),
        ('date,text\n2026-01-01,"x\n', "this is no table (CSV)"),
        ("date,text\n2026-01-01,{nmae}\n", "c.csv:2:12: nothing fills in `{nmae}`; did you mean `{name}`?"),
        ("date,text\n", "c.csv: has no entry"),
        ("", "c.csv:1:1: the first line has no column"),
        ("date,text\n2026-01-01,加微信\n".encode("gbk"), "it looks like GBK"),
    ],
)
def test_a_mistake_in_a_table_is_told_at_its_own_line(complaints, base, table, expected):
    told = complaints(base + "calendar: { c: { file: c.csv } }\n", more={"c.csv": table})
    assert expected in told[0]


def test_mistakes_in_calendars_and_topics_of_the_file_are_told(complaints, base):
    told = complaints(
        base + "calendar:\n"
        "  a: { days: { someday: x } }\n"
        "  b: { list: [x, '{nmae}'], start: soon }\n"
        "  c: { file: gone.csv }\n"
        "  d: {}\n"
        "  e: { list: [x], columns: { dat: x } }\n"
        "topics: { t: {}, u: { file: u.txt } }\n",
        more={"u.txt": "# topics\nfine\n{nmae}\n"},
    )
    assert [line.partition(": ")[0] for line in told] == [
        "config.yaml:8:25",
        "config.yaml:9:18",
        "config.yaml:9:36",
        "config.yaml:10:14",
        "config.yaml:11:6",
        "config.yaml:12:35",
        "config.yaml:13:14",
        "u.txt:3:1",
    ]


def test_topics_come_from_a_list_and_a_file(loading, base):
    loaded = loading(
        base + "topics: { t: { list: [a], file: t.txt, no_repeat: 7d } }\n", {"t.txt": "# more\nb\n\n a \nc，d\n"}
    )
    assert loaded.topics["t"].topics == ("a", "b", "c，d")
