"""The training from lessons to a model: reading, a linear fit on every fold, the network over what they say."""

from collections.abc import Callable, Sequence
from multiprocessing import get_context

import msgspec
import numpy as np
from numpy.typing import NDArray

from rules.detectors.clues import Clue
from rules.detectors.combining import SCRIPTS, Combiner, script_of
from rules.detectors.extract import clues_in
from rules.detectors.features import CLUES_FROM, FEATURES_VERSION, Features, Floats
from rules.detectors.folding import view_of
from rules.detectors.model import Model
from rules.detectors.signals import SIGNALS, Linear, Sight, sight_of
from tools.detection.augment import Lesson
from tools.detection.data import DataError, fold_of
from tools.detection.everyday.making import LANGUAGES, SOURCE
from tools.detection.fitting import fit_line, fit_linear, fit_network, quantised, rarity_of

Say = Callable[[str], None]
CLUE_COST = 0.1
EVERYDAY = frozenset(SOURCE.format(language) for language in LANGUAGES)
CERTAIN = 4.6
"""The log-odds of 99%, from which on messages are acted on."""
CALM = 1e-4
"""The share of private chat (sources without any advertisement) that may seem that certain."""
CALM_MADE_UP = 5e-3
"""The share of made-up everyday messages that may: their patterns are meant to be hard."""

# The share of the advertisements and of the ordinary: much of what a game's trade calls ordinary is advertising.
TAKEN = {"game_zh": (0.3, 0.0)}
# How much a text counts where scores become probabilities: the text messages of operators are no group's chat.
JUDGED = {"game_zh": 0.05, "fbs_sms_zh": 0.2, "sms800k_msglog": 0.2, "sms800k_zpdesu": 0.2, "sms_xhacker": 0.2}


class Settings(msgspec.Struct, frozen=True):
    """What can be chosen about a training."""

    seed: int = 1
    folds: int = 3
    cost: float = 1.0
    rounds: int = 8
    hidden: int = 24
    processes: int = 2
    everyday: float = 0.08  # how much a made-up message counts, or a row with something made up in it
    made_up: float = 0.1  # how much these count where scores become probabilities
    tricks: float = 0.5
    padding: float = 0.25
    taken: dict[str, tuple[float, float]] = msgspec.field(default_factory=lambda: dict(TAKEN))
    judged: dict[str, float] = msgspec.field(default_factory=lambda: dict(JUDGED))

    def takes(self, lesson: Lesson) -> bool:
        """Whether a row is learned from: of some sources only a share is, chosen by the hash of its text."""
        ads, ordinary = self.taken.get(lesson.source, (1.0, 1.0))
        return fold_of(lesson.origin, 100) < 100 * (ads if lesson.ad else ordinary)

    def counts(self, lesson: Lesson) -> float:
        """How much a row counts where scores become probabilities."""
        made_up = self.made_up if lesson.made == "everyday" else 1.0
        return made_up * self.judged.get(lesson.source, 1.0)


class Read(msgspec.Struct, frozen=True):
    """What folding and the extractors made of a text: all that the model is shown."""

    text: str
    pinyin: str
    reversed: str
    clues: tuple[Clue, ...]


def read(text: str) -> Read:
    """A text as the running bot would show it to the model."""
    view = view_of(text)
    return Read(view.text, view.pinyin, view.reversed, clues_in(view))


def sight(text: str) -> Sight:
    """What the model sees of a text."""
    shown = read(text)
    return sight_of(shown, shown.clues)


def sights(texts: Sequence[str], processes: int = 2) -> list[Sight]:
    """What the model sees of every text, in their order."""
    if processes < 2 or len(texts) < 1000:
        return [sight(text) for text in texts]
    with get_context("fork").Pool(processes) as pool:
        shown = pool.map(read, texts, chunksize=400)
    return [sight_of(one, one.clues) for one in shown]


def train(lessons: Sequence[Lesson], seen: Sequence[Sight], settings: Settings, say: Say = print) -> Model:
    """A model out of lessons and what was read of them."""
    ads = np.array([lesson.ad for lesson in lessons])
    if not ads.any() or ads.all():
        raise DataError("nothing to learn: there must be advertisements and ordinary messages")
    rarity = rarity_of([one.indices for one, lesson in zip(seen, lessons, strict=True) if not lesson.made])
    blank = Linear(np.zeros(0, np.float32), rarity, 1.0, 0.0)
    features = [blank.scaled(one) for one in seen]
    shares = np.array([settings.everyday if lesson.made == "everyday" else 1.0 for lesson in lessons])
    folds = np.array([fold_of(lesson.origin, settings.folds) for lesson in lessons])
    signals = np.zeros((len(lessons), len(SIGNALS)), np.float32)
    jobs = [(np.flatnonzero(folds != fold), fold) for fold in range(settings.folds)]
    for fold, linear in zip(
        range(settings.folds), _linears(features, ads, shares, rarity, [job[0] for job in jobs], settings), strict=True
    ):
        for place in np.flatnonzero(folds == fold).tolist():
            signals[place] = linear.signals(seen[place], features[place])
        say(f"  fold {fold + 1} of {settings.folds}")
    (whole,) = _linears(features, ads, shares, rarity, [np.arange(len(lessons))], settings)
    combiner = combine(lessons, signals, ads, settings)
    return Model(version_of(whole, combiner), whole, combiner)


