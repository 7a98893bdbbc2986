"""The files that name the packages agree, and no file names the machine it was made on."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
CONDA_NAMES = {"brotli-python": "brotli"}
"""Packages that conda calls by another name."""
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
LOCKS = [ROOT / folder / "requirements.lock" for folder in ("", "benchmarks", "interchange")]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]

# A home or working folder at the start of a path: not in the middle of an address or a relative path.
MACHINE_PATH = re.compile(rb"(?<![\w.-])/(?:" + b"|".join([b"home", b"root", b"work"]) + rb")/[\w.-]*")


def ranges(lines):
    """Map each package named in `lines` to its range.

    >>> list(ranges(["Jupyter_client>=8.10,<9"]))
    ['jupyter-client']
    """
    requirements = [Requirement(line) for line in lines]
    return {canonicalize_name(requirement.name): requirement.specifier for requirement in requirements}


def pins():
    """Map each package of the lock to its pinned versions: more than one where Python versions differ."""
    found = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", LOCK, flags=re.MULTILINE):
        found.setdefault(canonicalize_name(name), []).append(version)
    return found


def pyproject_ranges():
    project = PYPROJECT["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    return ranges(project["dependencies"] + extras + PYPROJECT["build-system"]["requires"])


def tracked_files():
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listing.returncode != 0:
        pytest.skip("not a git checkout")
    paths = [ROOT / name for name in listing.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_requirements_and_pyproject_name_the_same_packages_and_ranges():
    lines = (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines()
    assert ranges(line for line in lines if line and not line.startswith("#")) == pyproject_ranges()


def test_environment_and_pyproject_name_the_same_packages_and_ranges():
    own = {"python", "pip"}
    packages = [line for line in CONDA if re.split(r"[=<>]", line)[0] not in own]
    named = {CONDA_NAMES.get(name, name): allowed for name, allowed in ranges(packages).items()}
    assert named == pyproject_ranges()


def test_environment_names_the_oldest_python_that_pyproject_allows():
    (python,) = [line.removeprefix("python=") for line in CONDA if line.startswith("python=")]
    assert PYPROJECT["project"]["requires-python"] == f">={python}"


@pytest.mark.parametrize("name, allowed", sorted(pyproject_ranges().items()))
def test_each_range_contains_the_pin_of_the_lock(name, allowed):
    assert name in pins(), f"{name} is not in requirements.lock: run `make lock`"
    outside = [version for version in pins()[name] if not allowed.contains(version)]
    assert not outside, f"requirements.lock pins {name} {outside}, allowed is {allowed}: run `make lock`"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.parent.name)
def test_lock_names_no_registry(lock):
    # "http" alone would find the packages aiohttp, httpcore and httpx.
    lines = lock.read_text(encoding="utf-8").splitlines()
    addresses = ("://", "--index-url", "--extra-index-url", "--find-links", " @ ")
    assert [line for line in lines if any(address in line for address in addresses)] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.parent.name)
def test_lock_has_a_hash_for_each_pin(lock):
    text = lock.read_text(encoding="utf-8")
    entries = re.findall(
        r"^[A-Za-z0-9._-]+(?:\[[^\]]*\])?==[^\n]*\n(?:    --hash=sha256:[0-9a-f]{64}[ \\]*\n)*",
        text,
        flags=re.MULTILINE,
    )
    assert len(entries) == len(re.findall("==[0-9]", text)), "an entry in a form that this test does not know"
    assert [entry for entry in entries if "--hash" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.parent.name)
def test_lock_pins_what_is_asked_for(lock):
    wanted = ranges(
        line
        for line in lock.with_suffix(".in").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    )
    pinned = dict(
        re.findall(
            r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE
        )
    )
    pinned = {canonicalize_name(name): version for name, version in pinned.items()}
    outside = [name for name, allowed in wanted.items() if not allowed.contains(pinned.get(name, "0"))]
    assert not outside, (
        f"{lock} does not pin {outside} as {lock.with_suffix('.in').name} says: run make lock..."
    )


@pytest.mark.parametrize(
    "text, found",
    [
        ("open('/{}/user/plan.csv')", True),
        ("file:///{}/user", True),
        ("https://example.org/{}/page", False),
        ("docs/{}/page", False),
    ],
)
@pytest.mark.parametrize("folder", ["home", "root", "work"])
def test_machine_paths_are_told_from_addresses(text, found, folder):
    assert bool(MACHINE_PATH.search(text.format(folder).encode())) is found


def test_no_tracked_file_holds_a_path_of_a_machine():
    hits = [
        f"{path.relative_to(ROOT)}: {match.group().decode()}"
        for path in tracked_files()
        for match in MACHINE_PATH.finditer(path.read_bytes())
    ]
    assert hits == []
