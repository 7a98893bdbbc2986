"""Words are data: each key is there in both languages and used, and each field of a sentence is in both."""

import ast
import functools
import re
import string
from pathlib import Path

import pytest

import planmodel
from planmodel.words import FORMATS, LANGS, Joined, Phrase, join, phrase, texts_of

PACKAGE = Path(planmodel.__file__).parent
FILES = sorted((PACKAGE / "words").glob("*.yaml"))
ROOMS = [path.stem for path in FILES]
CHINESE = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff]")
RANGE = re.compile(r"\\u[0-9a-f]{4}-\\u[0-9a-f]{4}")
TEMPLATE_WORD = re.compile(r"label\(['\"](\w+)['\"]")


@functools.cache
def sources():
    """The text of every module of the package, with its nodes."""
    texts = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    return {path: (text, tuple(ast.walk(ast.parse(text)))) for path, text in texts.items()}


@functools.cache
def constants():
    """Every text in the package's code: whole constants, and beginnings of texts made with fields."""
    whole, begun = set(), set()
    for _, nodes in sources().values():
        for node in nodes:
            if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
                begun.add(node.values[0].value)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
    for path in PACKAGE.rglob("*.j2"):
        whole.update(f"report.{key}" for key in TEMPLATE_WORD.findall(path.read_text(encoding="utf-8")))
    begun |= {text for text in whole if text.endswith(".") and text.partition(".")[0] in ROOMS}
    return whole, {text for text in begun if "." in text}


def test_code_holds_no_chinese():
    """Words stand in YAML; docstrings may hold examples of Chinese text."""
    found = []
    for path, (text, nodes) in sources().items():
        kept = text.splitlines()
        for node in nodes:
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                kept[node.lineno - 1 : node.end_lineno] = [""] * (node.end_lineno - node.lineno + 1)
        for n, line in enumerate(kept, 1):
            spelled = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), RANGE.sub("", line))
            found += [f"{path.name}:{n}: {line}"] * bool(CHINESE.search(spelled))
    assert found == []


@pytest.mark.parametrize("room", ROOMS)
def test_each_text_is_in_both_languages_with_the_same_fields(room):
    for key, entry in texts_of(room).items():
        texts = {lang: entry if isinstance(entry, str) else entry[lang] for lang in LANGS}
        assert room == "separators" or all(text.strip() for text in texts.values()), f"{room}.{key}"
        fields = {
            lang: {name for _, name, _, _ in string.Formatter().parse(text) if name}
            for lang, text in texts.items()
        }
        for text in texts.values():
            for _, name, spec, _ in string.Formatter().parse(text):
                if name and spec and "|" not in spec:
                    assert {part.partition(".")[0] for part in spec.split(" ")} <= set(FORMATS), (
                        f"{room}.{key}: {spec}"
                    )
        plural = {
            name
            for text in texts.values()
            for _, name, spec, _ in string.Formatter().parse(text)
            if name and "|" in (spec or "")
        }
        assert fields["zh"] ^ fields["en"] <= plural, f"{room}.{key}: {fields}"


@pytest.mark.parametrize("room", [room for room in ROOMS if room not in ("terms", "columns")])
def test_no_text_is_left_over(room):
    whole, begun = constants()
    unused = [
        key
        for key in texts_of(room)
        if f"{room}.{key}" not in whole
        and not any(f"{room}.{key}".startswith(text) for text in begun if text.startswith(f"{room}."))
    ]
    assert unused == []


def test_each_text_that_code_names_is_there():
    whole, _ = constants()
    named = [text for text in whole if re.fullmatch(rf"({'|'.join(ROOMS)})\.[a-z0-9_.]+", text)]
    missing = [text for text in named if text.partition(".")[2] not in texts_of(text.partition(".")[0])]
    missing = [text for text in missing if text not in texts_of("commands")]  # named by what follows the room
    assert [
        text for text in missing if not text.endswith((".yaml", ".csv", ".json", ".py", ".svg", "."))
    ] == []


def test_plurals_lists_and_nested_phrases():
    assert phrase("errors.did_you_mean", "en", names=["a", "b"]) == "Did you mean a or b?"
    assert join(["a", "", None, "b"], "zh") == "a、b"
    assert Joined([Phrase("terms.met"), Phrase("terms.off")], "clauses")["zh"] == "已实现；难以实现"
    with pytest.raises(KeyError):
        Phrase("terms.met")["fr"]


@pytest.mark.parametrize(
    ("key", "fields", "zh"),
    [
        ("charts.promise.kind.annual_growth", {"text": "超过 7%"}, "年均增长超过 7%"),
        ("charts.promise.kind.annual_growth", {"text": "7% 以上"}, "年均增长 7% 以上"),
        ("columns.in_step", {"name": "GDP"}, "与GDP同步"),
        ("charts.promise.gt", {"text": "GDP 增速"}, "超过 GDP 增速"),
        (
            "report.known",
            {"last": 2024, "first": 2019, "more": True},
            "概率依据截至2024年的数据（其中部分目标只到2019年）。",
        ),
    ],
)
def test_fields_within_fields_are_filled_and_no_blank_stands_between_two_chinese_characters(key, fields, zh):
    assert phrase(key, "zh", **fields) == zh
