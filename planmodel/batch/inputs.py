"""Inputs: the files that runs read, the keys that follow from them, and whether they are as they were at the start."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from planmodel.errors import Say
from planmodel.files.reading import data_folder
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
    """What the runs of a batch read, held to what it was when the batch began."""

    def __init__(self) -> None:
        self.stamp, self.digests = self._stamp(), self._digests()

    def _files(self) -> dict[str, list[Path]]:
        return {"data": data_files(), "notebooks": notebook_files(), "code": code_files()}

    def _stamp(self) -> list[tuple]:
        looked = [(p, p.stat()) for files in self._files().values() for p in files]
        return [(p, seen.st_size, seen.st_mtime_ns, seen.st_ino) for p, seen in looked]

    def _digests(self) -> dict[str, str]:
        return {name: digest_of(files) for name, files in self._files().items()}

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
        return differing(digests, self.digests)


def differing(some: Mapping[str, str], others: Mapping[str, str]) -> tuple[Phrase, ...]:
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
