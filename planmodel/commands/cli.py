"""The command line: planmodel COMMAND; the commands stand in planmodel.commands."""

from __future__ import annotations

import argparse
import sys

import planmodel
from planmodel.commands import assess, audit, batch, breakdown, data, drivers, export, review
from planmodel.commands.common import EXIT_MISTAKE, EXIT_OK, EXIT_STOPPED
from planmodel.errors import PlanmodelError

GROUPS = (data, audit, assess, drivers, review, breakdown, export, batch)
"""In the order of the help."""


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="planmodel",
        description="Development-plan targets projected, tested and charted.",
        epilog="Exit codes: 0 done, 1 a notebook failed or an audit found contradictions, 2 a mistake in the call or the data "
        "(one clear message).",
    )
    parser.add_argument("--version", action="version", version=f"planmodel {planmodel.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for group in GROUPS:
        group.add(commands)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return its exit code. A user's mistake is one message on stderr and exit code 2."""
    options = build_parser().parse_args(arguments)
    try:
        return options.run(options)
    except PlanmodelError as error:
        print(f"planmodel: {error}", file=sys.stderr)
        return EXIT_MISTAKE
    except BrokenPipeError:
        sys.stderr.close()
        return EXIT_OK
    except OSError as error:
        print(f"planmodel: {error.strerror or error}: {error.filename or ''}".rstrip(": "), file=sys.stderr)
        return EXIT_MISTAKE
    except KeyboardInterrupt:
        print(
            "planmodel: stopped. What is finished is kept; the same call goes on with the rest.",
            file=sys.stderr,
        )
        return EXIT_STOPPED
