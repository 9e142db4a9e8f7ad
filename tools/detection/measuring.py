"""All that is measured of a model, on rows it was not fitted to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

import numpy as np

from tools.detection.artefacts import masked
from tools.detection.data import Row
from tools.detection.metrics import Flags, Scores, calibration_error, recall_above, recall_at, reliability, threshold_at

LANGUAGES = {
    "zh": ("tg_zh", "qq_univ", "nus_zh"),
    "en": ("x_janitr", "youtube_en", "sms_uci", "groupme_en", "nus_en"),
    "ru": ("tg_ru_tizh", "tg_ru_talyguryn", "tgspam_bundled"),
}
CLEAN = ("nus_zh", "nus_en")
BANDS = (0.5, 0.9, 0.99)
Score = Callable[[Sequence[str]], Scores]


@dataclass(frozen=True, slots=True)
class Language:
    """The answers on the rows of one language."""

    scores: Scores
    flags: Flags

    @property
    def ads(self) -> int:
        return int(self.flags.sum())

    @property
    def ordinary(self) -> int:
        return int((~self.flags).sum())

    @property
    def at_tenth(self) -> float:
        return recall_at(self.scores, self.flags, 0.001)

    @property
    def at_half(self) -> float:
        return recall_at(self.scores, self.flags, 0.005)


@dataclass(slots=True)
class Measured:
    """The figures of one model."""

    languages: dict[str, Language] = field(default_factory=dict)
    bands: list[tuple[str, float, float, float, int, int]] = field(default_factory=list)
    clean: dict[str, tuple[int, int]] = field(default_factory=dict)
    reliability: dict[str, list[tuple[float, float, int]]] = field(default_factory=dict)
    errors: dict[str, float] = field(default_factory=dict)
    tricks: list[tuple[str, float, float, float]] = field(default_factory=list)
    marks: list[tuple[str, float, float, int]] = field(default_factory=list)
    variants: float = float("nan")

    def figures(self) -> dict[str, object]:
        """The figures as plain values."""
        return {
            "languages": {
                name: {"ads": one.ads, "ordinary": one.ordinary, "at_tenth": one.at_tenth, "at_half": one.at_half}
                for name, one in self.languages.items()
            },
            "bands": self.bands,
            "clean": self.clean,
            "calibration_error": self.errors,
            "tricks": self.tricks,
            "marks": self.marks,
            "variants": self.variants,
        }


def measure(score: Score, rows: Sequence[Row], seed: int = 7, most: int = 400, tricks: bool = True) -> Measured:
    """Everything that is measured; ``most`` advertisements are hidden by each trick."""
    measured = Measured()
    scores = score([row.text for row in rows])
    flags = np.array([row.ad for row in rows])
    sources = np.array([row.source for row in rows])
    for name, wanted in LANGUAGES.items():
        inside = np.isin(sources, wanted)
        if inside.any() and flags[inside].any() and not flags[inside].all():
            _language(measured, name, Language(scores[inside], flags[inside]))
    for source in CLEAN:
        inside = sources == source
        if inside.any():
            measured.clean[source] = (int((_probability(scores[inside]) >= BANDS[-1]).sum()), int(inside.sum()))
    variant, private = sources == "variant_sms_zh", sources == "nus_zh"
    if variant.any() and private.any():
        both = variant | private
        measured.variants = recall_at(scores[both], flags[both], 0.005)
    if tricks and "zh" in measured.languages:
        measured.tricks = _tricks(score, rows, measured.languages["zh"], seed, most)
    measured.marks = _marks(score, rows, seed, most)
    return measured


def _language(measured: Measured, name: str, one: Language) -> None:
    measured.languages[name] = one
    probabilities = _probability(one.scores)
    for band in BANDS:
        over = probabilities >= band
        right = int((over & one.flags).sum())
        precision = right / int(over.sum()) if over.any() else float("nan")
        measured.bands.append((name, band, precision, right / one.ads, int((over & ~one.flags).sum()), one.ordinary))
    edges = [0, 0.01, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.99, 1.0001]
    measured.reliability[name] = reliability(probabilities, one.flags, edges)
    measured.errors[name] = calibration_error(probabilities, one.flags)


def _tricks(
    score: Score, rows: Sequence[Row], zh: Language, seed: int, most: int
) -> list[tuple[str, float, float, float]]:
    from tools.detection import tricks  # noqa: PLC0415 (its libraries are only needed here)

    ads = [row.text for row in rows if row.ad and row.source in LANGUAGES["zh"]]
    pool = [row.text for row in rows if not row.ad and row.source in LANGUAGES["zh"]]
    chance = Random(seed)  # noqa: S311 (it hides nothing)
    chosen = chance.sample(ads, min(most, len(ads)))
    threshold = threshold_at(zh.scores, zh.flags, 0.005)
    everything = np.ones(len(chosen), np.bool_)
    clean = recall_above(score(chosen), everything, threshold)
    found = [("as it stands", clean, 0.0, 1.0)]
    for name in (*tricks.NAMES, "padded"):
        hidden = [
            tricks.pad(text, pool, chance) if name == "padded" else tricks.apply(name, text, chance) for text in chosen
        ]
        recall = recall_above(score(hidden), everything, threshold)
        found.append((name, recall, 100 * (clean - recall), recall / clean if clean else float("nan")))
    return found


def _marks(score: Score, rows: Sequence[Row], seed: int, most: int) -> list[tuple[str, float, float, int]]:
    """What the marks of single sources do to the answer: digits masked, NAME and URL put before, a <#> behind."""
    chance = Random(seed)  # noqa: S311 (it hides nothing)
    changes: dict[str, Callable[[str], str]] = {
        "digits as x": masked,
        "NAME before": lambda text: "NAME " + text,
        "URL behind": lambda text: text + " URL",
        "<#> behind": lambda text: text + " <#>",
        "[USERNAME] behind": lambda text: text + " [USERNAME]",
    }
    known = [row for row in rows if row.source in {name for names in LANGUAGES.values() for name in names}]
    found = []
    for name, change in changes.items():
        means, new = [], 0
        for ad in (True, False):
            texts = [row.text for row in known if row.ad == ad and change(row.text) != row.text]
            chosen = chance.sample(texts, min(most, len(texts)))
            before, after = score(chosen), score([change(text) for text in chosen])
            means.append(float((after - before).mean()) if chosen else 0.0)
            new = int(((_probability(after) >= BANDS[-1]) & (_probability(before) < BANDS[-1])).sum())
        found.append((name, means[0], means[1], new))
    return found


def _probability(logits: Scores) -> Scores:
    return 1 / (1 + np.exp(-logits))
