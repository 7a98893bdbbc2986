"""Rows of nodes.csv: targets of annual plans that the path to a target passes through."""

from __future__ import annotations

from planmodel.errors import Fault
from planmodel.files.reading import Row, number, one_of, year
from planmodel.plans.catalogue import Catalogue
from planmodel.plans.kinds import kind_of
from planmodel.plans.model import Node, Target

NODE_COLUMNS = ("target", "year", "value", "unit", "printed", "source", "url", "note")
WITH_NODES = ("level", "index", "cumulated")
"""Paths from base to target: only on these a node can lie."""
REAL_BASES = ("real", "real_by_convention")


def node_of(row: Row, targets: dict[str, Target], catalogue: Catalogue, faults: list[Fault]) -> Node | None:
    """Return the node of a row, None where it has faults."""
    before = len(faults)
    target = targets.get(row["target"])
    if target is None:
        faults.append(row.unknown("target", targets))
    when, value = year(row, "year", faults), number(row, "value", faults, required=True)
    one_of(row, "unit", catalogue.units, faults)
    if not row["source"]:
        faults.append(row.fault("source", "where it stands", found="an empty cell"))
    if target is None or len(faults) > before:
        return None
    if not target.base_year < when < target.target_year:
        faults.append(
            row.fault(
                "year", f"a year between {target.base_year} and {target.target_year}, those of {target.id}"
            )
        )
    _check_node(row, target, value, catalogue, faults)
    if len(faults) > before:
        return None
    return Node(target.id, when, value, row["unit"], row["printed"], row["source"], row["url"], row["note"])


def _check_node(row: Row, target: Target, value: float, catalogue: Catalogue, faults: list[Fault]) -> None:
    """A node needs a path to lie on, a unit of it, and a size that fits the target's."""
    units = catalogue.units
    if target.status != "printed" or kind_of(target).path not in WITH_NODES:
        faults.append(row.fault("target", f"a target with a path from base to target: {target.id} has none"))
        return
    dimension = units[row["unit"]].dimension
    own = {units[u].dimension for u in (target.unit, target.indicator.unit) if u in units}
    if kind_of(target).path == "cumulated" and dimension not in own:
        faults.append(row.fault("unit", f"a unit of {' or '.join(sorted(own))}: that year's flow"))
    elif target.kind == "annual_growth" and target.price_basis in REAL_BASES and dimension != "percent":
        faults.append(row.fault("unit", "%: growth of that year, as the target is one of real growth"))
    elif dimension != "percent" and dimension not in own:
        faults.append(row.fault("unit", f"% for growth, or a unit of {' or '.join(sorted(own))}"))
    elif target.kind == "level" and units[target.unit].dimension == dimension and target.target_value:
        ratio = catalogue.convert(value, row["unit"], target.unit) / target.target_value
        slip = catalogue.rules["audit"]["scale_slip"]
        if ratio and not 1 / slip < abs(ratio) < slip:
            faults.append(
                row.fault(
                    "value",
                    f"a figure of the size of the target's {target.target_printed}",
                    "Check the unit.",
                )
            )
