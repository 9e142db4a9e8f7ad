"""The trainer on a small made-up corpus: the same weights twice, a report, and clear errors."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from rules.detectors.extract import clues_in
from rules.detectors.folding import view_of
from rules.detectors.model import Model
from tools.detection.artefacts import masked, neutral
from tools.detection.data import DataError, Row, held_out, load, trained_on
from tools.detection.fitting import fit_line
from tools.detection.metrics import recall_at, threshold_at
from tools.train_detector import main

WARES = ("粉丝", "游戏币", "二手车", "培训课", "保健品", "美容卡", "彩票", "贷款")
TALK = ("吃饭", "上课", "开会", "打球", "看书", "回家", "睡觉", "洗衣服")


def corpus(folder: Path) -> Path:
    """Sixty advertisements and sixty ordinary messages of two sources, a fifth of them to be measured on."""
    for source in ("tg_zh", "qq_univ"):
        rows = []
        for at in range(30):
            split = "test" if at % 5 == 0 else "train"
            ware, talk = WARES[at % 8], TALK[at % 8]
            rows.append({"text": f"低价出售{ware}，加微信 vx{at}{source} 详聊", "label": "ad", "split": split})
            rows.append({"text": f"你今天{talk}了吗，第{at}次问你了", "label": "ham", "split": split})
        written(folder / f"{source}.jsonl.gz", [{**row, "lang": "zh", "source": source} for row in rows])
    return folder


def written(path: Path, rows: list[dict[str, str]]) -> None:
    path.write_bytes(gzip.compress("\n".join(json.dumps(row) for row in rows).encode()))


def trained(data: Path, out: Path, *more: str) -> int:
    return main(
        [str(data), "--out", str(out), "--weights", str(out / "w.bin"), "--no-tricks", "--processes", "1", *more]
    )


def test_the_same_rows_give_the_same_weights_and_they_know_the_difference(tmp_path: Path) -> None:
    data = corpus(tmp_path)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        assert trained(data, tmp_path / name) == 0
    weights = (tmp_path / "one" / "w.bin").read_bytes()
    assert weights == (tmp_path / "two" / "w.bin").read_bytes()
    model = Model.loads(weights)
    ad, ham = (view_of(text) for text in ("低价出售游戏机，加微信详聊", "你今天跑步了吗"))
    assert model.look(ad, clues_in(ad)).logit > 0 > model.look(ham, clues_in(ham)).logit
    report = (tmp_path / "one" / "report.md").read_text()
    assert "| zh | 12 | 12 | 1.000 | 1.000 |" in report


def test_a_source_left_out_is_measured_and_no_weights_are_written(tmp_path: Path) -> None:
    data, out = corpus(tmp_path), tmp_path / "out"
    assert trained(data, out, "--without", "qq_univ") == 0
    figures = json.loads((out / "without-qq_univ.json").read_text())
    assert figures["ads"] == figures["ordinary"] == 30
    assert not (out / "w.bin").exists()


def test_a_source_that_is_not_there_cannot_be_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert trained(corpus(tmp_path), tmp_path / "out", "--without", "elsewhere") == 1
    assert "'elsewhere'" in capsys.readouterr().err


def test_an_empty_corpus_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert trained(tmp_path, tmp_path / "out") == 1
    assert "no labelled messages" in capsys.readouterr().err


def test_one_label_alone_teaches_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = {"text": "加微信", "label": "ad", "lang": "zh", "source": "a", "split": "train"}
    written(tmp_path / "a.jsonl.gz", [row, {**row, "text": "加我微信"}])
    assert trained(tmp_path, tmp_path / "out") == 1
    assert "ordinary messages" in capsys.readouterr().err


def test_rows_that_contradict_each_other_are_not_learned_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = {"text": "加微信", "lang": "zh", "source": "a", "split": "train"}
    written(tmp_path / "a.jsonl.gz", [{**row, "label": "ad"}, {**row, "label": "ham"}])
    assert trained(tmp_path, tmp_path / "out") == 1
    assert "says one thing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{not json}\n", "line 1"),
        (b'{"text": "a", "label": "spam", "lang": "en", "source": "a", "split": "train"}\n', "'spam'"),
        (b'{"text": "a", "label": "ad"}\n', "lang"),
        (b'{"text": "\xff"}\n', "line 1"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "a.jsonl").write_bytes(content)
    with pytest.raises(DataError, match=said):
        load(tmp_path)


def test_a_broken_archive_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(b"no archive")
    with pytest.raises(DataError, match=r"a\.jsonl\.gz"):
        load(tmp_path)


def test_nothing_is_both_learned_from_and_measured_on() -> None:
    rows = [
        Row(text=f"{source} {split}", label="ad", lang="zh", source=source, split=split)
        for source, splits in (("a", ("train", "dev", "test")), ("b", ("train", "dev")))
        for split in splits
    ]
    learned, measured = trained_on(rows), held_out(rows)
    assert {row.text for row in learned} == {"a train", "a dev", "b train"}
    assert {row.text for row in measured} == {"a test", "b dev"}


def test_the_marks_of_collectors_are_filled() -> None:
    assert "DIGIT" not in neutral("仅售 DIGIT 元", "fbs_sms_zh")
    assert neutral("送 xx 元 ， 快来", "sms800k_msglog").startswith("送")
    assert "x" not in neutral("送 xx 元 ， 快来", "sms800k_msglog")
    assert "<#>" not in neutral("see you at <#>", "nus_en")
    assert neutral("see you at <#>", "nus_en") == neutral("see you at <#>", "nus_en")
    assert neutral("爱 xx 你", "tg_zh") == "爱 xx 你"
    assert masked("a1b22") == "axbxx"


def test_recall_is_counted_above_the_threshold_that_the_rate_allows() -> None:
    scores = np.array([0.9, 0.8, 0.7, 0.1, 0.2, 0.3, 0.75])
    ads = np.array([True, True, True, False, False, False, False])
    assert threshold_at(scores, ads, 0.0) == 0.75
    assert recall_at(scores, ads, 0.0) == pytest.approx(2 / 3)
    assert recall_at(scores, ads, 0.25) == 1.0


@pytest.mark.parametrize("factor", [0.02, 1.0, 60.0])
def test_a_line_of_any_steepness_is_found_and_rises(factor: float) -> None:
    chance = np.random.default_rng(3)
    true = chance.normal(0, 3, 4_000)
    ads = chance.random(4_000) < 1 / (1 + np.exp(-true))
    slope, shift = fit_line((true - 1) * factor, ads, np.ones(4_000))
    assert slope * factor == pytest.approx(1, abs=0.15)
    assert shift == pytest.approx(1, abs=0.25)


def test_answers_that_part_the_labels_cleanly_make_no_boundless_line() -> None:
    answers = np.concatenate([np.full(50, -9.0), np.full(50, 9.0)])
    slope, shift = fit_line(answers, answers > 0, np.ones(100))
    assert 0 < slope < 20
    assert abs(shift) < 5
