"""Which picture stands for a thing that is attached to a message, to be looked at."""

from typing import Any

import pytest

from adapters.telegram.reading.media import LARGEST_FILE, media_in
from adapters.telegram.reading.texts import Marked
from rules.values import File


def told(name: str, **more: Any) -> dict[str, Any]:
    return {"file_id": f"id-{name}", "file_unique_id": name, **more}


SMALL = told("small", file_size=9_000, width=320, height=180)
OF_SMALL = File("id-small", "small", 9_000)


@pytest.mark.parametrize(
    ("attached", "view"),
    [
        ({"photo": [SMALL, told("large", file_size=90_000)]}, File("id-large", "large", 90_000)),
        (
            {"document": told("doc", mime_type="image/png", file_size=5_000, thumbnail=SMALL)},
            File("id-doc", "doc", 5_000),
        ),
        ({"document": told("doc", mime_type="image/png", file_size=LARGEST_FILE + 1, thumbnail=SMALL)}, OF_SMALL),
        ({"document": told("doc", mime_type="application/pdf", thumbnail=SMALL)}, OF_SMALL),
        ({"document": told("doc", mime_type="application/pdf")}, None),
        ({"document": told("doc", mime_type="image/svg+xml")}, None),
        ({"video": told("vid", mime_type="video/mp4", thumbnail=SMALL)}, OF_SMALL),
        ({"video": told("vid", cover=[SMALL, told("cover")], thumbnail=SMALL)}, File("id-cover", "cover")),
        ({"animation": told("ani", mime_type="video/mp4", thumbnail=SMALL)}, OF_SMALL),
        ({"video_note": told("round", thumbnail=SMALL)}, OF_SMALL),
        ({"sticker": told("still", is_animated=False, is_video=False, file_size=7)}, File("id-still", "still", 7)),
        ({"sticker": told("tgs", is_animated=True, thumbnail=SMALL)}, OF_SMALL),
        ({"sticker": told("webm", is_video=True)}, None),
        ({"voice": told("voice", mime_type="audio/ogg")}, None),
        ({"photo": [{"file_unique_id": "x"}]}, None),
        ({"document": {"file_id": 7, "file_unique_id": "x", "mime_type": "image/png"}}, None),
        ({"video": told("vid", thumbnail="small")}, None),
    ],
)
def test_the_view_of_what_is_attached(attached: dict[str, Any], view: File | None) -> None:
    (found,) = media_in(attached, Marked("tg"))
    assert found.view == view
