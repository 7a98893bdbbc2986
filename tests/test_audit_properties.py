"""Plans made of one true world, printed with random decimals: no finding; with one figure changed: a finding."""

import math
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from handmade import audit_plan, row_of, seen_of
from hypothesis import given
from hypothesis import strategies as st

from planmodel.audit import audit
from planmodel.files.reading import Row
from planmodel.plans.model import identity_of
from planmodel.plans.rows import observation_of, printed_bases, target_of

IDENTITIES = (
    "trade = exports + imports",
    "finance_share = finance_va / gdp",
    "productivity = gdp / employment",
)
N_YEARS = 5
SEVERE = ("contradiction", "tension")


@cache
def empty_plan():
    with tempfile.TemporaryDirectory() as folder:
        return audit_plan(Path(folder), [{"base": "1", "target": "2"}])


def plan_of(targets, seen):
    """The plan of rows in short form, without files."""
    plain, faults = empty_plan(), []
    rows = [Row(row_of(cells, number), "", number) for number, cells in enumerate(targets, 1)]
    made = [target_of(row, plain.name, plain.region, plain.catalogue, faults) for row in rows]
    rows = [Row(seen_of(cells, number), "", number) for number, cells in enumerate(seen, 1)]
    past = [observation_of(row, plain.region, plain.catalogue, faults) for row in rows]
    assert not faults
    return replace(
        plain, targets=tuple(made), observations=(*printed_bases(made), *past),
        identities=tuple(identity_of(line) for line in IDENTITIES),
    )  # fmt: skip


def disagreements(targets, seen):
    """Contradictions and tensions, but for targets that their base meets: a share may fall, a base may round up."""
    found = audit(plan_of(targets, seen), {}).findings
    return [f for f in found if f.severity in SEVERE and f.rule != "met_at_base"]


@st.composite
def worlds(draw, smallest=1.0):
    """Rows of a consistent plan: targets and observations in short form."""

    def text(value):
        return f"{value:.{draw(st.integers(0, 3))}f}"

    def level():
        return draw(st.floats(smallest, 1e5))

    def rate():
        return draw(st.floats(0.01, 0.12))

    def ends(start):
        past, ahead = rate(), rate()
        return start / (1 + past) ** N_YEARS, start, start * (1 + ahead) ** N_YEARS, past, ahead

    exports, imports = ends(level()), ends(level())
    trade = [a + b for a, b in zip(exports[:3], imports[:3], strict=True)]
    finance = ends(level())
    share = draw(st.floats(5, 40))
    gdp = ends(100 * finance[1] / share)
    shares = [100 * f / g for f, g in zip(finance[:3], gdp[:3], strict=True)]
    prices = draw(st.floats(-0.01, 0.04))
    prices_past = prices + draw(st.floats(-0.004, 0.004))
    jobs = draw(st.floats(0, 0.03))
    flow = level()
    energy, fall = draw(st.floats(max(smallest / 100, 0.5), 50)), draw(st.floats(0.05, 0.4))
    step = 10 ** (math.floor(math.log10(trade[2])) - 1)
    targets = [
        {"indicator": "exports", "base": text(exports[1]), "target": text(exports[2])},
        {"indicator": "exports", "target": text(100 * exports[4]), "kind": "annual_growth"},
        {"indicator": "imports", "base": text(imports[1]), "target": text(imports[2])},
        {"indicator": "trade", "base": text(trade[1]), "target": text(trade[2])},
        {"indicator": "trade", "target": text(1e4 * trade[2]), "unit": "万元"},
        {"indicator": "trade", "target": text(100 * (trade[2] / trade[1] - 1)), "kind": "cumulative_change_pct"},
        {"indicator": "finance_va", "base": text(finance[1]), "target": text(finance[2])},
        {"indicator": "gdp", "base": text(gdp[1]), "target": text(gdp[2])},
        {"indicator": "gdp", "target": text(100 * ((1 + gdp[4]) / (1 + prices) - 1)), "kind": "annual_growth"},
        {"indicator": "finance_share", "target": text(shares[2]), "comparator": "eq"},
        {"indicator": "finance_share", "target": text(shares[2] - shares[1]), "kind": "change_pp"},
        {"indicator": "investment", "target": text(N_YEARS * flow), "kind": "cumulative_sum"},
        {"indicator": "investment", "target": text(flow), "kind": "annual_flow"},
        {"indicator": "energy", "base": f"{energy:.4f}", "target": f"{energy * (1 - fall):.4f}"},
        {"indicator": "energy_reduction", "target": text(100 * fall), "kind": "cumulative_change_pct"},
        {"indicator": "productivity", "target": text(100 * ((1 + gdp[4]) / (1 + prices) / (1 + jobs) - 1)), "kind": "annual_growth"},
        {"indicator": "trade", "target": f"{math.floor(trade[2] / step) * step:.6f}", "comparator": "ge"},
    ]  # fmt: skip
    years = [flow * draw(st.floats(0.5, 1.0)) for _ in range(3)]
    run = {"period": "2016..2020"}
    seen = [
        {"indicator": "exports", "period": "2015", "value": text(exports[0])},
        {"indicator": "exports", "value": text(100 * exports[3]), "measure": "mean_growth"} | run,
        {"indicator": "exports", "value": text(100 * (exports[1] / exports[0] - 1)), "measure": "total_growth"} | run,
        {"indicator": "imports", "period": "2015", "value": text(imports[0])},
        {"indicator": "trade", "period": "2015", "value": text(trade[0])},
        {"indicator": "gdp", "period": "2015", "value": text(gdp[0])},
        {"indicator": "gdp", "value": text(100 * ((1 + gdp[3]) / (1 + prices_past) - 1)), "measure": "mean_growth"} | run,
        {"indicator": "finance_share", "period": "2020", "value": text(shares[1])},
        {"indicator": "investment", "period": "2018..2020", "value": text(sum(years)), "measure": "sum"},
    ]  # fmt: skip
    seen += [
        {"indicator": "investment", "period": str(2018 + i), "value": text(year)}
        for i, year in enumerate(years)
    ]
    return targets, seen


