"""What to call the platforms: by their titles, and by their names in the configuration too where that is not enough."""

from collections import Counter
from collections.abc import Iterable, Mapping

from rules.copy import CopyBook
from rules.text import key


def platform_names(
    titles: Mapping[str, str], platforms: Iterable[str], copy: CopyBook, language: str
) -> dict[str, str]:
    """How each platform is called in a language, by its name in the configuration.

    ``titles`` are what people call it; one that has none goes by its name, and those that share one by both.
    """
    names = tuple(platforms)
    shared = Counter(titles.get(name, "") for name in names)
    found: dict[str, str] = {}
    for name in names:
        title = titles.get(name, "")
        word = f"platforms.{title.replace(' ', '_')}"
        said = copy.render(key(word), language) if word in copy else title
        if title and shared[title] > 1:
            said = copy.render(key("platforms.one_of_several", text=said, name=name), language)
        found[name] = said or name
    return found
