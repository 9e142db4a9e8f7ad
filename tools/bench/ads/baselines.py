"""What the detector is measured beside: linear models of scikit-learn as one would write them, and a list of words."""

import importlib.util
from collections.abc import Callable, Sequence
from typing import Final, Protocol

import numpy as np

from bot.classification.measures import Scores
from rules.detectors.phrases import phrase_book
from tools.detection.data import Row

NEEDED: Final = "the others need scikit-learn: .venv/bin/pip install -r requirements/train.txt"
_GRAMS: Final = (1, 4)
_BUCKETS: Final = 2**18


class Scorer(Protocol):
    """Gives texts scores: the higher, the more like an advertisement."""

    def __call__(self, texts: Sequence[str], /) -> Scores: ...


Baseline = Callable[[Sequence[Row]], Scorer]
"""Learns from labelled messages."""


def baselines() -> dict[str, Baseline]:
    """Those that can be measured here, by what they are called in the table."""
    found: dict[str, Baseline] = {}
    if importlib.util.find_spec("sklearn") is not None:
        found["linear SVM"] = support_vectors
        found["hashed LR"] = hashed_regression
    found["phrases"] = phrases
    return found


def support_vectors(rows: Sequence[Row]) -> Scorer:
    """The tf-idf of 1 to 4 characters, and a linear support vector machine."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - only where it is installed
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    reading = TfidfVectorizer(analyzer="char", ngram_range=_GRAMS, sublinear_tf=True, min_df=2)
    return _fitted(make_pipeline(reading, LinearSVC(C=1.0, random_state=0)), rows)


def hashed_regression(rows: Sequence[Row]) -> Scorer:
    """Runs of 1 to 4 characters hashed, and a logistic regression."""
    from sklearn.feature_extraction.text import HashingVectorizer  # noqa: PLC0415 - only where it is installed
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415

    reading = HashingVectorizer(analyzer="char", ngram_range=_GRAMS, n_features=_BUCKETS, alternate_sign=False)
    return _fitted(make_pipeline(reading, LogisticRegression(C=10.0, solver="liblinear", random_state=0)), rows)


def phrases(rows: Sequence[Row]) -> Scorer:
    """How many of the phrases that the detector takes for clues stand in the text as it is written; learns nothing."""
    known = phrase_book()

    def score(texts: Sequence[str]) -> Scores:
        return np.array([len(known.said_in(text.lower())) for text in texts], np.float64)

    return score


class _Pipeline(Protocol):
    def fit(self, texts: Sequence[str], ads: Sequence[bool], /) -> object: ...
    def decision_function(self, texts: Sequence[str], /) -> Scores: ...


def _fitted(pipeline: _Pipeline, rows: Sequence[Row]) -> Scorer:
    pipeline.fit([row.text.lower() for row in rows], [row.ad for row in rows])

    def score(texts: Sequence[str]) -> Scores:
        return pipeline.decision_function([text.lower() for text in texts])

    return score
