"""The parameters cell of a notebook: what it gives, and which of its values lack their quotes.

IPython keeps the text of every cell that was run, so that each run is judged by the parameters cell as it stands then: a name that
was mistyped once and is corrected is forgotten, and variables of one's own, elsewhere, are never taken for parameters. Loading this
module makes IPython say in one line where quotes are missing.
"""

import ast
import builtins
import re
import sys
from collections.abc import Mapping, Sequence

from planmodel.errors import Fault, PlanmodelError
from planmodel.lab.study import DEFAULTS
from planmodel.words import LANGS, Phrase

INJECTED = "# Parameters"
"""How the cell begins that papermill puts below the parameters cell."""
BARE = re.compile(r"^(\w+) *= *([^\W\d][\w\-, ]*?) *(?:#.*)?$", re.MULTILINE)
"""A name and a value of words without quotes; Python reads some of them, others (linhai-14fyp) not."""
WORD, LANG = re.compile(r"[^\W\d]\w*"), re.compile(r"^lang *= *[\"']?(\w+)", re.MULTILINE)
ENOUGH = 3
"""Parameters at or above which a cell that does nothing else is the parameters cell; plan and language alone are, too."""


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
            names = _assigned(source)
    return names


def is_parameters(source: str) -> bool:
    """Return True for a cell that only assigns, to some parameters at least, the plan or the language among them.

    >>> is_parameters('plan = "a"\\nlang = "en"\\nsed = 1\\nseed = 1'), is_parameters('seed = 1\\nmine = 2')
    (True, False)
    """
    body = _body(source)
    known = set(_assigned(source)) & set(DEFAULTS)
    only = bool(body) and all(isinstance(node, ast.Assign) for node in body)
    named = known & {"plan", "lang"}
    return only and bool(named) and (len(known) >= ENOUGH or len(named) == 2)


def _body(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:
        return []


def _assigned(source: str) -> list[str]:
    """The names assigned at the top of a cell."""
    targets = (one for node in _body(source) if isinstance(node, ast.Assign) for one in node.targets)
    return [one.id for one in targets if isinstance(one, ast.Name)]


def unquoted(source: str, known: Mapping[str, object]) -> list[Fault]:
    """Return the faults of a parameters cell whose values are words without quotes, whether Python can read them or not.

    >>> print(unquoted("plan = linhai-14fyp  # a plan\\nseed = 1\\nlang = 'en'", {})[0])
    plan: expected text in quotes, found linhai-14fyp. Write plan = "linhai-14fyp".
    """
    if not is_parameters(BARE.sub(r'\1 = "\2"', source)):
        return []
    faults = []
    for name, text in BARE.findall(source):
        words = WORD.findall(text)
        if any(word not in known and not hasattr(builtins, word) for word in words):
            do = Phrase("lab.quote_it", name=name, text=text)
            faults.append(Fault(name, Phrase("lab.quoted"), text, do=do))
    return faults


def watch_quotes() -> None:
    """Make this kernel say in one line that a parameter's quotes are missing; elsewhere than in IPython do nothing."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and refuse_unquoted not in shell.input_transformers_post:
        shell.input_transformers_post.append(refuse_unquoted)


def refuse_unquoted(lines: list[str]) -> list[str]:
    """Return the lines of a cell as they are; raise for a parameters cell with words for texts, before it is run."""
    source, shell = "".join(lines), sys.modules["IPython"].get_ipython()
    if faults := unquoted(source, shell.user_ns):
        lang = LANG.search(source)
        raise PlanmodelError("", faults, lang[1] if lang and lang[1] in LANGS else "en")
    return lines


watch_quotes()
