"""What detectors think. They give opinions; rules decide."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from rules.conditions.fields import READABLE, Share
from rules.detectors.deciding import Weighed, weigh
from rules.detectors.opinion import reach
from rules.events import Event
from rules.facts import Facts
from rules.step import Condition

_WORDS = {"likely": 0.90, "certain": 0.99}


def _how_sure(value: Any) -> Any:
    if isinstance(value, str) and not value.strip().rstrip("%").replace(".", "", 1).isdigit():
        word = value.strip().lower()
        if word not in _WORDS:
            raise ValueError("write likely (90%), certain (99%) or a share such as 95%")
        return _WORDS[word]
    return value


Sureness = Annotated[Share, BeforeValidator(_how_sure, json_schema_input_type=float | str)]


class DetectorSays(Condition):
    """A detector is at least so sure.

    ```yaml
    detector: { name: ad, at_least: 99% }
    ```
    """

    step = "detector"
    kinds = READABLE

    name: str = Field(min_length=1)
    at_least: Sureness = 0.9

    def detectors(self) -> frozenset[str]:
        return frozenset({self.name})

    def holds(self, event: Event, facts: Facts) -> bool:
        verdict = facts.verdicts.get(self.name)
        return verdict is not None and Weighed(verdict.score, reach=reach(verdict)).is_at_least(self.at_least)

    def seen(self, event: Event, facts: Facts) -> str:
        return describe(self.name, facts)


class Ad(Condition):
    """The detector of advertisements is sure: `likely` (90%), `certain` (99%), or as much as you say.

    What `ads:` says of the group counts in: allow-lists, windows, trust, sensitivity.

    ```yaml
    ad: certain
    ```
    """

    step = "ad"
    scalar = "at_least"
    kinds = READABLE

    at_least: Sureness = 0.9

    def detectors(self) -> frozenset[str]:
        return frozenset({"ad"})

    def holds(self, event: Event, facts: Facts) -> bool:
        verdict = facts.verdicts.get("ad")
        return verdict is not None and weigh(verdict, event, facts).is_at_least(self.at_least)

    def seen(self, event: Event, facts: Facts) -> list[str]:
        verdict = facts.verdicts.get("ad")
        if verdict is None:
            return ["no_opinion"]
        weighed = weigh(verdict, event, facts)
        told = [f"{weighed.score:.1%}"]
        told += [weighed.because] if weighed.because else []
        return [*told, "opinion_awaited"] if weighed.awaits(self.at_least) else told


def describe(name: str, facts: Facts) -> str:
    """A detector's opinion in a line: its score and its weightiest reasons."""
    verdict = facts.verdicts.get(name)
    if verdict is None:
        return f"no opinion of `{name}`"
    reasons = sorted(verdict.reasons, key=lambda reason: -abs(reason.weight))[:3]
    return " ".join([f"{verdict.score:.3f}", *(f"[{reason.detail or reason.kind}]" for reason in reasons)])
