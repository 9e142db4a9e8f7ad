"""``groupkeeper evaluate``: the figures of labelled messages, as a table and a drawing."""

import gzip
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

ADVERTS = ("加薇信 abc12345 领取免费资料，兼职日结500元", "免费送彩金，点击 https://t.me/+abcd1234 注册领取，名额有限")
TALK = ("see you at the library on friday", "我们明天在图书馆见面", "thanks, that helped a lot")


def write(file: Path, *rows: dict[str, object]) -> Path:
    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    file.write_bytes(gzip.compress(content) if file.suffix == ".gz" else content)
    return file


def some_rows(source: str, split: str = "test", lang: str = "zh") -> list[dict[str, object]]:
    about = {"source": source, "split": split, "lang": lang}
    return [
        *({"text": text, "label": "ad", **about} for text in ADVERTS),
        *({"text": text, "label": "ham", **about} for text in TALK),
    ]


def table(printed: str) -> dict[str, list[str]]:
    """The rows of the first table, by their names."""
    lines = printed.split("\n")
    head = next(number for number, line in enumerate(lines) if "precision" in line)
    end = next(number for number, line in enumerate(lines) if line.startswith("precision, recall"))
    return {line.split()[0]: line.split()[1:] for line in lines[head + 1 : end]}


def test_there_is_a_row_for_all_each_group_each_language_and_each_source(groupkeeper: Any, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    write(folder / "club.jsonl.gz", *some_rows("club"), *some_rows("club", "train"))
    write(folder / "pub.jsonl", *some_rows("pub", "dev", "en"), *some_rows("pub", "train", "en"))
    done = groupkeeper("evaluate", folder, "--group", "both=club,pub", "--plot", "out.svg")
    assert (done.returncode, done.stderr) == (0, "")
    found = table(done.stdout)
    assert list(found) == ["all", "both", "en", "zh", "club", "pub"]
    assert found["all"][:2] == ["4", "6"]  # a source without test rows is tried on its dev rows
    assert found["club"] == found["zh"]
    assert found["all"][5:8] == ["1.000", "1.000", "0"]  # every advertisement above all talk, and no talk acted on
    assert "Reliability" in done.stdout
    assert "median" in done.stdout
    assert "p99" in done.stdout
    assert "nan" not in done.stdout.lower()
    texts = [element.text for element in ElementTree.parse(tmp_path / "out.svg").iter() if element.text]
    assert "club" in texts
    everything = groupkeeper("evaluate", folder, "--all")
    assert table(everything.stdout)["all"][:2] == ["8", "12"]


def test_what_there_are_no_rows_of_is_left_open(groupkeeper: Any, tmp_path: Path) -> None:
    write(tmp_path / "talk.jsonl", *({"text": text, "label": "ham"} for text in TALK))
    done = groupkeeper("evaluate", "talk.jsonl", "--group", "none=elsewhere")
    assert done.returncode == 0
    assert table(done.stdout) == {
        "all": ["0", "3", "–", "–", "–", "–", "–", "0", "0.000%"],
        "none": ["0", "0", "–", "–", "–", "–", "–", "0", "–"],
    }
    assert "nan" not in done.stdout.lower()


def test_a_group_s_corrections_are_taken_in_first(groupkeeper: Any, tmp_path: Path) -> None:
    rows = write(tmp_path / "rows.jsonl", *some_rows("club"))
    backwards = write(tmp_path / "said.jsonl", *({"text": text, "label": "ham"} for text in ADVERTS))
    done = groupkeeper("evaluate", rows, "--learn", backwards)
    assert table(done.stdout)["all"][3] == "0.000"


def test_texts_that_are_labelled_both_are_told(groupkeeper: Any, tmp_path: Path) -> None:
    rows = write(tmp_path / "rows.jsonl", {"text": "x", "label": "ad"}, {"text": "x", "label": "ham"})
    done = groupkeeper("evaluate", rows)
    assert done.returncode == 0
    assert "1 of the texts stand there both as ad and as ham" in done.stderr
    assert table(done.stdout)["all"][5:7] == ["0.000", "0.000"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("nowhere.jsonl",), 2, "does not exist"),
        (("folder",), 1, "folder: holds no file that ends in .jsonl or .jsonl.gz"),
        (("empty.jsonl",), 1, "there is no labelled message"),
        (("plain.jsonl",), 1, "plain.jsonl:1:1: write one JSON object a line"),
        (("cut.jsonl.gz",), 1, "cut.jsonl.gz: it is packed with gzip and damaged"),
        (("rows.jsonl", "--group", "zh"), 2, "write --group NAME=SOURCE,SOURCE"),
        (("rows.jsonl", "--plot", "nowhere/out.svg"), 1, "nowhere/out.svg: No such file"),
        (("rows.jsonl", "--weights", "plain.jsonl"), 1, "plain.jsonl: this is no file of weights"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    groupkeeper: Any, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.jsonl").write_text("\n")
    (tmp_path / "plain.jsonl").write_bytes(b"see you \xff\n")
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(b'{"text": "x", "label": "ad"}\n' * 500)[:-9])
    write(tmp_path / "rows.jsonl", *some_rows("club"))
    done = groupkeeper("evaluate", *arguments)
    assert done.returncode == code
    assert words in done.stderr
    assert "fault" not in done.stderr