@given(worlds())
def test_a_consistent_plan_does_not_disagree_with_itself(world):
    assert [(f.id, f.arithmetic["en"]) for f in disagreements(*world)] == []


@given(worlds(), st.floats(0.5, 30))
def test_productivity_above_gdp_is_found_and_below_it_is_not(world, points):
    targets, seen = world
    at = next(i for i, row in enumerate(targets) if row["indicator"] == "productivity")
    (gdp,) = [row for row in targets if (row["indicator"], row.get("kind")) == ("gdp", "annual_growth")]
    allowed = 0.5 * 10.0 ** -len(gdp["target"].partition(".")[2])

    def found(growth):
        rows = [*targets[:at], targets[at] | {"target": f"{growth:.3f}"}, *targets[at + 1 :]]
        return [f.id for f in audit(plan_of(rows, seen), {}).findings if f.rule == "falling_denominator"]

    grown = float(gdp["target"])
    assert found(grown + allowed + points) == ["falling_denominator/employment/2021-2025"]
    assert found(grown + allowed - 0.001) == [] and found(grown - points) == []


@given(st.floats(1.05, 20), st.booleans())
def test_a_total_above_or_below_both_ends_is_found(factor, above):
    base, end = 100.0, 100.0 + 10 * factor
    rest = end * factor if above else base / factor
    rows = [
        {"indicator": "trade", "period": "2015", "value": f"{base:.2f}"},
        {"indicator": "trade", "period": "2020", "value": f"{end:.2f}"},
        {"indicator": "trade", "period": "2016..2020", "value": f"{end + 4 * rest:.2f}", "measure": "sum"},
    ]
    found = audit(plan_of([], rows), {}).findings
    assert [f.id for f in found if f.rule == "peak_between"] == ["peak_between/trade/2016-2020"]
    inside = f"{end + 4 * (base + end) / 2:.2f}"
    found = audit(plan_of([], [*rows[:2], rows[2] | {"value": inside}]), {}).findings
    assert [f.id for f in found if f.rule == "peak_between"] == []


ROWS = {"targets": tuple(range(15)), "seen": (0, 1, 2, 3, 4, 6, 7, 8)}
"""The rows that other rows determine: all but the floor, the base of GDP and the years of investment."""
POINTS = ("annual_growth", "change_pp", "cumulative_change_pct", "mean_growth", "total_growth")
FACTOR = 1.6
LEAP = {"annual_growth": 9.0, "mean_growth": 9.0, "change_pp": 12.0}


@given(worlds(smallest=100.0), st.sampled_from(sorted(ROWS)), st.data(), st.sampled_from([1, -1]))
def test_one_figure_changed_beyond_rounding_is_found(world, side, data, way):
    *targets, _ = world[0]  # a floor overshot by less than its allowance would explain a small part's change
    rows = targets if side == "targets" else world[1]
    at = data.draw(st.sampled_from(ROWS[side]))
    row, column = rows[at], "target" if side == "targets" else "value"
    figure, what = float(row[column]), row.get("kind", row.get("measure", "level"))
    if row["indicator"] == "finance_share" and what == "level":
        figure += 15 if way > 0 or figure < 16 else -15
    elif what in POINTS:  # a decrease is a positive figure, or it is refused
        up = row["indicator"] == "energy_reduction" or way > 0
        figure += (1 if up else -1) * LEAP.get(what, 30.0)
    else:
        figure *= FACTOR**way
    rows[at] = row | {column: f"{figure:.4f}"}
    name = row["indicator"].removesuffix("_reduction")
    assert [f.id for f in disagreements(targets, world[1]) if name in f.indicators]
