"""Texts and labels are read from whatever somebody has at hand, and what cannot be read is said with its place."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.classification.files import UnreadableError, files_in, lines_of
from bot.classification.rows import Row, RowError, labelled_rows, rows_of


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("see you on friday", "see you on friday"),
        ('{"text": "see you", "label": "ham"}', "see you"),
        ('  {"text": "two\\nlines"}', "two\nlines"),
        ('{"text": null}', ""),
        ('{"text": 5}', '{"text": 5}'),
        ('{"words": "see you"}', '{"words": "see you"}'),
        ("{broken", "{broken"),
        ("[1, 2]", "[1, 2]"),
        ('"quoted"', '"quoted"'),
        ("", ""),
        ('{"text": "half \\ud83d"}', "half \ud83d"),
        ('{"text": "half \ud83d"}', "half \ud83d"),
        ("{" * 5_000, "{" * 5_000),
    ],
)
def test_a_line_is_a_text_or_an_object_with_one(line: str, text: str) -> None:
    assert [row.text for row in rows_of([line + "\n"])] == [text]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r"))))
def test_there_is_a_row_for_every_line_in_order(lines: list[str]) -> None:
    plain = [row.line for row in rows_of(lines)]
    packed = [row.text for row in rows_of(json.dumps({"text": line}) for line in lines)]
    assert plain == list(range(1, len(lines) + 1))
    assert packed == lines


@pytest.mark.parametrize(
    ("label", "ad"),
    [("ad", True), ("spam", True), (1, True), (True, True), ("AD", True), ("ham", False), (0, False), (False, False)],
)
def test_labels_are_taken_as_people_write_them(label: object, ad: bool) -> None:
    (row,) = labelled_rows([json.dumps({"text": "x", "label": label, "by": "ann", "lang": "en"})], "some.jsonl")
    assert row == Row("x", 1, ad, "ann", "en")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("plain words", 'write one JSON object a line: {"text": "...", "label": "ad"}'),
        ('{"text": "x"}', '"label" is missing; write ad or ham'),
        ('{"text": "x", "label": "maybe"}', "`maybe` is no label; write ad or ham"),
    ],
)
def test_a_row_without_a_label_is_told_with_its_line(line: str, words: str) -> None:
    with pytest.raises(RowError) as raised:
        list(labelled_rows(['{"text": "x", "label": "ad"}', "", line], "some.jsonl"))
    assert str(raised.value) == f"some.jsonl:3:1: {words}"


def test_lines_are_read_whatever_they_are_packed_and_written_in(tmp_path: Path) -> None:
    content = "\ufeff早上好\r\none\u2028line\x0bstill\n".encode() + b"not \xff UTF-8"
    lines = ["早上好\r\n", "one\u2028line\x0bstill\n", "not \ufffd UTF-8"]
    (tmp_path / "plain.txt").write_bytes(content)
    (tmp_path / "packed.bin").write_bytes(gzip.compress(content))
    assert list(lines_of(tmp_path / "plain.txt")) == lines
    assert list(lines_of(tmp_path / "packed.bin")) == lines
    assert next(rows_of(lines)).text == "早上好"


def test_what_cannot_be_read_is_said_in_words(tmp_path: Path) -> None:
    whole = gzip.compress(b"see you\n" * 500)
    (tmp_path / "cut.gz").write_bytes(whole[:-9])
    (tmp_path / "spoilt.gz").write_bytes(whole[:12] + b"\xff" * 12 + whole[24:])
    (tmp_path / "not.gz").write_bytes(whole[:2] + b"nothing of the kind")
    for name in ("cut.gz", "spoilt.gz", "not.gz"):
        with pytest.raises(UnreadableError, match=f"{name}: it is packed with gzip and damaged"):
            list(lines_of(tmp_path / name))
    with pytest.raises(UnreadableError, match="Is a directory"):
        list(lines_of(tmp_path))
    with pytest.raises(UnreadableError, match="none: No such file"):
        list(lines_of(tmp_path / "none"))


def test_folders_stand_for_the_rows_in_them(tmp_path: Path) -> None:
    for name in ("b.jsonl.gz", "a.jsonl", "readme.md"):
        (tmp_path / name).touch()
    single = tmp_path / "readme.md"
    assert list(files_in([single, tmp_path])) == [single, tmp_path / "a.jsonl", tmp_path / "b.jsonl.gz"]
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(UnreadableError, match="holds no file"):
        list(files_in([empty]))
