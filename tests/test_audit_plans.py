"""The audit of the plans of data/: known findings, innocent figures, findings that a plan accepts."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
import yaml
from handmade import AUDIT_INDICATORS, TARGETS, audit_plan, write_data

from planmodel import PlanmodelError, load_plan
from planmodel.audit import RULES, SEVERITIES, audit, compare
from planmodel.plans import plan_names
from planmodel.plans.catalogue import load_catalogue
from planmodel.plans.loading import read_plan
from planmodel.plans.model import Claim
from planmodel.plans.rows import printed_bases

CASES = yaml.load(
    (Path(__file__).parent / "cases" / "audit_plans.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader
)


@cache
def audited(name):
    return audit(load_plan(name))


def cases(kind, key):
    return [pytest.param(case, id=f"{case['plan']}: {case[key]}") for case in CASES[kind]]


def with_figure(plan, indicator, old, new):
    """The plan with the first figure of an indicator that is printed so replaced: a target, else an observation."""
    targets, n_bases = list(plan.targets), len(printed_bases(list(plan.targets)))
    for at, target in enumerate(targets):
        if target.indicator.id == indicator and target.target_digits == old:
            targets[at] = replace(target, target_value=float(new), target_digits=new)
            return replace(plan, targets=tuple(targets))
    others = list(plan.observations)
    at = next(i for i, o in enumerate(others) if i >= n_bases and (o.indicator, o.digits) == (indicator, old))
    others[at] = replace(others[at], value=float(new), digits=new)
    return replace(plan, observations=tuple(others))


@pytest.mark.parametrize("case", cases("found", "id"))
def test_known_findings(case):
    found = next(f for f in audited(case["plan"]).findings if f.id == case["id"])
    assert (found.severity, found.arithmetic["en"]) == (case["severity"], case["says"])
    assert found.reconcile.get("en", "").startswith(case.get("agrees", ""))


@pytest.mark.parametrize("case", cases("innocent", "why"))
def test_innocent_figures_are_no_finding_until_one_of_them_is_changed(case):
    found = audited(case["plan"]).findings
    _, subject, period = case["finds"].split("/")
    assert not [f.id for f in found if f.rule != "own_review" and (f.subject, f.period) == (subject, period)]
    changed = audit(with_figure(load_plan(case["plan"]), *case["change"]))
    assert case["finds"] in {f.id for f in changed.findings}


@pytest.mark.parametrize("name", plan_names())
def test_findings_are_sorted_by_severity_and_each_stands_once(name):
    found = audited(name).findings
    severities = [SEVERITIES.index(f.severity) for f in found]
    assert severities == sorted(severities)
    assert len({(f.id, f.arithmetic["en"]) for f in found}) == len(found)
    assert {f.rule for f in found} <= set(RULES)


def contradictory(folder, **head):
    """A plan with one contradiction, versions/trade/2025, and one tension, met_at_base/trade/2025."""
    return audit_plan(folder, [{"base": "300", "target": "280"}, {"target": "277.48"}], **head)


def test_an_accepted_finding_stands_apart_with_its_reason(tmp_path):
    found = audit(contradictory(tmp_path, accepted=[{"finding": "versions/trade/2025", "reason": "known"}]))
    assert [f.id for f in found.contradictions] == []
    assert [(f.id, f.accepted) for f in found.accepted] == [("versions/trade/2025", "known")]
    assert [f.id for f in found.findings] == ["met_at_base/trade/2025", "versions/trade/2025"]
    assert [f.id for f in found.of("tension")] == ["met_at_base/trade/2025"]
    assert found.unused == ()


def test_without_its_acceptance_the_finding_is_open(tmp_path):
    found = audit(contradictory(tmp_path))
    assert [f.id for f in found.contradictions] == ["versions/trade/2025"]
    assert found.accepted == () and found.unused == ()


def test_what_is_accepted_but_not_found_is_named(tmp_path):
    reasons = [
        {"finding": name, "reason": "r"} for name in ("versions/trade/2024", "versions/trade/2025", "b/c/d")
    ]
    found = audit(contradictory(tmp_path, accepted=reasons))
    assert found.unused == ("b/c/d", "versions/trade/2024")
    assert [f.id for f in found.accepted] == ["versions/trade/2025"]


def test_a_change_tells_which_findings_go_come_change_and_stay(tmp_path):
    plan = audit_plan(
        tmp_path,
        [
            {"base": "300", "target": "280"},
            {"target": "277.48"},
            {"indicator": "gdp", "base": "90", "target": "80"},
        ],
    )
    tried = compare(plan, {"trade.target": "277", "trade.base": "100000"})
    assert [f.id for f in tried.gone] == ["versions/trade/2025"]
    assert [f.id for f in tried.new] == ["scale_slip/trade/2025"]
    assert [f.id for f in tried.changed] == ["met_at_base/trade/2025"]
    assert [f.id for f in tried.kept] == ["met_at_base/gdp/2025"]
    assert tried.before.contradictions and not tried.after.contradictions
    assert "100000 in 2020" in tried.changed[0].arithmetic["en"]


def read(folder, **head):
    write_data(folder, TARGETS, indicators=AUDIT_INDICATORS, **head)
    return read_plan(folder / "plans" / "example", load_catalogue(folder))


FAULTS = {
    "accepted is a text": ({"accepted": "x"}, "accepted", "a list of entries, each with finding and reason"),
    "accepted is a mapping": ({"accepted": {"a": "b"}}, "accepted", "a list of entries, each with finding and reason"),
    "no reason": ({"accepted": [{"finding": "a/b/c"}]}, "accepted", "each with finding and reason"),
    "an empty reason": ({"accepted": [{"finding": "a", "reason": " "}]}, "accepted", "the reason why it stands"),
    "a reason that is no text": ({"accepted": [{"finding": "a", "reason": 3}]}, "accepted", "the reason why"),
    "claims is a text": ({"claims": "T1"}, "claims", "a list of entries, each with table and source"),
    "no source": ({"claims": [{"table": "T1", "met": "rest"}]}, "claims", "each with table and source"),
    "a table that is not there": ({"claims": [{"table": "T2", "source": "S"}]}, "claims, table", "a known name"),
    "a row that is not there": ({"claims": [{"table": "T1", "source": "S", "missed": ["9"]}]}, "claims, row", "a known name"),
    "missed is a text": ({"claims": [{"table": "T1", "source": "S", "missed": "4a"}]}, "claims, missed", "a list of row"),
    "met is neither": ({"claims": [{"table": "T1", "source": "S", "met": "all"}]}, "claims, met", "or the word rest"),
    "rows are numbers": ({"claims": [{"table": "T1", "source": "S", "met": [1.5]}]}, "claims, met", "row numbers"),
}  # fmt: skip


@pytest.mark.parametrize("head, what, expected", FAULTS.values(), ids=FAULTS)
def test_faults_of_claims_and_accepted(head, what, expected, tmp_path):
    plan, faults = read(tmp_path, **head)
    assert plan is None
    assert [(f.file, f.what) for f in faults] == [("plan.yaml", what)]
    assert expected in str(faults[0].expected) and faults[0].found and faults[0].do


def test_all_faults_of_a_plan_file_are_named_at_once(tmp_path):
    entries = {"accepted": [{"finding": "a"}], "claims": [{"table": "T1"}], "identities": ["trade = exports"]}
    write_data(tmp_path, TARGETS, indicators=AUDIT_INDICATORS, **entries)
    with pytest.raises(PlanmodelError, match="has 3 faults") as caught:
        load_plan("example", tmp_path)
    assert {f.what for f in caught.value.faults} == {"accepted", "claims", "identities"}


def test_good_claims_and_accepted_are_read(tmp_path):
    plan, faults = read(
        tmp_path,
        claims=[{"table": "T1", "missed": [1, "3"], "met": ["2"], "source": "S"}, {"table": "T1", "met": "rest", "source": "S"}],
        accepted=[{"finding": "a/b/c", "reason": "why"}],
    )  # fmt: skip
    assert faults == ()
    assert plan.claims == (Claim("T1", ("1", "3"), ("2",), False, "S"), Claim("T1", (), (), True, "S"))
    assert plan.accepted == {"a/b/c": "why"}


@pytest.mark.parametrize(
    ("name", "indicator", "years", "deflator", "past"),
    [
        ("taizhou-services-14fyp", "services_va", (2016, 2020), 0.40, None),  # 8.73 % beside 8.3 %
        ("linhai-14fyp", "gdp", (2016, 2020), 3.20, None),  # 9.70 % beside 6.3 %
        ("xiangtan-services-14fyp", "services_va", (2021, 2025), 0.90, 2.22),  # 8.46 % beside 7.5 %
    ],
)
def test_implied_deflators_stand_apart_from_findings(name, indicator, years, deflator, past):
    found = [
        d
        for d in audit(load_plan(name)).deflators
        if (d.rate.indicator.id, d.rate.first, d.rate.last) == (indicator, *years)
        and not any("T1" in place for place in d.rate.places)
    ]
    near = [d for d in found if abs(100 * d.deflator - deflator) < 0.005]
    assert len(near) == 1
    assert near[0].allowed.low <= near[0].deflator <= near[0].allowed.high
    assert near[0].past is None if past is None else abs(100 * near[0].past - past) < 0.005
