"""Reading the words in pictures, where the extra ``ocr`` is installed: RapidOCR, with the models in its own package."""

import threading
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import structlog
from PIL import Image

from bot.pictures.looking import ReadWords
from bot.pictures.meter import Meter

PATIENCE = 2.0
"""Seconds of processor time after which no more lines are read; what was read by then counts."""
LINES = 40
"""Lines of a picture."""
AT_ONCE = 6
"""Lines that are read in one step."""
SIDE = 736
"""Pixels of the longer side at which lines are looked for; they are read as large as they are."""
LONGEST = 40
"""How many times as long as high a line may be: what is longer is a rule, or a border."""
SUREST = 0.5
"""Below this sureness, it was no text."""
CHARACTERS = 4_000
"""Of all words of a picture."""

_DETECTION, _RECOGNITION = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"

log = structlog.get_logger("groupkeeper.pictures")


def reader() -> ReadWords | None:
    """What reads words in pictures; None where the extra is not installed."""
    if find_spec("rapidocr") is None or find_spec("onnxruntime") is None:
        return None
    return Words()


class Words:
    """Reads lines of Chinese and Latin writing, top to bottom. The models are loaded when the first picture comes.

    One picture at a time, in one thread: the bot has other things to do on this machine.
    """

    def __init__(self) -> None:
        self._engine: Any = None
        self._lock = threading.Lock()

    def __call__(self, image: Image.Image) -> str:
        """The words in a picture, a line each; nothing where they cannot be read."""
        with self._lock:
            try:
                return "\n".join(self._lines(image, Meter(PATIENCE)))[:CHARACTERS]
            except Exception as error:  # noqa: BLE001 - a picture whose words cannot be read still has its codes
                log.warning("words_not_read", error=f"{type(error).__name__}: {error}")
                return ""

    def _lines(self, image: Image.Image, meter: Meter) -> list[str]:
        engine = self._engine = self._engine or _loaded()
        pixels = np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])
        found = engine.text_det(_wide_enough(pixels))
        if found.boxes is None:
            return []
        crops = [crop for crop in engine.crop_text_regions(_wide_enough(pixels), found.boxes) if _is_line(crop)][:LINES]
        read: dict[int, str] = {}
        by_length = sorted(range(len(crops)), key=lambda index: crops[index].shape[1] / crops[index].shape[0])
        for start in range(0, len(crops), AT_ONCE):
            if not meter.left:
                log.info("words_cut_short", lines=len(crops), read=start)
                break
            some = by_length[start : start + AT_ONCE]
            read |= zip(some, _read(engine, [crops[index] for index in some]), strict=True)
        return [read[index] for index in sorted(read) if read[index]]


def _loaded() -> Any:
    import rapidocr  # noqa: PLC0415 - it takes a second, and is for those who have the extra

    models = Path(rapidocr.__file__).parent / "models"
    engine: Any = rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Det.model_path": str(models / _DETECTION),  # told where they are, it asks no network for them
            "Rec.model_path": str(models / _RECOGNITION),
            "Det.limit_type": "max",
            "Det.limit_side_len": SIDE,
            "Rec.rec_batch_num": AT_ONCE,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
    engine.text_det = engine._load_det_model()
    engine.text_rec = engine._load_rec_model()
    return engine


def _wide_enough(pixels: "np.ndarray[Any, np.dtype[np.uint8]]") -> "np.ndarray[Any, np.dtype[np.uint8]]":
    """The picture with a margin where it is too narrow for lines to be found in it."""
    missing = [max(0, 64 - side) for side in pixels.shape[:2]]
    if not any(missing):
        return pixels
    return np.pad(pixels, ((0, missing[0]), (0, missing[1]), (0, 0)), mode="edge")


def _is_line(crop: "np.ndarray[Any, np.dtype[np.uint8]]") -> bool:
    height, width = crop.shape[:2]
    return bool(min(height, width) >= 6 and width <= height * LONGEST)


def _read(engine: Any, crops: Sequence[Any]) -> list[str]:
    from rapidocr.ch_ppocr_rec import TextRecInput  # noqa: PLC0415 - see above

    result = engine.text_rec(TextRecInput(img=list(crops), return_word_box=False))
    pairs = zip(result.txts, result.scores, strict=True)
    return [text.replace("\x00", "").strip() if score >= SUREST else "" for text, score in pairs]
