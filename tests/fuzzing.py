"""Mutations of what comes in from outside, from a seed: files, workbooks, calls and parameters, and what must hold for each."""

from __future__ import annotations

import contextlib
import csv
import io
import random
import shutil
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

from planmodel import PlanmodelError
from planmodel.commands.cli import main
from planmodel.lab.study import DEFAULTS, check_parameters

MOST_SECONDS, MOST_SAID = 5, 4000
FILES = ("plan.yaml", "targets.csv", "observations.csv", "nodes.csv")
SHARED = (
    "indicators.csv",
    "regions.csv",
    "units.csv",
    "rules.yaml",
    "assumptions.yaml",
    "prices.csv",
    "scenarios/low.yaml",
)
COMMANDS = (
    ["check", "{plan}"], ["check"], ["audit", "{plan}"], ["audit", "{plan}", "--format", "json", "--lang", "zh"], ["targets", "{plan}"],
    ["assess", "{plan}", "--draws", "100"], ["assess", "{plan}", "--draws", "100", "--scenario", "low", "--format", "csv"],
    ["drivers", "{plan}"], ["review", "{plan}", "--draws", "100"], ["review", "{plan}", "--final", "--draws", "100", "--lang", "zh"],
    ["breakdown", "{plan}"], ["breakdown", "{plan}", "--by", "sectors"], ["breakdown", "{plan}", "--contributions"],
    ["export", "{plan}", "--format", "iamc", "--draws", "100", "--scenarios", "baseline"],
    ["export", "{plan}", "--format", "sdmx", "--draws", "100", "--scenarios", "baseline"],
)  # fmt: skip
WORDS = (
    "", " ", "0", "-1", "1e", "1e3", "1e308", "-1e308", "1e-300", "NaN", "inf", "-0", "00", "007", "１２", "²", "①", "九", "1,5", "1.5.5",
    "9" * 400, "2021", "20211", "1900", "2200", "0001", "2020Q5", "2020-13", "2016..2015", "2017/18", "true", "null", "~", "%", "亿元", "gdp", "level",
    "=1+1", "@x", "+1", "-", "−5", "务", "縣", "𠮷", "é", "\u202e", "\ufeff", "\u2028", "\x0b", "\x00", "\t", "\n", '"', "'", ",", ";", "{}", "[]",
    "{a: 1}", "&a [*a]", "*a", "!!python/object:x", "- ", ": ", "#", "|", ">", "../..", "/dev/zero", "x" * 500, "<b>", "${x}", "%s", "\\", "all",
)  # fmt: skip
VALUES = (
    None, True, False, 0, -1, 1.5, 10**30, 10**5000, float("nan"), float("inf"), [], [[]], [None], {}, {"a": {}}, (), set(), b"x", object(), "²", "2023",
    "x" * 10**5, ["x"] * 5000, "a=b=c", "=", ",", "gdp", "services_va.target=", "services_va.target=1e400", "productivity=nan", "reading=sector",
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """What went wrong with a case, and how to make it again."""

    seed: int
    case: str
    wrong: str


class Fuzzer:
    """Mutates a data folder, one thing at a time, and calls what reads it."""

    def __init__(self, data: Path, folder: Path, plan: str):
        self.sound, self.folder, self.plan = data, folder, plan
        self.data, self.book = folder / "data", folder / "book.xlsx"
        shutil.copytree(data, self.data)
        assert self.call(["workbook", plan, str(self.book)])[0] == 0
        self.workbook = self.book.read_bytes()

    def call(self, arguments: list[str]) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(arguments)
        return code, out.getvalue(), err.getvalue()

    def run(self, seed: int) -> Finding | None:
        """Return what is wrong about the case of a seed, None where nothing is."""
        rng = random.Random(seed)
        kind = rng.choices(("file", "workbook", "parameter", "call"), (5, 2, 3, 2))[0]
        said = io.StringIO()
        started = time.process_time()
        try:
            case, texts = getattr(self, f"_{kind}")(rng, said)
        except SystemExit as error:
            return Finding(seed, said.getvalue(), f"SystemExit {error}")
        except Exception as error:  # noqa: BLE001 - a finding is to be listed
            return Finding(seed, f"{kind}: {said.getvalue()}", f"{type(error).__name__}: {str(error)[:200]}")
        seconds = time.process_time() - started
        if seconds > MOST_SECONDS:
            return Finding(seed, case, f"{seconds:.1f} s")
        for text in texts:
            if "Traceback" in text or "a defect of the program" in text:
                return Finding(seed, case, text[:300])
            if len(text) > MOST_SAID:
                return Finding(seed, case, f"{len(text)} characters: {text[:200]}")
        return None

    def _told(self, arguments: list[str]) -> list[str]:
        """What a call says on stderr, and on stdout where that lists faults."""
        code, out, err = self.call(arguments)
        if code == 2 and not err:
            return ["Traceback: code 2 without a word"]
        if code not in (0, 1, 2):
            return [f"Traceback: code {code}: {err}"]
        return [err, out] if arguments[0] == "check" and len(arguments) > 1 else [err]

    def _file(self, rng: random.Random, said: io.StringIO) -> tuple[str, list[str]]:
        name = rng.choice(FILES) if rng.random() < 0.7 else rng.choice(SHARED)
        path = self.data / "plans" / self.plan / name if name in FILES else self.data / name
        before = path.read_bytes() if path.is_file() else None
        command = [part.format(plan=self.plan) for part in rng.choice(COMMANDS)]
        said.write(f"{name} then {command}: ")
        try:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(mutated(before or b"", name, rng, said))
            return said.getvalue(), self._told(command)
        finally:
            path.write_bytes(before) if before is not None else path.unlink(missing_ok=True)

    def _workbook(self, rng: random.Random, said: io.StringIO) -> tuple[str, list[str]]:
        self.book.write_bytes(spoiled_workbook(self.workbook, rng, said))
        return said.getvalue(), self._told(["import", str(self.book), "--dry-run"])

    def _parameter(self, rng: random.Random, said: io.StringIO) -> tuple[str, list[str]]:
        names = rng.sample([*DEFAULTS, "plam", 3], rng.choice((1, 1, 2, 3)))  # type: ignore[list-item]
        given = {name: rng.choice((*VALUES, *WORDS)) for name in names}
        said.write(
            f"{[(k, type(v).__name__ if isinstance(v, int) else repr(v)[:60]) for k, v in given.items()]}"
        )
        try:
            check_parameters({"plan": self.plan, **given})  # type: ignore[dict-item]
        except PlanmodelError as error:
            return said.getvalue(), [error.text("en"), error.text("zh")]
        return said.getvalue(), []

    def _call(self, rng: random.Random, said: io.StringIO) -> tuple[str, list[str]]:
        command = [part.format(plan=self.plan) for part in rng.choice(COMMANDS)]
        extra = ["--set", "--indicators", "--as-of", "--scenario", "--shape", "--draws", "--seed", "--format", "--lang", "--owner", "--by", "--shares",
                 "--indicator", "--rest", "--", "-p", "--nothing"]  # fmt: skip
        for _ in range(rng.choice((1, 2, 3))):
            place = rng.randrange(1, len(command) + 1)
            word = rng.choice((*extra, *WORDS, "services_va.target=1", "example=50", "gdp", self.plan))
            command.insert(place, word.replace("\x00", "0"))
        if "/dev/zero" not in command:
            said.write(str(command)[:300])
        return said.getvalue(), self._told(command)


def mutated(raw: bytes, name: str, rng: random.Random, said: io.StringIO) -> bytes:
    """Return a file changed in one way."""
    ways = ["bytes", "cut", "twice", "junk", "text", "encoding"] + (["cell", "cell", "cell", "cell", "column", "row", "many"] if name.endswith("csv") else
            ["line", "line", "line", "value", "value", "value", "nest", "keys", "bomb"])  # fmt: skip
    way = rng.choice(ways)
    said.write(f"{way} ")
    if way == "bytes":
        spoiled = bytearray(raw or b"x")
        for _ in range(rng.choice((1, 3, 20))):
            spoiled[rng.randrange(len(spoiled))] = rng.randrange(256)
        return bytes(spoiled)
    if way == "cut":
        return raw[: rng.randrange(len(raw) + 1)]
    if way == "twice":
        return raw + raw
    if way == "junk":
        return rng.choice(
            (
                b"",
                b"\xff" * 100,
                b"\x00" * 100,
                b"PK\x03\x04" + raw,
                rng.randbytes(200),
                b"\xef\xbb\xbf" + raw,
                b"," * 5000,
                b'"',
            )
        )
    text = raw.decode("utf-8-sig", "replace")
    if way == "text":
        place = rng.randrange(len(text) + 1)
        word = rng.choice(WORDS)
        said.write(repr(word)[:40])
        return (text[:place] + word + text[place:]).encode("utf-8", "replace")
    if way == "encoding":
        return text.encode(
            rng.choice(("gb18030", "utf-16", "cp1252", "latin-1", "utf-32", "big5")), "replace"
        )
    if name.endswith("csv"):
        return _table(text, way, rng, said)
    lines = text.split("\n")
    place = rng.randrange(len(lines))
    word = rng.choice(WORDS)
    said.write(f"{lines[place][:30]!r} {word[:30]!r}")
    if way == "line":
        lines[place : place + rng.choice((0, 1, 1, 3))] = rng.choice(
            ([], [word], ["  " + lines[place]], [lines[place]] * 3)
        )
    elif way == "value":
        lines[place] = lines[place].partition(":")[0] + f": {word}"
    elif way == "nest":
        lines.insert(place, rng.choice(("[" * 3000, "a: " + "{a: " * 200, "- " * 500 + "x")))
    elif way == "keys":
        lines += [f"k{i}: {word}" for i in range(rng.choice((10, 20_000)))]
    else:
        lines += ["b0: &b0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"] + [
            f"b{i}: &b{i} [{', '.join([f'*b{i - 1}'] * 9)}]" for i in range(1, rng.choice((3, 7, 30)))
        ]
        lines += [lines[place].partition(":")[0] + ": *b2"]
    return "\n".join(lines).encode("utf-8", "replace")


def _table(text: str, way: str, rng: random.Random, said: io.StringIO) -> bytes:
    rows = list(csv.reader(io.StringIO(text)))
    if len(rows) < 2:
        rows = [["a", "b"], ["1", "2"]]
    row, column = rng.randrange(len(rows)), rng.randrange(len(rows[0]))
    others = [other[column] for other in rows[1:] if column < len(other)] or [""]
    word = rng.choice((*WORDS, *others, *others))
    if way == "cell" and rng.random() < 0.6:
        column = rng.choice(
            [i for i, text in enumerate(rows[row]) if text.replace(".", "").isdigit()] or [column]
        )
        with contextlib.suppress(ValueError, IndexError):
            word = f"{float(rows[row][column]) * rng.choice((-1, 0, 1e-6, 10, 1e6, 1e100)):g}"
    said.write(f"row {row + 1}, {rows[0][column]}: {word[:40]!r}")
    if way == "cell":
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = word
    elif way == "column":
        rows = (
            [[c for i, c in enumerate(r) if i != column] for r in rows]
            if rng.random() < 0.5
            else [[*r, r[column % len(r)] if r else ""] for r in rows]
        )
    elif way == "row":
        rows[row:row] = [list(rng.choice(rows))]
    else:
        spoiled = [[*r[:column], word, *r[column + 1 :]] for r in rows[1:]]
        rows = [rows[0]] + spoiled * rng.choice((1, 300))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", delimiter=rng.choice(",,,,;\t")).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


def spoiled_workbook(raw: bytes, rng: random.Random, said: io.StringIO) -> bytes:
    """Return a workbook changed in its bytes, its parts or the text of its parts."""
    way = rng.choice(
        ("bytes", "cut", "header", "part", "text", "text", "cell", "cell", "cell", "many", "attribute")
    )
    said.write(f"{way} ")
    if way in ("bytes", "cut", "header"):
        spoiled = bytearray(raw)
        places = (
            range(len(raw))
            if way == "bytes"
            else [m for m in range(len(raw) - 30) if raw[m : m + 2] == b"PK"]
        )
        for _ in range(rng.choice((1, 3, 30))):
            place = rng.choice(places) + (rng.randrange(4, 30) if way == "header" else 0)
            spoiled[place] = rng.randrange(256)
        return bytes(spoiled[: rng.randrange(len(spoiled))] if way == "cut" else spoiled)
    with zipfile.ZipFile(io.BytesIO(raw)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    name = rng.choice(list(parts))
    if way in ("cell", "many"):
        name = "xl/sharedStrings.xml"
        texts = parts[name].decode().split("<t")
        word = rng.choice(WORDS).replace("&", "&amp;").replace("<", "&lt;")
        for _ in range(1 if way == "cell" else 300):
            place = rng.randrange(1, len(texts))
            texts[place] = f' xml:space="preserve">{word}</t>{texts[place].partition("</t>")[2]}'
        said.write(repr(word)[:40])
        parts[name] = "<t".join(texts).encode("utf-8", "replace")
    elif way == "part":
        if rng.random() < 0.5:
            del parts[name]
        else:
            parts[name] = rng.choice((b"", b"<", b"<a/>", b"\x00", parts[rng.choice(list(parts))]))
    else:
        content = parts[name]
        place = rng.randrange(len(content) + 1)
        word = rng.choice(WORDS).encode("utf-8", "replace")
        if way == "attribute":
            word, place = b' x="' + b"y" * 10**6 + b'"', content.find(b" ", place)
        elif rng.random() < 0.5:
            figures = [m for m in range(len(content)) if content[m : m + 3] == b"<v>"]
            place = rng.choice(figures) + 3 if figures else place
        parts[name] = content[:place] + word + content[place:]
    said.write(name)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for part, content in parts.items():
            made.writestr(part, content)
    return out.getvalue()
