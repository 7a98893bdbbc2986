"""The parameters cell of a notebook: which names it gives, and one line for a value without its quotes.

IPython keeps the text of every cell that was run, so that each run is judged by the cell as it stands then: a name that
was mistyped once and is corrected is forgotten, and variables of one's own, elsewhere, are never taken for parameters.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from planmodel.errors import Fault, PlanmodelError
from planmodel.lab.study import DEFAULTS
from planmodel.words import LANGS, Phrase

INJECTED = "# Parameters"
"""How the cell begins that papermill puts below the parameters cell."""
ENOUGH = 3
"""Parameters at or above which a cell that does nothing else is the parameters cell."""


def parameters_given(namespace: Mapping[str, object]) -> dict[str, object]:
    """Return the parameters of a notebook by name, mistyped ones included, given its globals().

    Those of the latest parameters cell, of papermill's cell below it, and of the cell that calls; without a history of
    cells, whatever has the name of a parameter.
    """
    history = namespace.get("In")
    cells = [str(cell) for cell in history] if isinstance(history, Sequence) else []
    names = _names(cells)
    if names is None:
        names = list(DEFAULTS)
    elif cells:
        names += [name for name in _assigned(cells[-1]) if name in DEFAULTS]
    return {name: namespace[name] for name in names if name in namespace}


def _names(cells: Sequence[str]) -> list[str] | None:
    """The names that the latest parameters cell and papermill's give; None without such a cell."""
    names = None
    for source in cells:
        if source.startswith(INJECTED):
            names = [*(names or []), *_assigned(source)]
        elif is_parameters(source):
            names = list(_assigned(source))
    return names


def is_parameters(source: str) -> bool:
    """Return True for a cell that only assigns, to some parameters at least, the plan or the language among them.

    >>> is_parameters('plan = "a"\\nlang = "en"\\nsed = 1\\nseed = 1'), is_parameters('seed = 1\\nmine = 2')
    (True, False)
    """
    body = _body(source)
    known = {name for name in _assigned(source) if name in DEFAULTS}
    only = bool(body) and all(isinstance(node, ast.Assign) for node in body)
    return only and len(known) >= ENOUGH and bool(known & {"plan", "lang"})


def _body(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:
        return []


def _assigned(source: str) -> dict[str, ast.expr]:
    """Names assigned at the top of a cell, with what is assigned."""
    return {
        target.id: node.value
        for node in _body(source)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def unquoted(source: str, known: Mapping[str, object]) -> list[Fault]:
    """Return the faults of a parameters cell whose values are words without quotes.

    >>> print(unquoted("plan = 'a'\\nseed = 1\\nbands = central\\nlang = 'en'", {})[0])
    bands: expected text in quotes, found central. Write bands = "central".
    """
    if not is_parameters(source):
        return []
    faults = []
    for name, value in _assigned(source).items():
        words = [node.id for node in ast.walk(value) if isinstance(node, ast.Name)]
        if any(word not in known and not hasattr(builtins, word) for word in words):
            text = ast.unparse(value).strip("()").replace(" - ", "-")
            do = Phrase("lab.quote_it", name=name, text=text)
            faults.append(Fault(name, Phrase("lab.quoted"), text, do=do))
    return faults


def watch_quotes() -> None:
    """Make this kernel say in one line that a parameter's quotes are missing; elsewhere than in IPython do nothing."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is None or any(isinstance(each, _Quotes) for each in shell.ast_transformers):
        return
    shell.ast_transformers.append(_Quotes(shell))


class _Quotes(ast.NodeTransformer):
    """Refuses a parameters cell with words for texts before it is run; all other cells pass as they are."""

    def __init__(self, shell: Any):
        self.shell = shell

    def visit(self, node: ast.AST) -> ast.AST:
        from IPython.core.error import InputRejected

        source = ast.unparse(node)
        faults = unquoted(source, self.shell.user_ns)
        if not faults:
            return node
        error = type("PlanmodelError", (PlanmodelError, InputRejected), {})("", faults)
        lang = _assigned(source).get("lang")
        text = lang.value if isinstance(lang, ast.Constant) else getattr(lang, "id", "")
        error.lang = text if text in LANGS else "en"
        raise error
