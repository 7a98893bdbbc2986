"""The command review: where targets stand."""

from __future__ import annotations

from planmodel.commands.common import EXIT_OK, add_numbers, print_table, write_file
from planmodel.words import LANGS


def add(commands) -> None:
    """Add the commands to the parser."""
    command = commands.add_parser(
        "review", help="where each target stands: milestone, progress, rate left, probability and light"
    )
    command.add_argument("plan", help="a plan's name")
    command.add_argument(
        "--as-of",
        default="",
        metavar="PERIOD",
        help="2023, 2023Q3, 2023-09, or a day (default: the latest period with a figure)",
    )
    command.add_argument("--scenario", default="baseline", help="a scenario's name (default: baseline)")
    command.add_argument(
        "--shape", default="constant_growth", dest="path_shape", help="the path of the milestones"
    )
    command.add_argument("--indicators", nargs="+", default=[], help="indicator ids (default: all)")
    command.add_argument("--format", choices=("text", "csv", "json"), default="text")
    command.add_argument(
        "--final", action="store_true", help="the review of the earlier plan's table instead"
    )
    command.add_argument(
        "--docx", default="", metavar="FILE", help="write the review as a Word document with its charts"
    )
    add_numbers(command)
    command.add_argument("--lang", choices=LANGS, default="en", help="language (default: en)")
    command.set_defaults(run=_review)


def _review(options) -> int:
    from planmodel.lab.study import check_parameters
    from planmodel.lab.views import final_answer, final_view, review_answer, review_view, reviewed
    from planmodel.tables.results import final_table, review_table

    names = ("plan", "scenario", "indicators", "path_shape", "as_of", "n_draws", "seed", "lang")
    study = check_parameters({name: getattr(options, name) for name in names})
    result = reviewed(study, strict=True)
    lang = study.lang
    if options.docx:
        from planmodel.report.document import review_document

        made = review_document(result, lang, n_draws=study.n_draws, seed=study.seed)
        print(write_file(options.docx, made, ".docx"))
        return EXIT_OK
    if options.format != "text":
        print_table(
            final_table(result, lang) if options.final else review_table(result, lang), options.format
        )
        return EXIT_OK
    answer, view = (final_answer, final_view) if options.final else (review_answer, review_view)
    print(answer(result, lang).replace("\\", ""))
    table = view(result, lang)
    if len(table):
        print()
        print_table(table, "text")
    return EXIT_OK
