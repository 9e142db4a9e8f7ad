"""The form of a file: slips of the keyboard, YAML's own errors, and what is refused of YAML."""
# ruff: noqa: E501 - a table reads best with one case a line

import pytest

WIDE_COLON = "full-width `：` where YAML needs `: ` (a half-width colon and a space)"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("rules:\n  - id：r\n    when: message\n    then: delete", [f"8:7: {WIDE_COLON}"]),
        ("rules:\n  - id: r\n    when：message\n    then： delete", [f"9:9: {WIDE_COLON}", f"10:9: {WIDE_COLON}"]),
        ("rules:\n  - { id：r, when：message, then: delete }", [f"8:9: {WIDE_COLON}", f"8:17: {WIDE_COLON}"]),
        ("windows:\n  晚上： { from: '20:00' }", [f"8:5: {WIDE_COLON}"]),
        ("windows：\n  w: { from: '20:00' }", [f"7:8: {WIDE_COLON}"]),
        ("rules:\n  - id: r\n    when:message\n    then: delete", ["9:9: a space is missing after `:`; write `when: ...`"]),
        ("rules:\n  - id:r\n    when: message\n    then: delete", ["8:7: a space is missing after `:`; write `id: ...`"]),
        ("rules:\n  -id: r\n    when: message\n    then: delete", ["8:3: a space is missing after `-`; write `- id: ...`"]),
        ("rules:\n\t- id: r\n\t  when: message\n\t  then: delete", ["8:1: indented with a tab; use two plain spaces instead (lines like it: 3)"]),
        ("rules:\n  - id: r\n\u3000\u3000when: message\n    then: delete", ["9:1: indented with a full-width space; use two plain spaces instead"]),
        ("rules:\n  - id: “r”\n    when: message\n    then: delete", ['8:9: the full-width quotes “ ” would be part of the text; write straight quotes: "..."']),
        ("rules:\n  - { id: r, when: message, then: delete, groups: [reading，staff] }", ["8:59: `，` does not part the items of a list: write `, ` between them, or quote the text"]),
        ("rules:\n  - { id: r, when: message， then: delete }", ["8:27: full-width `，` where YAML needs `, `; or put the text in quotes"]),
        ("rules:\n  - { id: r, when: message, then: [delete】 }", ["8:42: full-width `】` where YAML needs `]`; or put the text in quotes"]),
        ("rules:\n  - { id: r, when: message, then: 【delete】 }", ["8:35: full-width brackets 【 】 make no list; write half-width [ ], or quote the text"]),
        ("rules:\n  - id: r\n    when: message\n    if: { text_has_any: [@all] }\n    then: delete", ["10:26: text that begins with `@` needs quotes"]),
        ("rules:\n  - id: r\n    name: %50\n    when: message\n    then: delete", ["9:11: text that begins with `%` needs quotes"]),
        ("rules:\n  - id: r\n    name: `x\n    when: message\n    then: delete", ["9:11: text that begins with ``` needs quotes"]),
        ('rules:\n  - id: r\n    name: "open\n    when: message\n    then: delete\n    mode: "off"', ['9:11: the quote `"` that opens here is not closed on its line']),
        ("rules:\n  - id: r\n    name: 'open\n    when: message\n    then: delete", ["9:11: the quote `'` that opens here is not closed on its line"]),
        ("rules:\n  - id: r\n    name: note: this\n    when: message\n    then: delete", ["9:11: text with `: ` inside needs quotes around it"]),
        ("rules:\n  - id: r\n     when: message\n    then: delete", ["9:6: indented too far: the key above begins in column 5, this one in column 6"]),
        ("rules:\n  - id: r\n    when: message\n   then: delete", ["10:4: wrong indentation: keys that belong together begin in one column"]),
        ("copy:\n  a.b: {name} hello", ["8:8: text that begins with `{` and goes on needs quotes around all of it"]),
        ("copy:\n  a.b: \"\\d\"", ['8:9: after a `\\` in "..." only n, t, " and \\ may stand; write \\\\ for a plain `\\`, or use single quotes']),
        ("copy:\n  a.b: [x, y", ["8:8: the list that `[` opens is never closed with `]`"]),
        ("platforms\nroles: {}", ["7:1: no `: ` after `platforms`; write `key: value`"]),
        ("copy:\n  a.b: x\x07y", ["8:9: an invisible control character (U+0007); delete it"]),
    ],
)  # fmt: skip
def test_a_slip_is_recognised_at_its_place(complaints, base, lines, expected):
    told = complaints(base + lines + "\n")
    assert [line.removeprefix("config.yaml:") for line in told] == expected


def test_after_a_slip_the_rest_of_the_file_is_looked_at_too(complaints, base):
    text = (
        base
        + 'rules:\n  - id：r\n    when: mesage\n    then: [delet, @x]\n    name: "a\n    mode: of\n  - { id: s, when: message, then: { mute: 1y } }\n'
    )
    told = complaints(text)
    assert [line.split(":")[1] for line in told] == ["8", "9", "10", "10", "10", "11", "12", "13"]


