"""What the commands share: their parameters and how they are read, exit codes, language, tables and files they write."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from planmodel.errors import PlanmodelError, Say, check_known
from planmodel.feasibility.outlooks import N_DRAWS, SEED
from planmodel.words import LANGS, Phrase, phrase

if TYPE_CHECKING:
    import pandas as pd

EXIT_OK, EXIT_FAILED, EXIT_MISTAKE, EXIT_CRASH, EXIT_STOPPED = 0, 1, 2, 3, 130
LANG_VARIABLE = "PLANMODEL_LANG"


def language(arguments: Iterable[str] = ()) -> str:
    """Return the language of messages: that of --lang (of the running command), else of PLANMODEL_LANG, else English.

    >>> language(["assess", "linhai", "--lang", "zh"]), language(["--lang=zh"]), language(["--lang", "fr"])
    ('zh', 'zh', 'en')
    """
    words = [word for argument in arguments for word in argument.split("=", 1)]
    asked = [after for word, after in pairwise(words) if word == "--lang"]
    running = click.get_current_context(silent=True)
    asked += [running.meta["lang"]] if running and "lang" in running.meta else []
    return next((lang for lang in (*asked, os.environ.get(LANG_VARIABLE, "")) if lang in LANGS), "en")


def mistake(what: Say, wanted: str, found: Say = "", do: Say = "", **fields: object) -> PlanmodelError:
    """Return the error for one mistake in a call; wanted: a key of commands.yaml, fields: those of that text."""
    return PlanmodelError.of(what, Phrase(f"commands.{wanted}", **fields), found, do=do)


def table_text(table: pd.DataFrame, form: str) -> str:
    """Return a table as csv, json or text, with a line end."""
    if form == "csv":
        return table.to_csv(index=False, lineterminator="\n")
    if form == "json":
        return table.to_json(orient="records", force_ascii=False, indent=1) + "\n"
    from pandas import option_context

    with option_context("display.unicode.east_asian_width", True):  # a Chinese character takes two columns
        return table.to_string(index=False, na_rep="-", max_colwidth=40) + "\n"


def print_table(table: pd.DataFrame, form: str) -> None:
    """Print a table as csv, json or text."""
    sys.stdout.write(table_text(table, form))


def blocks(*parts: str | pd.DataFrame) -> str:
    """Return texts and tables for reading, a blank line between them; what is empty is left out."""
    texts = (part if isinstance(part, str) else table_text(part, "text") for part in parts if len(part))
    return "\n\n".join(text.rstrip("\n") for text in texts) + "\n"


def print_or_write(text: str, out: str, force: bool) -> None:
    """Print a text, or write it to a file and say which."""
    if out:
        print(write_file(out, text, force=force))
    else:
        sys.stdout.write(text)


def from_here(path: Path) -> Path:
    """Return a path as it is written where the user stands, if it lies below.

    >>> from_here(Path.cwd() / "data" / "plans"), from_here(Path("/elsewhere"))
    (PosixPath('data/plans'), PosixPath('/elsewhere'))
    """
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def write_file(name: str | Path, content: str | bytes, ending: str = "", force: bool = False) -> Path:
    """Write a file whole or not at all and return its path; one that is there only where forced, or where it holds the same.

    Errors: PlanmodelError for a name with another ending, a folder that is not there, a file that is, or a place that is none.
    """
    from planmodel.files.folders import sweep, write_atomically

    path, content = place_of(name, ending), content.encode() if isinstance(content, str) else content
    if path.exists() and not force and path.read_bytes() != content:
        exists, do = Phrase("commands.file.exists", name=repr(str(path))), Phrase("commands.file.or_force")
        raise mistake("file", "file.new", exists, do)
    sweep(path.parent, below=False)
    write_atomically(path, content)
    return path


def place_of(name: str | Path, ending: str = "") -> Path:
    """Return the path of a file that may be written; what `write_file` refuses whatever the content is refused before it is made."""
    path = Path(name)
    if ending and path.suffix.lower() != ending:
        raise mistake("file", "file.ending", repr(str(name)), ending=ending)
    if not path.parent.is_dir():
        raise mistake("file", "file.folder", repr(str(path.parent)))
    if os.path.lexists(path) and not path.is_file():  # links that lead nowhere, too
        raise mistake("file", "file.file", Phrase("commands.file.is_none", name=repr(str(path))))
    return path


def name_of(param: click.Parameter | None) -> str:
    """Return how a parameter is called on the command line."""
    return param.opts[0] if isinstance(param, click.Option) else (param.name or "").upper() if param else ""


class OneOf(click.Choice):
    """One of some names; for another the nearest ones are told."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        check_known(name_of(param), [value], self.choices)
        return value


