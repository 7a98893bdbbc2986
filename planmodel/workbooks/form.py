"""A plan as a workbook to fill in: drop-downs, help on each header, and a guide in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from planmodel.plans.catalogue import Catalogue
from planmodel.plans.checks import TABLES, Source
from planmodel.words import word
from planmodel.workbooks.columns import (
    CHOSEN,
    COLUMNS,
    ENTRIES,
    HEAD_TABLES,
    SHEETS,
    USES,
    choices,
    heading,
)
from planmodel.workbooks.sheets import Sheet, build, put, to_bytes

FREE_ROWS = 500
"""Rows below the last one that have drop-downs and checks too."""
FREE_IDENTITIES = 3
PLAN_COLUMNS = ("entry", "value", "(说明 help)")
GUIDE = (
    ("先填“规划”表，再填“目标”表：文件里每个数一行，按文件顺序。", "Fill in the sheet plan, then targets: one row a figure, in the document's order."),
    ("“观测值”表填历年数与实际数，一个数一行；基期数不用再填。", "The sheet observations holds figures of past years and outturns, one a row; bases need not be entered again."),
    ("“年度节点”表可空：年度计划给某一目标定的数。", "The sheet nodes is optional: what annual plans set for a target on its way."),
    ("示例行请改写或删除。指标、单位等从下拉清单选，也可直接填编号；全部指标在“清单”表。", "Replace or delete the example rows. Choose indicators, units and so on from the drop-downs, or type the id; all indicators are on the sheet lists."),
    ("数字按文件所印填，保留小数位：164.80 不是 164.8（单元格格式设两位小数即可）。不带千分位、文字和单位。", "Figures as printed, with their decimals: 164.80 is not 164.8 (a number format with two decimals does it). No words or units in them."),
    ("百分数：数填 6.8，单位选 %。", "Percentages: type 6.8 and choose the unit %."),
    ("空白、**、“按上级任务”的行也要保留，状态分别选 missing、masked、assigned，目标数留空。", "Keep blank and masked rows: status missing, masked or assigned, target_value empty."),
    ("区间目标（2~3家）：比较符 range，下限填 target_value，上限填 target_upper。", "A range (2-3): comparator range, target_value the lower and target_upper the upper end."),
    ("每行都要有出处。列的次序可变，列名不可改；标题带括号的列（如“(我的计算)”）导入时不读。", "Each row names its source. Columns may be moved, not renamed; a column whose header stands in brackets, such as (my sums), is not read."),
    ("不要合并单元格。公式可用，导入时取其计算结果。", "No merged cells. Formulas may be used: their results are read."),
    ("填完运行：planmodel import 文件名.xlsx（加 --dry-run 只检查）。错误会指出表、行、列。", "Then run: planmodel import FILE.xlsx (with --dry-run it only checks). Mistakes are named by sheet, row and column."),
    ("各列含义：鼠标停在列名上；全文见 docs/data.md。", "What a column means: rest the mouse on its header; in full in docs/data.md."),
)  # fmt: skip


def plan_workbook(source: Source, catalogue: Catalogue) -> bytes:
    """Return a plan's parts as an xlsx workbook: what it holds comes back by `import_workbook`."""
    from openpyxl.worksheet.datavalidation import DataValidation

    lists = choices(catalogue)
    head = source.head or {}
    tables = {name: [row.cells for row in getattr(source, name) or ()] for name in TABLES}
    tables |= {name: rows_of(head, name) for name in HEAD_TABLES if head.get(name)}
    sheets = {"guide": _guide(), "plan": _plan(source, lists)}
    for name, rows in tables.items():
        sheets[name] = _table(name, _columns(name, rows), rows, lists)
    sheets["lists"] = _lists(lists, catalogue)
    sheets = {name: sheets[name] for name in SHEETS if name in sheets}
    book = build(sheets.values())
    ranges = _ranges(sheets["lists"], lists)
    for name, sheet in sheets.items():
        ws = book[sheet.name]
        if name in ("guide", "lists", "plan"):
            ws.auto_filter.ref = None
        if name == "plan":
            _rules_of_entries(ws, sheet, ranges, DataValidation)
        elif name in tables:
            _rules_of_columns(ws, sheet, ranges, DataValidation)
    _colours(book, sheets)
    book.active = 0
    return to_bytes(book)


