"""``groupkeeper classify``: an answer for every line, in order, for people or programs."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

ADVERT = "加薇信 abc12345 领取免费资料，兼职日结500元"
ORDINARY = "see you at the library on friday"
STRANGE = "our violin club has two free chairs, ask Mira about her lessons at the mill"


def answers(done: Any) -> list[dict[str, Any]]:
    """What was printed as JSON lines, as a program that knows no NaN reads it."""
    assert done.returncode == 0, done.stderr

    def refused(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    return [json.loads(line, parse_constant=refused) for line in done.stdout.split("\n")[:-1]]


def labelled(file: Path, *rows: tuple[str, str]) -> Path:
    file.write_text("".join(json.dumps({"text": text, "label": label}) + "\n" for text, label in rows))
    return file


def test_every_line_is_answered_in_order(groupkeeper: Any) -> None:
    lines = [ADVERT, "", json.dumps({"text": ADVERT}), ORDINARY, '{"text": null}', "{broken", "last, without an end"]
    found = answers(groupkeeper("classify", "--json", stdin="\n".join(lines)))
    assert len(found) == len(lines)
    for answer in found:
        assert list(answer) == ["score", "band", "reasons", "folded"]
        assert 0 <= answer["score"] <= 1
        assert answer["band"] in {"certain", "likely", "unsure", "ordinary"}
        assert all(list(reason) == ["kind", "weight", "detail"] for reason in answer["reasons"])
        weights = [abs(reason["weight"]) for reason in answer["reasons"]]
        assert weights == sorted(weights, reverse=True)
    assert found[0] == found[2]
    assert found[0]["score"] >= 0.9
    assert [answer["band"] for answer in (found[1], found[3], found[4])] == ["ordinary"] * 3
    assert found[3]["folded"] == ORDINARY
    assert found[6]["folded"] == "last, without an end"


def test_files_are_read_plain_or_packed_and_bytes_that_are_no_text_are_answered(
    groupkeeper: Any, tmp_path: Path
) -> None:
    content = f"{ADVERT}\n".encode() + b"not \xff\xfe UTF-8\n" + '{"text": "half \\ud83d, \u2028 \x85"}\n'.encode()
    (tmp_path / "texts.txt").write_bytes(content)
    (tmp_path / "texts.gz").write_bytes(gzip.compress(content))
    plain = groupkeeper("classify", "--json", "texts.txt")
    assert len(answers(plain)) == 3
    assert len(plain.stdout.splitlines()) == 3  # no line of JSON looks like two
    assert groupkeeper("classify", "--json", "texts.gz").stdout == plain.stdout
    assert groupkeeper("classify", "--json", "-", stdin=ADVERT).stdout == plain.stdout.split("\n")[0] + "\n"


def test_a_huge_line_is_answered_by_its_ends(groupkeeper: Any, tmp_path: Path) -> None:
    (tmp_path / "huge.txt").write_text("the lake is calm today, " * 400_000 + ADVERT)
    (answer,) = answers(groupkeeper("classify", "--json", "huge.txt"))
    assert len(answer["folded"]) < 10_000
    assert "abc12345" in answer["folded"]


def test_of_an_empty_file_there_is_nothing_to_say(groupkeeper: Any) -> None:
    done = groupkeeper("classify", "--json", stdin="")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_people_read_how_sure_it_is_and_why_with_the_telling_words_marked(groupkeeper: Any) -> None:
    done = groupkeeper("classify", "--lang", "en", stdin=f"{ADVERT}\n{ORDINARY}\n")
    first, *reasons, last = done.stdout.splitlines()
    assert first.endswith(ADVERT)
    assert first.split()[0].endswith("%")
    assert any("a WeChat contact" in line for line in reasons)
    assert any("As written: " in line and "【" in line for line in reasons)
    assert last.endswith(ORDINARY)
    chinese = groupkeeper("classify", "--lang", "zh", stdin=ADVERT)
    assert "微信" in chinese.stdout
    assert "As written" not in chinese.stdout


def test_corrections_count_for_what_is_scored_after(groupkeeper: Any, tmp_path: Path) -> None:
    (before,) = answers(groupkeeper("classify", "--json", stdin=STRANGE))
    learn = labelled(tmp_path / "said.jsonl", (STRANGE, "ad"), (ADVERT, "ham"))
    strange, advert = answers(groupkeeper("classify", "--json", "--learn", learn, stdin=f"{STRANGE}\n{ADVERT}\n"))
    assert before["score"] < 0.9 <= strange["score"]
    assert {"kind": "taught.ad", "detail": "100% ≈ line 1"}.items() <= strange["reasons"][0].items()
    assert advert["band"] == "ordinary"


def test_contradicting_and_missing_corrections_are_told(groupkeeper: Any, tmp_path: Path) -> None:
    plain = groupkeeper("classify", "--json", stdin=STRANGE)
    learn = labelled(tmp_path / "said.jsonl", (STRANGE, "ad"), (STRANGE, "ham"))
    done = groupkeeper("classify", "--json", "--learn", learn, stdin=STRANGE)
    assert done.stdout == plain.stdout
    assert "1 text is labelled both ad and ham" in done.stderr
    done = groupkeeper("classify", "--json", "--learn", labelled(tmp_path / "none.jsonl"), stdin=STRANGE)
    assert done.stdout == plain.stdout
    assert "nothing was learned" in done.stderr
    labelled(learn, (STRANGE, "ad"), (STRANGE, "perhaps"))
    done = groupkeeper("classify", "--json", "--learn", learn, stdin=STRANGE)
    assert (done.returncode, done.stdout) == (1, "")
    assert "said.jsonl:2:1: `perhaps` is no label; write ad or ham" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("nowhere.txt",), 2, "does not exist"),
        (("folder",), 2, "is a directory"),
        (("--learn", "folder"), 2, "is a directory"),
        (("cut.gz",), 1, "cut.gz: it is packed with gzip and damaged"),
        (("--learn", "cut.gz"), 1, "cut.gz: it is packed with gzip and damaged"),
        (("--weights", "cut.gz"), 1, "cut.gz: this is no file of weights"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(
    groupkeeper: Any, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b'{"text": "x", "label": "ad"}\n' * 500)[:-9])
    done = groupkeeper("classify", "--json", *arguments, stdin="x")
    assert done.returncode == code
    assert words in done.stderr
    assert "fault" not in done.stderr
