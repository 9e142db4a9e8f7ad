"""What is kept of a group's messages, as what its head is made of: labels as examples, the sample as looks."""

from collections.abc import Iterable, Iterator

import structlog
from sqlalchemy import Connection

from bot.detection.traits import look_from
from rules.detectors.examples import Example
from rules.detectors.features import FEATURES_VERSION
from rules.detectors.model import Look
from storage import labels
from storage.labels import Label
from storage.samples import Sample

log = structlog.get_logger("groupkeeper.learning")


def examples(said: Iterable[Label]) -> Iterator[Example]:
    """What staff said of messages; what is damaged is left out, and logged."""
    for label in said:
        try:
            look = look_from(label.features, label.logit)
        except ValueError as error:
            log.error("label_damaged", group=label.group, number=label.number, error=str(error))
            continue
        yield Example(look, label.ad, label.by, label.message or f"#{label.number}")


def looks(group: str, sample: Iterable[Sample]) -> Iterator[Look]:
    """What is ordinary in a group; what is damaged is left out, and logged."""
    for one in sample:
        try:
            yield look_from(one.features, one.logit)
        except ValueError as error:
            log.error("sample_damaged", group=group, slot=one.slot, error=str(error))


def by_group(conn: Connection) -> dict[str, list[Example]]:
    """What every group of the operator was taught."""
    taught = labels.teaching_groups(conn)
    return {group: list(examples(labels.in_force(conn, group, FEATURES_VERSION))) for group in taught}