def rows_of(head: Mapping, name: str) -> list[dict[str, str]]:
    """Return the entries of a head that are a table, as rows of text."""

    def text(value) -> str:
        return ", ".join(str(each) for each in value) if isinstance(value, list) else str(value or "")

    return [
        {column: text(entry.get(column)) for column in HEAD_TABLES[name]} for entry in head.get(name) or ()
    ]


def entries_of(name: str, head: Mapping) -> list[tuple[str, str]]:
    """Return a head as entries and values in the order of the sheet `plan`; identities one a row."""
    values: dict[str, object] = {"plan": name}
    for key in ("title", "short", "issuer"):
        values |= {f"{key}_{lang}": (head.get(key) or {}).get(lang) for lang in ("zh", "en")}
    values["first_year"], values["last_year"] = head.get("period") or (None, None)
    if "draft" in head:
        values["draft"] = str(bool(head["draft"])).lower()
    rows = []
    for entry in ENTRIES:
        if entry == "identity":
            rows += [("identity", str(line)) for line in head.get("identities") or ()]
            rows += [("identity", "")] * FREE_IDENTITIES
        else:
            value = values.get(entry, head.get(entry))
            rows.append((entry, "" if value is None else str(value)))
    return rows


def _columns(name: str, rows: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    if name in HEAD_TABLES:
        return HEAD_TABLES[name]
    columns, optional = TABLES[name]
    return (*columns, *optional)


def _shown(column: str, text: str, lists: Mapping[str, Mapping[str, str]]) -> str:
    return lists[CHOSEN[column]].get(text, text) if column in CHOSEN else text


def _help(column: str) -> str:
    name, zh, en = COLUMNS[column]
    return f"{name}：{zh}\n{en}" if zh else f"{name}\n{en}"


def _table(name: str, columns: tuple[str, ...], rows: list[Mapping[str, str]], lists) -> Sheet:
    data = {heading(c): [_shown(c, row.get(c, ""), lists) for row in rows] for c in columns}
    wide = {
        "indicator": 32,
        "source": 24,
        "note": 40,
        "target_printed": 22,
        "reason": 60,
        "finding": 32,
        "missed": 32,
    }
    return Sheet(
        f"{name} {SHEETS[name]}",
        pd.DataFrame(data, dtype=object),
        help={heading(c): _help(c) for c in columns if c in COLUMNS},
        widths={
            heading(c): wide.get(c, 20 if c in CHOSEN and "unit" not in c else _width(c)) for c in columns
        },
        figures=[heading(c) for c in columns if USES.get(c) in ("number", "year") or c == "part"],
    )


def _width(column: str) -> int:
    return max(len(column), 2 * len(COLUMNS[column][0]) if column in COLUMNS else 0) + 4


def _plan(source: Source, lists) -> Sheet:
    rows = entries_of(source.name, source.head or {})
    data = {
        heading(PLAN_COLUMNS[0]): [entry for entry, _ in rows],
        heading(PLAN_COLUMNS[1]): [_shown(entry, value, lists) for entry, value in rows],
        PLAN_COLUMNS[2]: ["  ".join(ENTRIES[entry]) for entry, _ in rows],  # not read
    }
    widths = dict(zip(data, (20, 70, 76), strict=True))
    return Sheet(f"plan {SHEETS['plan']}", pd.DataFrame(data, dtype=object), widths=widths, figures=())


def _guide() -> Sheet:
    data = pd.DataFrame(GUIDE, columns=["怎样填写", "How to fill it in"])
    return Sheet(
        f"guide {SHEETS['guide']}", data, widths={"怎样填写": 74, "How to fill it in": 84}, figures=()
    )


def _lists(lists: Mapping[str, Mapping[str, str]], catalogue: Catalogue) -> Sheet:
    columns: dict[str, list[str]] = {}
    for name, among in lists.items():
        columns[name] = list(among.values())
        if name == "indicators":
            columns["indicator (English)"] = [i.name_en for i in catalogue.indicators.values()]
            columns["unit of the indicator"] = [i.unit for i in catalogue.indicators.values()]
        elif name == "regions":
            columns["region (English)"] = [r.name_en for r in catalogue.regions.values()]
        elif name == "units":
            columns["unit (English)"] = [u.name_en for u in catalogue.units.values()]
        elif name in ("kinds", "statuses", "attributes"):
            columns[f"{name} (English)"] = [word(key, "en") for key in among]
    data = pd.DataFrame({name: pd.Series(texts, dtype=object) for name, texts in columns.items()})
    return Sheet(f"lists {SHEETS['lists']}", data, figures=())


def _ranges(sheet: Sheet, lists) -> dict[str, str]:
    from openpyxl.utils import get_column_letter

    places = {name: get_column_letter(i) for i, name in enumerate(sheet.table.columns, 1)}
    return {
        name: f"'{sheet.name}'!${places[name]}$2:${places[name]}${len(among) + 1}"
        for name, among in lists.items()
    }


def _rule(what: str, ranges: Mapping[str, str], make):
    """Return the check of a column's or an entry's cells, None where any text will do."""
    if what in CHOSEN:
        rule = make(type="list", formula1=ranges[CHOSEN[what]], allow_blank=True, errorStyle="warning")
        rule.error = "不在清单中，也可填清单里的编号。Not on the list; an id of the list will do too."
    elif USES.get(what) == "year" or what in ("first_year", "last_year"):
        rule = make(type="whole", operator="between", formula1="1900", formula2="2200", allow_blank=True)
        rule.error = "请填年份，如 2025。A year such as 2025."
    elif USES.get(what) == "number":
        rule = make(type="decimal", operator="between", formula1="-1E15", formula2="1E15", allow_blank=True)
        rule.error = "只填数字，不带文字和单位。A number without words or units."
    else:
        return None
    rule.errorTitle = what
    return rule


def _rules_of_columns(ws, sheet: Sheet, ranges, make) -> None:
    from openpyxl.utils import get_column_letter

    last = 1 + len(sheet.table) + FREE_ROWS
    for position, header in enumerate(sheet.table.columns, 1):
        column, letter = header.partition(" ")[0], get_column_letter(position)
        if rule := _rule(column, ranges, make):
            rule.add(f"{letter}2:{letter}{last}")
            ws.add_data_validation(rule)
        if USES.get(column, "text") in ("text", "date", "code") and column != "part":
            ws.column_dimensions[letter].number_format = "@"
            for row in range(2, 2 + len(sheet.table)):
                ws.cell(row, position).number_format = "@"
    ws.freeze_panes = "E2" if sheet.name.startswith("targets") else "B2"


def _rules_of_entries(ws, sheet: Sheet, ranges, make) -> None:
    from openpyxl.styles import Alignment

    for row, entry in enumerate(sheet.table.iloc[:, 0], 2):
        cell = ws.cell(row, 2)
        cell.alignment = Alignment(vertical="top", wrap_text=True, horizontal="left")
        if entry in ("first_year", "last_year", "base_year"):
            text = cell.value
            cell.value = None
            put(cell, text, as_figure=True)
        else:
            cell.number_format = "@"
        if rule := _rule(entry, ranges, make):
            rule.add(f"B{row}")
            ws.add_data_validation(rule)


def _colours(book, sheets: Mapping[str, Sheet]) -> None:
    for name, sheet in sheets.items():
        book[sheet.name].sheet_properties.tabColor = "FF9AA5B1" if name in ("guide", "lists") else "FF2F6DA8"
