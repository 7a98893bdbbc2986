"""The one way into a file: regular, of a size that can be held, and its bytes as text in the encoding it was saved in."""

import re
import stat
from collections import Counter
from functools import cache
from pathlib import Path

from planmodel.errors import PlanmodelError, Say
from planmodel.words import FOLDER, Phrase

MOST_BYTES = 100_000_000
"""That a file may have; those of the largest plans are a hundredth of it."""
PAIRS = re.compile(rb"[\x81-\xfe](?:[\x30-\x39][\x81-\xfe][\x30-\x39]|[\x40-\x7e\x80-\xfe])")
MARKS, COMMON, RARE = range(0xA1, 0xAA), range(0xB0, 0xD8), range(0xD8, 0xF8)
"""First bytes of the marks, the 3,755 common and the 3,008 less common characters of GB2312."""
KOREAN = range(0xB0, 0xC9)
"""First bytes of the syllables of Korean (EUC-KR): a Chinese text of some length has others."""
PLAUSIBLE = 0.4
USUAL, N_USUAL, FEWEST = 0.15, 400, 12
"""What part of a text's Chinese characters is at least among those that the package itself uses most, where it has a few: of
Big5, Japanese and Korean that were taken for GB18030 it is 0 to 0.1, of a list of countries 0.3, of plans 0.6."""
HAN, KANA = re.compile("[\u3400-\u9fff]"), re.compile("[\u3041-\u3129]")
"""Characters of China, and Japanese or phonetic ones, of which a Chinese text has hardly any."""
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that no document, page or workbook can hold: Word's soft line break is one."""


def content_of(path: Path) -> bytes:
    """Return what a file holds.

    Errors: PlanmodelError for what is missing, no regular file (a device or a pipe may never end), too large, or unreadable.
    """

    def refused(expected: Say, found: Say, do: Say = "") -> PlanmodelError:
        return PlanmodelError.of("file", expected, found, path.name or str(path), do=do)

    try:
        seen = path.stat()
        if stat.S_ISDIR(seen.st_mode):
            raise refused(Phrase("files.file"), Phrase("files.a_folder"))
        if not stat.S_ISREG(seen.st_mode):
            raise refused(Phrase("files.file"), Phrase("files.a_device"))
        if seen.st_size > MOST_BYTES:
            size = Phrase("files.megabytes", n=seen.st_size // 10**6)
            raise refused(Phrase("files.at_most", n=MOST_BYTES // 10**6), size)
        with path.open("rb") as file:
            return file.read(MOST_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        add = Phrase("files.add", name=path.name, folder=path.resolve().parent.name)
        raise refused(Phrase("files.existing"), "", add) from None
    except (OSError, ValueError) as error:  # no right to read it, or no name that a file may have
        said = getattr(error, "strerror", "") or str(error)
        raise refused(Phrase("files.readable"), said) from None


def read_text(path: Path) -> str:
    """Return a file's text: UTF-8 with or without BOM, else GB18030; line ends made \\n.

    Errors: PlanmodelError as of `content_of` and `decoded`.
    """
    return decoded(content_of(path), path.name)


def decoded(raw: bytes, name: str) -> str:
    """Return bytes as text: UTF-8 with or without BOM, else GB18030; line ends made \\n.

    Errors: PlanmodelError for what is empty, binary or in another encoding.
    """

    def refused(what: str, *keys: str) -> PlanmodelError:
        expected, found, do = (Phrase(f"files.{key}") for key in keys)
        return PlanmodelError.of(what, expected, found, name, do=do)

    empty = refused("file", "content", "empty", "fill_in")
    if not raw.strip():
        raise empty
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in raw:
        raise refused("encoding", "encodings", "binary", "save_utf8")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
        if encoding == "gb18030" and not is_chinese(raw):
            raise refused("encoding", "encodings", "western", "save_utf8")
        if not text.strip("\ufeff \n\t"):
            raise empty
        if control := CONTROL.search(text):
            line = text.count("\n", 0, control.start()) + 1
            found, do = Phrase("files.control", code=repr(control[0])), Phrase("files.remove_control")
            raise PlanmodelError.of("text", Phrase("files.no_control"), found, name, line, do)
        return text
    raise refused("encoding", "encodings", "other_encoding", "save_utf8")


@cache
def _usual() -> frozenset[str]:
    """The characters that the package's own Chinese texts use most."""
    used = Counter(c for path in FOLDER.glob("*.yaml") for c in HAN.findall(path.read_text(encoding="utf-8")))
    return frozenset(c for c, _ in used.most_common(N_USUAL))


def is_chinese(raw: bytes) -> bool:
    """Return True where bytes that can be read as GB18030 look like Chinese, not like letters of other encodings.

    What is written in Chinese mostly consists of common characters; an accented letter and the one behind it make rare ones, and so
    do the characters of other encodings of East Asia.

    >>> is_chinese("\\u4ea7\\u503c".encode("gb18030")), is_chinese("Universit\\xe9s r\\xe9unies".encode("cp1252"))
    (True, False)
    >>> is_chinese("\\u7d4c\\u6e08\\u306e\\u8a08\\u753b".encode("euc_jp")), is_chinese("\\uc778\\uad6c \\uacc4\\ud68d".encode("euc_kr"))
    (False, False)
    """
    pairs = [(match[0], match.start(), match.end()) for match in PAIRS.finditer(raw)]
    marks = common = rare = 0
    for pair, start, end in pairs:
        within = raw[start - 1 : start].isalpha() and raw[end : end + 1].islower()  # a letter on both sides
        if len(pair) == 2 and pair[1] >= 0xA1:
            marks += pair[0] in MARKS
            common += pair[0] in COMMON and not within
            rare += pair[0] in RARE and not within
    if pairs and (marks + common + rare / 2) / len(pairs) < PLAUSIBLE:
        return False
    text = raw.decode("gb18030", "replace")
    written, others = HAN.findall(text), len(KANA.findall(text))
    usual = sum(c in _usual() for c in written) - others
    of_china = any(pair[0] not in KOREAN and pair[0] not in MARKS for pair, _, _ in pairs)
    n = len(written)
    if n + others < FEWEST:  # too few to count on: kana, Korean by its bytes, or no usual character at all
        return (
            not others
            and (of_china or 3 * usual >= n or n < FEWEST / 3)
            and (usual > 0 or n <= FEWEST * 2 / 3)
        )
    return usual >= USUAL * n and of_china
