"""The weights that come with the package."""

from functools import cache
from importlib import resources

from rules.detectors.model import Model


@cache
def shipped_model() -> Model:
    """The model of this version, read once. Raises ``ModelError`` where the file is damaged or of another version."""
    return Model.loads(resources.files("rules.detectors").joinpath("model.bin").read_bytes())
