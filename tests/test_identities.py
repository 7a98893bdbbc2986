"""Identities: which lines are read, and what they say."""

import pytest
from handmade import AUDIT_INDICATORS, write_data

from planmodel.plans import load_plan, plan_names
from planmodel.plans.catalogue import load_catalogue
from planmodel.plans.loading import read_plan
from planmodel.plans.model import Term, identity_of


def faults_of(folder, *lines):
    write_data(folder, indicators=AUDIT_INDICATORS, identities=list(lines))
    return read_plan(folder / "plans" / "example", load_catalogue(folder))


@pytest.mark.parametrize(
    "line, ratio, terms",
    [
        ("a = b / c", True, [("a", ""), ("b", ""), ("c", "")]),
        ("a = b + c", False, [("a", ""), ("b", ""), ("c", "")]),
        ("a = b + c + d", False, [("a", ""), ("b", ""), ("c", ""), ("d", "")]),
        ("a@x = b@x / b", True, [("a", "x"), ("b", "x"), ("b", "")]),
        ("rd_2 = b + c@y_1", False, [("rd_2", ""), ("b", ""), ("c", "y_1")]),
    ],
)
def test_lines_that_are_identities(line, ratio, terms):
    found = identity_of(line)
    assert (found.ratio, str(found)) == (ratio, line)
    assert found.terms == tuple(Term(*term) for term in terms)
    assert found.terms == (found.left, *found.parts)


@pytest.mark.parametrize(
    "line",
    ["", "a", "a = b", "a = b - c", "a = b * c", "a = b / c / d", "a = b / c + d", "a = b + c / d", "a=b+c", "a = b +c",
     "a b = c + d", "a@ = b + c", "a@x@y = b + c", "a = b + c = d", "a = b + c\n", " a = b + c"],
)  # fmt: skip
def test_lines_that_are_none(line):
    assert identity_of(line) is None


@pytest.mark.parametrize("text", ["services_share", "services_share@district"])
def test_a_term_is_written_as_it_is_read(text):
    assert str(Term(*text.split("@"))) == text


@pytest.mark.parametrize("name", plan_names())
def test_the_identities_of_the_plans_read_back(name):
    for line in load_plan(name).identities:
        sign = " / " if line.ratio else " + "
        assert f"{line.left} = {sign.join(str(part) for part in line.parts)}" == str(line)


def test_a_region_after_the_at_sign(tmp_path):
    plan, faults = faults_of(tmp_path, "services_share@district = services_va@district / services_va")
    assert faults == ()
    assert plan.identities[0].left == Term("services_share", "district")


@pytest.mark.parametrize(
    "line, expected, found, do",
    [
        ("trade = exports - imports", "a = b / c or a = b + c", "'trade = exports - imports'", "Correct"),
        ("trade = exprts + imports", "a known name", "'exprts'", "'exports'"),
        ("trade@distrct = exports + imports", "a known name", "'distrct'", "'district'"),
    ],
)
def test_faults_of_an_identity(line, expected, found, do, tmp_path):
    plan, faults = faults_of(tmp_path, line)
    assert plan is None
    assert [(f.file, f.what, f.found) for f in faults] == [("plan.yaml", "identities", found)]
    assert expected in str(faults[0].expected) and do in str(faults[0].do)


def test_every_line_is_checked(tmp_path):
    _, faults = faults_of(tmp_path, "a", "trade = b + imports", "b")
    assert [f.found for f in faults] == ["'a'", "'b'", "'b'"]
