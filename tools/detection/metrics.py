"""The figures that a detector is judged by: those of ``groupkeeper evaluate``."""

from bot.classification.measures import (
    Flags,
    Scores,
    calibration_error,
    recall_above,
    recall_at,
    reliability,
    threshold_at,
)

__all__ = ["Flags", "Scores", "calibration_error", "recall_above", "recall_at", "reliability", "threshold_at"]
