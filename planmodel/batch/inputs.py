"""Inputs: the files that runs read, the keys that follow from them, and whether they are as they were at the start."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path

from planmodel.errors import PlanmodelError, Say
from planmodel.files.reading import data_folder
from planmodel.plans import load_plan, plan_names
from planmodel.plans.loading import neighbours
from planmodel.plans.model import grouped
from planmodel.tables.evidence import results_folder
from planmodel.words import LANGS, Phrase

PROJECT = Path(__file__).resolve().parents[2]


def notebooks_folder() -> Path:
    """Return the folder of the notebooks, beside the data folder."""
    folder = data_folder().parent / "notebooks"
    return folder if folder.is_dir() else PROJECT / "notebooks"


def notebook_files() -> list[Path]:
    """Return the files of the notebooks: one folder a language, and a user's own beside these."""
    folder = notebooks_folder()
    return sorted(path for place in ("", *LANGS) for path in (folder / place).glob("*.ipynb"))


def notebook_path(name: str, lang: str) -> Path:
    """Return the file of a notebook in a language; one that is there in another only serves for both.

    >>> notebook_path("1_trajectories", "zh").parent.name
    'zh'
    """
    places = [notebooks_folder() / place / f"{name}.ipynb" for place in (lang, "", *LANGS)]
    return next((path for path in places if path.is_file()), places[0])


def inputs_digest() -> dict[str, str]:
    """Return the hashes of everything a run reads beside its notebook: data, and package with lock."""
    return {"data": digest_of(data_files()), "code": digest_of(code_files())}


def data_files() -> list[Path]:
    """Return the files of the data folder and of the newest benchmark results, which the calibration page shows."""
    results = results_folder()
    return [*_shown_files(data_folder()), *(sorted(results.glob("*.csv")) if results else ())]


def plan_of(path: Path) -> str:
    """Return the plan that a file of the data folder belongs to, empty for one that all share."""
    root = data_folder() / "plans"
    return path.relative_to(root).parts[0] if path.is_relative_to(root) else ""


class DataRead:
    """What runs read of the data folder, each file looked at once: `plans`, and the hash of theirs and of what all share."""

    def __init__(self) -> None:
        self.names = frozenset(plan_names())
        self.digests = {plan: digest_of(files) for plan, files in grouped(data_files(), plan_of).items()}
        self._near, self._said = cache(self._neighbours), cache(self._named_in)

    def plans(self, notebook: Path, named: Iterable[object]) -> tuple[str, ...]:
        """Return the plans that a run of a notebook reads: those its parameters name, those of the regions around theirs, and
        those that its other cells name."""
        own = self.names.intersection(named) | self._said(notebook)
        return tuple(sorted(own.union(*map(self._near, own))))

    def digest(self, plans: Iterable[str]) -> str:
        """Return the hash of the data that a run reads which reads these plans."""
        return hashlib.sha256(" ".join(self.digests.get(p, "") for p in ("", *plans)).encode()).hexdigest()

    def _named_in(self, notebook: Path) -> frozenset[str]:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        own = [cell for cell in cells if "parameters" not in cell["metadata"].get("tags", [])]
        text = "\n".join("".join(cell["source"]) for cell in own)
        return frozenset(name for name in self.names if name in text)

    def _neighbours(self, name: str) -> tuple[str, ...]:
        try:
            return tuple(neighbours(load_plan(name)))
        except PlanmodelError:  # the run that needs the faulty file says so
            return ()


def code_files() -> list[Path]:
    """Return the files of the package, and the lock of what it depends on."""
    lock = PROJECT / "requirements.lock"
    return [*_shown_files(PROJECT / "planmodel"), *([lock] if lock.is_file() else [])]


def _shown_files(folder: Path) -> list[Path]:
    """Return the files of a folder; not what programs hide there while they have a file open, nor what Python keeps."""

    def hidden(path: Path) -> bool:
        return any(part.startswith((".", "~", "__pycache__")) for part in path.relative_to(folder).parts)

    return sorted(path for path in folder.rglob("*") if path.is_file() and not hidden(path))


def run_key(notebook: str, parameters: Mapping[str, object], inputs: Mapping[str, str]) -> str:
    """Return a run's identity: the hash of its notebook, its parameters, the data, the package and the lock."""
    source = digest_of([notebook_path(notebook, str(parameters.get("lang", LANGS[-1])))])
    parts = [notebook, source, inputs["data"], inputs["code"], sorted(parameters.items())]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:16]


class Inputs:
    """What the runs of a batch read, held to what it was when the batch began; plans: those they read, None: all."""

    def __init__(self) -> None:
        self.stamp, self.digests = self._stamp(), self._digests()
        self.plans: Collection[str] | None = None

    def _files(self) -> dict[str, list[Path]]:
        return {"data": data_files(), "notebooks": notebook_files(), "code": code_files()}

    def _stamp(self) -> list[tuple]:
        looked = [(p, p.stat()) for files in self._files().values() for p in files]
        return [(p, seen.st_size, seen.st_mtime_ns, seen.st_ino) for p, seen in looked]

    def _digests(self) -> dict[str, dict[Path, str]]:
        return {name: {path: digest_of([path]) for path in files} for name, files in self._files().items()}

    def changed(self) -> tuple[Say, ...]:
        """Return what is not as it was when the batch began; file times are looked at first."""
        try:
            stamp = self._stamp()
            if stamp == self.stamp:
                return ()
            digests = self._digests()
        except OSError as error:  # a file that went while it was looked at
            return (Path(error.filename or "data").name,)
        self.stamp = stamp
        return differing(self._read(digests), self._read(self.digests))

    def check(self) -> None:
        """Raise PlanmodelError where something is not as it was when the batch began."""
        if changed := self.changed():
            raise PlanmodelError(Phrase("batch.changed", names=changed))

    def _read(self, digests: Mapping[str, Mapping[Path, str]]) -> dict[str, Mapping[Path, str]]:
        """The hashes of what the runs read."""
        read = ("", *self.plans) if self.plans is not None else None
        data = {path: made for path, made in digests["data"].items() if read is None or plan_of(path) in read}
        return {**digests, "data": data}


def differing(some: Mapping[str, object], others: Mapping[str, object]) -> tuple[Phrase, ...]:
    """Return the names of the parts whose hashes differ: data, notebooks, code."""
    return tuple(Phrase(f"batch.inputs.{name}") for name in some if some[name] != others.get(name))


def file_hashes() -> dict[str, str]:
    """Return the hash of every input file, by its path within the project."""
    root = data_folder().parent
    files = [*data_files(), *notebook_files()]
    folders = {p: p.parent.relative_to(root) if p.is_relative_to(root) else p.parent.name for p in files}
    return {f"{folder}/{p.name}": digest_of([p])[:16] for p, folder in folders.items()}


def digest_of(paths: Iterable[Path]) -> str:
    """Return the hash of some files, by name and content."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