def test_columns_after_a_mended_slip_are_those_of_the_file(complaints, base):
    told = complaints(base + "rules:\n  - { id：r, when: message, then: delet }\n")
    assert told[1].startswith("config.yaml:8:34: rules[0].then: unknown step `delet`")


def test_full_width_signs_inside_texts_are_texts(loading, base):
    text = base + (
        "rules:\n"
        "  - id: r\n"
        "    name: 提醒：“大家好”，请看【公告】\n"
        "    when: message\n"
        '    if: { text_has_any: ["id：", "【广告】", "加微信，私聊"] }\n'
        "    then: { remind: 请注意：不要刷屏 }\n"
        "copy:\n"
        "  a.b: |\n"
        "    id：1\n"
        "    　　mode：这不是键\n"
        "\twhen: a tab\n".replace("\t", "    \t")
        + '  a.c: "“引号”"\n'
        "  a.d: “引号”\n"
        "  a.e: [你好，世界]\n"
    )
    loaded = loading(text)
    assert loaded.config.rules[0].name == "提醒：“大家好”，请看【公告】"
    assert loaded.copy["a.b"] == {"en": ("id：1\n　　mode：这不是键\n\twhen: a tab",)}
    assert loaded.copy["a.c"] == loaded.copy["a.d"] == {"en": ("“引号”",)}
    assert loaded.copy["a.e"] == {"en": ("你好，世界",)}


def test_words_that_yaml_would_make_numbers_or_truths_stay_texts(loading, base):
    text = base + (
        "rules:\n"
        "  - { id: no, name: 22:30, when: message, then: delete, mode: off }\n"
        "copy: { on: 1_000, a: 0x1F, b: 2026-01-01, c: yes }\n"
    )
    rule = loading(text).config.rules[0]
    assert (rule.id, rule.name, rule.mode) == ("no", "22:30", "off")
    assert loading(text).config.copy_ == {"on": "1_000", "a": "0x1F", "b": "2026-01-01", "c": "yes"}


def test_keys_written_twice_are_refused_with_both_lines(complaints, base):
    told = complaints(base + "windows:\n  w: { from: '08:00' }\n  w: { from: '09:00' }\nwindows: {}\n")
    assert told == [
        "config.yaml:9:3: `w` is written twice, first on line 8",
        "config.yaml:10:1: `windows` is written twice, first on line 7",
    ]


def test_an_alias_bomb_does_not_go_off(complaints):
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
    )
    told = complaints(bomb)
    assert "config.yaml:1:5: YAML anchors (&a0) are not used here; write it out, or put the text in quotes" in told
    assert any("YAML aliases (*a0) are not used here" in line for line in told)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\n<<: { b: 2 }\n", "YAML merge keys (<<) are not used here"),
        ("a: !!python/object:os.system x\n", "YAML tags (tag:yaml.org,2002:python/object:os.system) are not used here"),
        ("a: 1\n---\nb: 2\n", "a second document (---) begins here"),
        ("a: " + "[" * 5000 + "\n", "nested deeper than 40"),
        ("? [a]\n: b\n", "a key must be a word"),
        ("- a\n- b\n", "a configuration consists of sections such as `rules:`"),
        ("just words\n", "a configuration consists of sections such as `rules:`"),
        ("", "is empty"),
        ("# a comment\n", "is empty"),
    ],
)
def test_what_is_no_configuration_is_refused(complaints, text, expected):
    assert any(expected in line for line in complaints(text))


def test_a_file_that_is_not_utf8_names_the_byte_and_line(complaints):
    text = 'version: 1\nname: "加微信"\n'
    assert complaints(text.encode("gbk")) == [
        "config.yaml:2:8: byte 19 (0xBC) is not UTF-8; it looks like GBK (ANSI, as Windows writes it): save it as UTF-8"
    ]
    assert complaints(b"a: 1\r\nb: \xff\xfe\xff") == ["config.yaml:2:4: byte 10 (0xFF) is not UTF-8; save it as UTF-8"]
    assert complaints(text.encode("utf-16")) == ["config.yaml:1:1: is saved as UTF-16; save it as UTF-8"]


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(loading, complaints, base):
    assert loading(b"\xef\xbb\xbf" + base.replace("\n", "\r\n").encode()).version == loading(base).version
    assert complaints(base.replace("\n", "\r\n") + "x: 1\r\n")[0].startswith("config.yaml:7:1: x: unknown key")


def test_a_file_that_is_too_big_is_refused(complaints):
    assert complaints("# " + "x" * 2_000_000) == ["config.yaml: is 2.0 MB; a file of a configuration may have 2 MB"]