def combine(lessons: Sequence[Lesson], signals: Floats, ads: NDArray[np.bool_], settings: Settings) -> Combiner:
    """The second stage, from the signals of texts that the first had not seen."""
    scripts = np.array([script_of(one) for one in signals])
    shares = np.array([settings.counts(lesson) for lesson in lessons])
    fitted = fit_network(signals, ads, shares, settings.hidden, seed=settings.seed)
    lines = {"slopes": np.ones(len(SCRIPTS), np.float32), "shifts": np.zeros(len(SCRIPTS), np.float32)}
    outer_bias = float(fitted.pop("outer_bias")[0])
    combiner = Combiner(**fitted, **lines, outer_bias=outer_bias)
    answers = np.array([combiner.raw(one) for one in signals])
    selling = {lesson.source for lesson in lessons if lesson.ad}
    private = np.array([lesson.source not in selling and not lesson.made for lesson in lessons])
    made_up = np.array([lesson.source in EVERYDAY for lesson in lessons])
    for script in range(len(SCRIPTS)):
        inside = scripts == script
        neutral = shares.copy()
        for label in (True, False):
            chosen = inside & (ads == label)
            neutral[chosen] /= max(1e-9, neutral[chosen].sum())
        if ads[inside].any() and not ads[inside].all():
            neutral[inside] *= inside.sum()
            slope, shift = fit_line(answers[inside], ads[inside], neutral[inside])
            for calm, share in ((inside & private, CALM), (inside & made_up, CALM_MADE_UP)):
                if calm.any():
                    shift = min(shift, CERTAIN - slope * float(np.quantile(answers[calm], 1 - share)))
            lines["slopes"][script], lines["shifts"][script] = slope, shift
    return combiner


def score(model: Model, texts: Sequence[str], processes: int = 2) -> NDArray[np.float64]:
    """The model's log-odds for every text."""
    if processes < 2 or len(texts) < 1000:
        shown = list(map(read, texts))
    else:
        with get_context("fork").Pool(processes) as pool:
            shown = pool.map(read, texts, chunksize=400)
    return np.array([model.look(one, one.clues).logit for one in shown])


def version_of(linear: Linear, combiner: Combiner) -> str:
    """A name for the weights that is theirs alone."""
    from hashlib import blake2b  # noqa: PLC0415

    digest = blake2b(linear.weights.tobytes() + combiner.inner.tobytes() + combiner.shifts.tobytes(), digest_size=4)
    return f"{FEATURES_VERSION}-{digest.hexdigest()}"


def _linears(
    features: Sequence[Features],
    ads: NDArray[np.bool_],
    shares: NDArray[np.float64],
    rarity: NDArray[np.uint8],
    chosen: Sequence[NDArray[np.intp]],
    settings: Settings,
) -> list[Linear]:
    """A linear machine for each choice of texts, two at a time."""

    def fit(places: NDArray[np.intp]) -> Linear:
        words, clues = zip(*(_parted(features[place]) for place in places.tolist()), strict=True)
        how = (settings.rounds, settings.seed)
        weights, bias = fit_linear(words, ads[places], shares[places], settings.cost, *how)
        weights += fit_linear(clues, ads[places], shares[places], CLUE_COST, *how)[0]
        eighths, step = quantised(weights)
        return Linear(eighths, rarity, step, bias)

    if settings.processes < 2 or len(chosen) < 2:
        return [fit(places) for places in chosen]
    global _FIT  # noqa: PLW0603 (a forked child finds the texts here without their being sent to it)
    _FIT = fit
    with get_context("fork").Pool(settings.processes) as pool:
        return pool.map(_fit, chosen, chunksize=1)


def _parted(features: Features) -> tuple[Features, Features]:
    """The n-grams, and the clues, which are weighed by themselves."""
    cut = int(features.indices.searchsorted(CLUES_FROM))
    one, other = features.indices, features.values
    return Features(one[:cut], other[:cut]), Features(one[cut:], other[cut:])


_FIT: Callable[[NDArray[np.intp]], Linear] | None = None


def _fit(places: NDArray[np.intp]) -> Linear:
    assert _FIT is not None  # noqa: S101
    return _FIT(places)
