"""What is kept of a message that is learned from: hashes, and what the model said of it. No word can be read back."""

from msgspec import Struct

from rules.detectors.features import FEATURES_VERSION, Features
from rules.detectors.looking import examine
from rules.detectors.model import Look, Model
from rules.detectors.sketch import sketch_of


class Traits(Struct, frozen=True):
    """The packed features and sketch of a message, and its log-odds."""

    features: bytes
    logit: float
    sketch: bytes | None = None
    features_version: str = FEATURES_VERSION


def traits_of(text: str, model: Model) -> Traits | None:
    """The traits of a text; None where there is nothing in it to learn from."""
    examined = examine(model, text)
    if not text.strip() or not len(examined.look.features.indices):
        return None
    sketch = sketch_of(examined.view)
    return Traits(examined.look.features.packed(), examined.look.logit, sketch.packed() if sketch else None)


def look_from(features: bytes, logit: float) -> Look:
    """What the model saw, from what was kept of it. Raises ``ValueError`` where that is damaged."""
    return Look(logit, Features.unpacked(features))
