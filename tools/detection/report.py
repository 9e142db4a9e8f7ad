"""What a trained model is worth, as a Markdown report with plots."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from tools.detection.measuring import BANDS, Measured

LEFT_OUT_BEFORE = {"tg_zh": 0.10, "x_janitr": 0.03, "youtube_en": 0.14, "sms_uci": 0.50}
BEFORE = {"zh": (0.76, 0.85), "en": (0.65, 0.82), "ru": (0.84, 0.92)}
TITLE = "# What the learned model is worth"


def written(measured: Measured, folder: Path, version: str, about: Mapping[str, object]) -> Path:
    """The report in that folder: ``report.md``, its figures as JSON, and its plots where matplotlib is installed."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "figures.json").write_text(json.dumps(measured.figures(), indent=1, sort_keys=True) + "\n")
    plots = _plotted(measured, folder)
    path = folder / "report.md"
    path.write_text("\n".join(_lines(measured, version, about, plots, _left_out(folder))) + "\n")
    return path


def kept_apart(source: str, figures: Mapping[str, float], folder: Path) -> Path:
    """The figures of a training that left a source out, where the next report finds them."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"without-{source}.json"
    path.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n")
    return path


def _left_out(folder: Path) -> dict[str, dict[str, float]]:
    return {
        path.stem.removeprefix("without-"): json.loads(path.read_text())
        for path in sorted(folder.glob("without-*.json"))
    }


def _lines(
    measured: Measured,
    version: str,
    about: Mapping[str, object],
    plots: Sequence[str],
    left_out: Mapping[str, Mapping[str, float]],
) -> list[str]:
    lines = [
        TITLE,
        "",
        f"Weights {version}. " + "; ".join(f"{name}: {value}" for name, value in about.items()) + ".",
        "",
    ]
    lines += [
        "Measured on rows that no weight was fitted to: each source's test rows, or its dev rows where it has none.",
        "",
        "## Recall where at most a share of the ordinary messages is flagged",
        "",
        *_table(
            ("language", "ads", "ordinary", "at 0.1%", "at 0.5%", "baseline elsewhere (0.1% / 0.5%)"),
            (
                (name, one.ads, one.ordinary, one.at_tenth, one.at_half, " / ".join(map(_said, BEFORE.get(name, ()))))
                for name, one in measured.languages.items()
            ),
        ),
        "",
        "## Bands",
        "",
        *_table(
            ("language", "p at least", "precision", "recall", "ordinary flagged"),
            (
                (name, band, precision, recall, f"{flagged} of {of}")
                for name, band, precision, recall, flagged, of in measured.bands
            ),
        ),
        "",
        f"Ordinary private chat (nus_zh, nus_en) at {BANDS[-1]}: "
        + ", ".join(f"{name} {flagged} of {of}" for name, (flagged, of) in measured.clean.items())
        + ".",
        "",
    ]
    if left_out:
        lines += [
            "## A source that the training never saw",
            "",
            *_table(
                ("source", "ads", "recall at 0.1%", "recall at 0.5%", "baseline at 0.5%"),
                (
                    (name, int(one["ads"]), one["at_tenth"], one["at_half"], LEFT_OUT_BEFORE.get(name, ""))
                    for name, one in left_out.items()
                ),
            ),
            "",
        ]
    lines += [
        "## Tricks",
        "",
        "Recall of Chinese advertisements; the threshold stays where it flags 0.5% of ordinary messages as they stand.",
        "",
        *_table(
            ("trick", "recall", "points lost", "kept"),
            ((name, recall, f"{lost:.1f}", f"{kept:.0%}") for name, recall, lost, kept in measured.tricks),
        ),
        "",
        "## Marks that collectors left",
        "",
        "What the answer (log-odds) changes, on the mean, where a mark of one source is put into a text that had none.",
        "",
        *_table(
            ("mark", "in ads", "in ordinary messages", "ordinary newly flagged at .99"),
            ((name, f"{ad:+.2f}", f"{ham:+.2f}", new) for name, ad, ham, new in measured.marks),
        ),
        "",
        *[f"![{name}]({name}.png)" for name in plots],
    ]
    return lines


def _table(head: Sequence[object], rows: object) -> list[str]:
    assert hasattr(rows, "__iter__")  # noqa: S101
    lines = ["| " + " | ".join(map(str, head)) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(map(_said, row)) + " |" for row in rows]


def _said(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _plotted(measured: Measured, folder: Path) -> list[str]:
    try:
        import matplotlib as mpl  # noqa: PLC0415 (only the report needs it)

        mpl.use("Agg")
        from matplotlib import pyplot as plt  # noqa: PLC0415
    except ImportError:
        return []
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.5))
    for name, one in measured.languages.items():
        ordinary = np.sort(one.scores[~one.flags])[::-1]
        rates = np.unique(np.geomspace(1, len(ordinary), 200).astype(int)) - 1
        recalls = [float((one.scores[one.flags] > ordinary[rate]).mean()) for rate in rates]
        left.plot((rates + 1) / len(ordinary), recalls, label=name)
    left.set(xscale="log", xlabel="share of ordinary messages flagged", ylabel="recall", ylim=(0, 1), xlim=(3e-4, 1))
    left.axvline(0.001, color="grey", lw=0.5)
    left.axvline(0.005, color="grey", lw=0.5)
    left.legend()
    right.plot([0, 1], [0, 1], color="grey", lw=0.5)
    for name, bins in measured.reliability.items():
        right.plot([said for said, _, _ in bins], [was for _, was, _ in bins], marker="o", label=name)
    right.set(xlabel="probability said", ylabel="share that were advertisements")
    right.legend()
    figure.tight_layout()
    figure.savefig(folder / "detection-recall.png", dpi=110, metadata={"Software": None})
    plt.close(figure)
    return ["detection-recall"]