class Number(click.ParamType):
    """A number of a type, int or float."""

    def __init__(self, kind: type):
        self.kind, self.name = kind, kind.__name__

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return self.kind(value)
        except ValueError:
            raise mistake(name_of(param), self.name, repr(value)) from None


class Several(click.Option):
    """An option that takes all values behind it: --indicators gdp services_va."""


class Command(click.Command):
    """A command whose mistakes in the call are errors of the package."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.allow_extra_args = True
        see = Phrase("commands.see_help", command=ctx.command_path)
        try:
            super().parse_args(ctx, self._spread(args))
        except click.MissingParameter as error:
            raise mistake(name_of(error.param), "value", Phrase("commands.nothing"), see) from None
        except click.BadOptionUsage as error:
            raise mistake(error.option_name, "no_value", Phrase("commands.value"), see) from None
        if ctx.args:
            raise mistake(Phrase("commands.argument"), "no_more", repr(ctx.args[0]), see)
        return ctx.args

    def _spread(self, args: Sequence[str]) -> list[str]:
        """Return the arguments with an option before each of several values, as click reads them."""
        options = {name: o for o in self.params if isinstance(o, click.Option) for name in o.opts}
        given: list[str] = []
        rest = list(args)
        while rest:
            token = rest.pop(0)
            option = options.get(token)
            if token == "--":
                return [*given, token, *rest]
            if option is None or option.is_flag:
                given.append(token)
                continue
            if isinstance(option, Several):
                values = list(takewhile(lambda text: not text.startswith("-"), rest))
                given += [part for value in values for part in (token, value)]
            else:
                values = list(takewhile(lambda text: text not in options, rest[: option.nargs]))
                given += [token, *values]
            if len(values) < option.nargs:
                wanted = "value" if option.nargs == 1 else "values"
                raise mistake(token, wanted, Phrase("commands.nothing"), n=option.nargs)
            rest = rest[len(values) :]
        return given


def command(*params: click.Parameter, name: str = "") -> Callable[[Callable[..., int | None]], Command]:
    """Return a decorator that makes a function a command with these parameters; its help is of commands.yaml."""

    def made(function: Callable[..., int | None]) -> Command:
        own = name or function.__name__
        help = phrase(f"commands.help.commands.{own}", language())
        said_in = [] if any(param.name in ("lang", "langs") for param in params) else [MESSAGES]
        return Command(own, callback=function, params=[*params, *said_in], help=help, short_help=help)

    return made


def argument(name: str, metavar: str = "", **given: Any) -> click.Argument:
    return click.Argument([name], metavar=metavar or name.upper(), **given)


def option(*names: str, help: str = "", cls: type[click.Option] = click.Option, **given: Any) -> click.Option:
    """Return an option; help: its key in commands.yaml below `help`; type: int, float, or the names to choose from."""
    kind = given.pop("type", None)
    kind = OneOf(kind) if isinstance(kind, tuple) else Number(kind) if kind else None
    text = phrase(f"commands.help.{help}", language()) if help else None
    return cls(list(names), type=kind, help=text, show_default=bool(given.get("default")), **given)


def several(*names: str, **given: Any) -> click.Option:
    """Return an option that takes one value or more; a function gets them as a tuple."""
    return option(*names, cls=Several, multiple=True, **given)


def form_option(*forms: str) -> click.Option:
    return option("--format", "form", type=forms, default="text")


PLAN = argument("plan")
FORCE = option("--force", is_flag=True, help="force")
FORM = form_option("text", "csv", "json")
SCENARIO = option("--scenario", default="baseline", help="scenario")
INDICATORS = several("--indicators", metavar="ID...", help="indicators")
SHAPE = option("--shape", "path_shape", default="constant_growth", help="shape")
LANG = option("--lang", type=LANGS, default="en", envvar=LANG_VARIABLE, show_envvar=True, help="lang")
MESSAGES = option(
    "--lang", type=LANGS, help="lang", expose_value=False,
    callback=lambda ctx, _, lang: lang and ctx.meta.update(lang=lang),
)  # fmt: skip
"""The language of what a command says, where its results have none."""
NUMBERS = (
    option("--draws", "n_draws", type=int, default=N_DRAWS, help="draws"),
    option("--seed", type=int, default=SEED, help="seed"),
)
