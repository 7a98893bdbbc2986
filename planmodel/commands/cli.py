"""The command line: planmodel COMMAND; the commands stand in planmodel.commands."""

import contextlib
import errno
import os
import signal
import sys
import traceback

import click

import planmodel
from planmodel.commands import analysis, breakdown, data, documents, reports
from planmodel.commands.parameters import EXIT_CRASH, EXIT_MISTAKE, EXIT_OK, EXIT_STOPPED, language, mistake
from planmodel.errors import EXPLAINED, QUOTED, PlanmodelError, check_known, quoted, shortened, unknown
from planmodel.words import Phrase, group, phrase, said

COMMANDS = (
    data.plans, data.check, data.targets, data.classes, documents.read, data.new, data.workbook, data.import_, analysis.audit, analysis.assess,
    analysis.draft, analysis.drivers, analysis.review, breakdown.breakdown, reports.export, reports.run, reports.publish,
)  # fmt: skip
"""In the order of the help."""
TRACE_VARIABLE = "PLANMODEL_TRACE"
EPOCH_DIGITS = 12
SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Program(click.Group):
    """The group of all commands; a mistake in the call is an error of the package."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args:
            see = Phrase("commands.see_help", command="planmodel")
            raise mistake(Phrase("commands.command"), "name", Phrase("commands.nothing"), see)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: click.Context, args: list[str]):
        check_known(Phrase("commands.command"), args[:1], self.commands)
        return super().resolve_command(ctx, args)


def program() -> Program:
    """Return the group of all commands."""
    lang = language()
    version = click.version_option(
        planmodel.__version__, prog_name="planmodel", message="%(prog)s %(version)s"
    )
    group = Program(
        "planmodel",
        commands={str(command.name): command for command in COMMANDS},
        no_args_is_help=False,
        context_settings=SETTINGS,
        help=phrase("commands.help.program", lang),
        epilog=phrase("commands.help.exit_codes", lang),
    )
    return version(group)


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return its exit code. A user's mistake is one message on stderr and exit code 2."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:  # set while the package was imported
        signal.signal(signal.SIGINT, signal.default_int_handler)
    arguments = sys.argv[1:] if arguments is None else arguments
    lang = language(arguments)
    for name in ("stdout", "stderr"):
        _take_everything(name)
    try:
        _check_epoch()
        command = program()
        with command.make_context("planmodel", list(arguments)) as ctx:
            code = command.invoke(ctx) or EXIT_OK
        sys.stdout.flush()
        return code
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.NoSuchOption as error:
        params = error.ctx.command.get_params(error.ctx) if error.ctx else ()
        known = [name for param in params for name in param.opts if name.startswith("-")]
        fault = unknown(Phrase("commands.option"), error.option_name, known)
        return _say(f"planmodel: {PlanmodelError(faults=[fault]).text(lang)}", EXIT_MISTAKE)
    except click.UsageError as error:
        return _say(f"planmodel: {error.format_message()}", EXIT_MISTAKE)
    except PlanmodelError as error:
        return _say(f"planmodel: {error.text(lang)}", EXIT_MISTAKE)
    except BrokenPipeError:
        # Who read the output has gone: what Python still holds of it goes nowhere, without a word.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_OK
    except OSError as error:
        return _say(_refused(error, lang), EXIT_MISTAKE)
    except KeyboardInterrupt:
        return _say(phrase("commands.stopped", lang), EXIT_STOPPED)
    except Exception as error:  # noqa: BLE001 - a defect: it has an exit code of its own
        return _say(_crashed(error, lang), EXIT_CRASH)


def _check_epoch() -> None:
    """Refuse a SOURCE_DATE_EPOCH that is no time; an empty one is none."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", planmodel.EPOCH)
    if epoch and not (epoch.isascii() and epoch.isdigit() and len(epoch) < EPOCH_DIGITS):
        do = Phrase("errors.correct_entry")
        raise PlanmodelError.of("SOURCE_DATE_EPOCH", Phrase("publish.epoch"), quoted(epoch), do=do)


def _crashed(error: Exception, lang: str) -> str:
    """Return what is said of a defect: what went wrong and where, as one line; the whole trace where it is asked for."""
    frames = traceback.extract_tb(error.__traceback__)
    home = os.path.dirname(planmodel.__file__) + os.sep
    own = [frame for frame in frames if frame.filename.startswith(home)] or frames
    place = f"{own[-1].filename.removeprefix(home)}, {own[-1].lineno}"
    what = " ".join(f"{type(error).__name__}: {error}".split())[:QUOTED]
    trace = traceback.format_exc() if os.environ.get(TRACE_VARIABLE) else ""
    return trace + phrase("commands.crashed", lang, what=what, place=place, variable=TRACE_VARIABLE)


def _refused(error: OSError, lang: str) -> str:
    """Return what is said where the system refuses to read or write: what, and why."""
    known, why = group("commands.system."), errno.errorcode.get(error.errno or 0, "")
    what = known[why][lang] if why in known else error.strerror or str(error)
    return ": ".join(
        filter(None, ("planmodel", said(shortened(str(error.filename or ""), EXPLAINED), lang), what))
    )


def _say(message: str, code: int) -> int:
    with contextlib.suppress(OSError):  # nobody listens, or there is no room for what they hear
        print(message, file=sys.stderr, flush=True)
    return code


def _take_everything(name: str) -> None:
    """Let no character raise: a terminal shows the code of what it has no character for, files and pipes are UTF-8.

    A stream that was closed before the start goes nowhere, so that no file that is opened takes its place.
    """
    if getattr(sys, name) is None:
        setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - it stays open
    stream = getattr(sys, name)
    if hasattr(stream, "reconfigure"):
        own = stream.isatty() or "PYTHONIOENCODING" in os.environ
        stream.reconfigure(encoding=None if own else "utf-8", errors="backslashreplace")
