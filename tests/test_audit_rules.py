"""The rules of the audit on hand-made plans: what each finds, and the nearest plans where it must be silent."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from handmade import audit_plan

from planmodel.audit import RULES, SEVERITIES, audit

CASES = yaml.load(
    (Path(__file__).parent / "cases" / "audit.yaml").read_text(encoding="utf-8"),
    Loader=yaml.BaseLoader,  # all text: figures keep the decimals that are printed
)
ROWS = ("targets", "observations")


def variants():
    for case in CASES:
        name = f"{case['rule']}: {case['name']}"
        known_bug = [pytest.mark.xfail(reason=case["bug"], strict=True)] if "bug" in case else []
        yield pytest.param(case, id=name, marks=known_bug)
        for near in case["nearby"]:
            changed = {key: changed_rows(case.get(key, []), near.get(key, {})) for key in ROWS}
            yield pytest.param(
                {**case, **near, **changed, "finds": near.get("finds", {})},
                id=f"{name}, {near['why']}",
            )


def changed_rows(rows, changes):
    """Rows with some cells changed; a row without cells goes, and the next number is a new row."""
    found = {str(number): row for number, row in enumerate(rows, 1)}
    for number, cells in changes.items():
        found[number] = {**found.get(number, {}), **cells} if cells else None
    return [row for row in found.values() if row]


def audited(case, folder):
    """The audit of a case's plan; the district's plan, where there is one, stands beside it."""
    rows = [case.get(key, []) for key in ROWS]
    head = {key: case[key] for key in ("identities", "claims", "accepted") if key in case}
    plan = audit_plan(folder / "data", *rows, **head)
    district = case.get("district")
    if district is None:
        return audit(plan, {})
    part = audit_plan(folder / "part", *(district.get(key, []) for key in ROWS), region="district")
    return audit(plan, {"part": part})


@pytest.mark.parametrize("case", list(variants()))
def test_a_plan_has_the_findings_of_its_case_and_no_others(case, tmp_path):
    result = audited(case, tmp_path)
    findings = result.findings
    assert not result.unheard, "a rule failed: is its threshold in RULES of tests/handmade.py?"
    assert {f.id: f.severity for f in findings} == case["finds"]
    if "why" in case:  # a plan nearby
        return
    first = next(f for f in findings if f.id == next(iter(case["finds"])))
    if "says" in case:
        assert first.arithmetic["en"] == case["says"]
    if "agrees" in case:
        agrees = first.reconcile.get("en", "")
        assert agrees.startswith(case["agrees"]) if case["agrees"] else agrees == ""
    size, unit = case.get("gap", (None, ""))
    if size is not None:
        assert (first.gap, first.gap_unit) == (pytest.approx(float(size), abs=0.005, rel=0.001), unit)


def test_every_rule_has_a_page_and_a_line_in_their_table():
    folder = Path(__file__).parent.parent / "docs" / "rules"
    assert {page.stem for page in folder.glob("*.md")} - {"README"} == set(RULES)
    assert {name for name in RULES if f"({name}.md)" in (folder / "README.md").read_text("utf-8")} == set(
        RULES
    )


def test_every_rule_has_a_case_and_a_plan_nearby_that_it_leaves_alone():
    assert {case["rule"] for case in CASES} == set(RULES)
    quiet = {
        case["rule"]
        for case in CASES
        for near in case["nearby"]
        if not any(found.startswith(case["rule"]) for found in near.get("finds", {}))
    }
    assert quiet == set(RULES)
    assert all(next(iter(case["finds"])).startswith(f"{case['rule']}/") for case in CASES)


@pytest.mark.parametrize("case", [pytest.param(c, id=f"{c['rule']}: {c['name']}") for c in CASES])
def test_a_finding_says_the_same_in_both_languages_and_where_its_figures_stand(case, tmp_path):
    for found in audited(case, tmp_path).findings:
        assert set(found.arithmetic) == {"zh", "en"} and set(found.reconcile) in ({"zh", "en"}, set())
        assert found.rule in RULES and found.severity in SEVERITIES
        assert found.places
        for statement in found.statements:
            if found.rule not in ("own_review", "implied_whole") and statement.vintage == "plan":
                digits = statement.text.split("–")[0]
                assert all(digits in found.arithmetic[lang] for lang in ("zh", "en"))


@pytest.mark.parametrize("case", [c for c in CASES if c.get("district")], ids=lambda c: c["name"])
def test_the_part_has_the_finding_too(case, tmp_path):
    whole = audit_plan(tmp_path / "data", *(case.get(key, []) for key in ROWS))
    part = audit_plan(tmp_path / "part", *(case["district"].get(key, []) for key in ROWS), region="district")
    found = audit(part, {"whole": whole}).findings
    assert [f.severity for f in found] == list(case["finds"].values())
    assert [f.rule for f in found] == ["parent_region"]


def test_a_rule_reads_its_bounds_from_the_rules_file(tmp_path):
    case = next(c for c in CASES if c["rule"] == "scale_slip")
    plan = audit_plan(tmp_path, case["targets"])
    rules = {**plan.catalogue.rules, "audit": {**plan.catalogue.rules["audit"], "scale_slip": 120}}
    looser = replace(plan, catalogue=replace(plan.catalogue, rules=rules))
    assert [f.rule for f in audit(plan, {}).findings] == ["scale_slip"]
    assert [f.rule for f in audit(looser, {}).findings] == ["leap"]


CEILING = {"base": "100", "target": "250", "comparator": "le"}
UNDEFINED = {
    "a ceiling and a growth rate": [CEILING, {"target": "15.0", "kind": "annual_growth"}],
    "a ceiling and a real growth rate": [
        CEILING | {"indicator": "gdp"}, {"indicator": "gdp", "target": "5.0", "kind": "annual_growth"},
    ],
    "a whole that is a ceiling": [
        {"indicator": "gdp", "target": "300", "comparator": "lt"}, {"indicator": "finance_va", "target": "15"},
        {"indicator": "finance_share", "target": "8"},
    ],
    "a whole of nothing": [{"indicator": "gdp", "target": "0"}, {"indicator": "finance_va", "target": "15"}],
    "a share that rounds to nothing": [
        {"indicator": "services_va", "target": "100"}, {"indicator": "services_share", "target": "40"},
        {"indicator": "finance_va", "target": "15"}, {"indicator": "finance_share", "target": "0"},
    ],
    "a small share that is a ceiling": [
        {"indicator": "services_va", "target": "100"}, {"indicator": "services_share", "target": "40"},
        {"indicator": "finance_va", "target": "15"}, {"indicator": "finance_share", "target": "0.8", "comparator": "le"},
    ],
}  # fmt: skip


@pytest.mark.parametrize("targets", UNDEFINED.values(), ids=UNDEFINED)
def test_figures_that_may_be_zero_or_less_do_not_end_the_audit(targets, tmp_path):
    lines = ["finance_share = finance_va / gdp", "services_share = services_va / gdp"]
    plan = audit_plan(
        tmp_path, [*targets, {"base": "9.0", "target": "8.0", "indicator": "exports"}], identities=lines
    )
    assert "met_at_base/exports/2025" in {f.id for f in audit(plan, {}).findings}
