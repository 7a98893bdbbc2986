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
    from planmodel.review import review
    from planmodel.tables.links import in_language
    from planmodel.tables.reading import read
    from planmodel.tables.results import RATE_DIGITS
    from planmodel.tables.review import REVIEW, final_answer, final_reading, judged, review_answer

    names = ("plan", "scenario", "indicators", "path_shape", "as_of", "n_draws", "seed", "lang")
    study = check_parameters({name: getattr(options, name) for name in names})
    lang = study.lang
    result = review(
        study.plan,
        study.scenario,
        study.as_at,
        shape=study.path_shape,
        indicators=study.indicators,
        n_draws=study.n_draws,
        seed=study.seed,
    )
    if options.docx:
        from planmodel.report.document import review_document

        print(write_file(options.docx, review_document(result, lang), ".docx"))
        return EXIT_OK
    if options.format != "text":
        table = result.final_table if options.final else result.table
        print_table(in_language(table, lang, RATE_DIGITS), options.format)
        return EXIT_OK
    answer = (final_answer if options.final else review_answer)(result)
    print(answer[lang].replace("\\", ""))
    if options.final:
        reading = final_reading(result, lang)
    else:
        reading = read(judged(result.table), lang, REVIEW, catalogue=study.plan.catalogue)
    if len(reading.text):
        print()
        print_table(reading.text, "text")
    return EXIT_OK
