"""The detector is measured beside its baselines on the same messages, and part by part."""

import json
from pathlib import Path

import numpy as np
import pytest

from tools.bench import __main__ as bench
from tools.bench.ads import baselines, figures, steps
from tools.bench.ads.corpus import LANGUAGES, made_up
from tools.bench.ads.figures import Scored
from tools.bench.ads.rows import FOLDER, Part, labelled, parts
from tools.detection.data import Row


def a_row(text: str, label: str, split: str = "test", source: str = "club", lang: str = "en") -> Row:
    return Row(text, label, lang, source, split)


def some_rows(count: int = 12) -> list[Row]:
    return [
        a_row(f"{'cheap loans, write to @lender' if ad else 'see you at the lake'} {number}", label, split)
        for split in ("train", "test")
        for ad, label in ((True, "ad"), (False, "ham"))
        for number in range(count)
    ]


def test_the_made_up_corpus_is_the_same_for_a_seed_and_says_nothing_twice() -> None:
    rows = made_up(seed=3, each=90)
    assert rows == made_up(seed=3, each=90)
    assert rows != made_up(seed=4, each=90)
    assert len({(row.lang, row.text) for row in rows}) == len(rows) == 90 * len(LANGUAGES)
    for lang in LANGUAGES:
        own = [row for row in rows if row.lang == lang]
        assert sum(row.ad for row in own) == 30
        assert {row.split for row in own} == {"train", "test"}
    assert not any("{" in row.text for row in rows)


def test_some_wares_are_advertised_only_where_nobody_learns() -> None:
    rows = made_up(each=900)
    late = [ware for language in LANGUAGES.values() for ware in language.late]
    assert not any(ware in row.text for row in rows if row.split == "train" for ware in late)
    assert any(ware in row.text for row in rows if row.split == "test" for ware in late)


def test_a_folder_that_is_named_is_measured_on_and_else_made_up_messages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(FOLDER, raising=False)
    rows, origin, real = labelled()
    assert rows == made_up()
    assert "made-up" in origin
    assert not real
    fields = ("text", "label", "lang", "source", "split")
    lines = (json.dumps({name: getattr(row, name) for name in fields}) for row in some_rows())
    (tmp_path / "club.jsonl").write_text("\n".join(lines))
    monkeypatch.setenv(FOLDER, str(tmp_path))
    assert labelled() == (tuple(some_rows()), str(tmp_path), True)


def test_what_is_tried_was_not_learned_and_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.bench.ads.rows.MOST_LEARNED", 5)
    monkeypatch.setattr("tools.bench.ads.rows.MOST_TRIED", 7)
    rows = [*some_rows(), a_row("nur ein Wort", "ham", lang="de")]  # one kind alone: nothing can be told of it
    (part,) = parts(rows)
    assert part.name == "en"
    assert {row.split for row in part.learned} == {"train"}
    assert {row.split for row in part.tried} == {"test"}
    assert [sum(row.ad is ad for row in part.learned) for ad in (True, False)] == [5, 5]
    assert [sum(row.ad is ad for row in part.tried) for ad in (True, False)] == [7, 7]
    assert parts(reversed(rows)) == [part]


def test_known_sources_are_put_together_as_in_the_reports_of_the_detector() -> None:
    rows = [
        row
        for split in ("train", "test")
        for row in (
            a_row("加我微信", "ad", split, "qq_univ", "zh"),
            a_row("晚上见", "ham", split, "nus_zh", "zh"),
            a_row("金币出售", "ad", split, "game_zh", "zh"),
        )
    ]
    (part,) = parts(rows)
    assert (part.name, {row.source for row in part.tried}) == ("zh", {"qq_univ", "nus_zh"})


def test_the_aim_is_the_best_baseline_and_each_ratio_is_told() -> None:
    part = Part("en", [], [a_row(f"{number}", "ad" if number < 4 else "ham") for number in range(8)])
    ham = [0.1, 0.2, 0.3, 0.4]
    found = {
        figures.OURS: Scored(np.array([0.9, 0.8, 0.7, 0.3, *ham]), [10.0]),
        "one": Scored(np.array([0.9, 0.8, 0.3, 0.3, *ham]), [20.0]),
        "two": Scored(np.array([0.9, 0.1, 0.3, 0.3, *ham]), [5.0]),
        "three": Scored(np.zeros(8), [5.0]),
    }
    about, ours, *theirs = list(figures.recalls(part, found, "; here"))[:5]
    assert about.note == "4 ads, 4 ordinary; baselines learned from 0; here"
    assert (ours.value, ours.aim, ours.met) == (0.75, 0.5, True)
    assert [figure.value for figure in theirs] == [0.5, 0.25, 0.0]
    told = ["ours finds 1.50 times as many", "ours finds 3.00 times as many", "ours finds infinitely as many"]
    assert [figure.note for figure in theirs] == told
    assert all(figure.aim is None for figure in figures.recalls(part, found, aimed=False))


def test_the_section_prints_recall_cost_and_ratios_with_or_without_scikit_learn(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.bench.ads.rows.made_up", lambda: made_up(each=60))
    monkeypatch.setattr(figures, "ROUNDS", 1)
    monkeypatch.delenv(FOLDER, raising=False)
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert bench.main(["ads"]) == 0
    printed = capsys.readouterr().out
    for words in (
        "en: recall at 0.1%, ours",
        "zh: recall at 0.5%, ours",
        "made-up",
        "times ours",
        "scikit-learn",
        "p99",
    ):
        assert words in printed
    assert "linear SVM" not in printed


def test_the_baselines_learn_what_advertisements_look_like() -> None:
    pytest.importorskip("sklearn")
    rows = some_rows()
    assert list(baselines.baselines()) == ["linear SVM", "hashed LR", "phrases"]
    for learn in baselines.baselines().values():
        scores = learn(rows)(["cheap loans, write to @lender today", "see you at the lake today"])
        assert scores[0] > scores[1]


def test_every_part_of_a_look_is_timed_and_odd_messages_are_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.bench.ads.rows.made_up", lambda: made_up(each=30))
    monkeypatch.setattr(steps, "ROUNDS", 1)
    monkeypatch.setattr(steps, "ODD", {name: text[:2_000] for name, text in steps.ODD.items()})
    monkeypatch.delenv(FOLDER, raising=False)
    found = {figure.what: figure for figure in steps.steps()}
    assert list(found)[: len(steps.PARTS)] == list(steps.PARTS)
    assert found["fold"].value > 0
    assert sum(found[name].value for name in steps.PARTS) <= found["all of it, p99"].value
    assert {name for name in steps.ODD if found[name].aim == steps.ALLOWED} == set(steps.ODD)


def test_the_folder_is_named_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(FOLDER, "")
    assert bench.main(["ads", "--ads"]) == 2
    assert "python -m tools.bench" in capsys.readouterr().err
    assert bench.main(["ads", "--ads", str(tmp_path)]) == 2
    assert "no labelled messages" in capsys.readouterr().err
    (tmp_path / "club.jsonl").write_text('{"text": "hi", "label": "ham", "lang": "en", "source": "x", "split": "test"}')
    assert bench.main(["ads", "--ads", str(tmp_path)]) == 2
    assert "advertisements and ordinary messages" in capsys.readouterr().err
    assert bench.main(["--ads", str(tmp_path), "nothing-of-the-kind"]) == 2
