"""Open a workbook in headless LibreOffice and save it again."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest


def soffice() -> str:
    for name in ("soffice", "libreoffice"):
        if path := shutil.which(name):
            return path
    if os.environ.get("PLANMODEL_REQUIRE_OFFICE") == "1":
        pytest.fail("PLANMODEL_REQUIRE_OFFICE=1, but no soffice is on the PATH")
    pytest.skip("no soffice on the PATH: the workbook was not opened in LibreOffice")


def saved(paths, folder, form="xlsx"):
    """Return the files as LibreOffice writes them into a folder: calculated anew, its own styles and parts."""
    folder.mkdir(parents=True, exist_ok=True)
    profile = (folder / "profile").as_uri()
    command = [
        soffice(),
        f"-env:UserInstallation={profile}",
        "--headless",
        "--norestore",
        "--convert-to",
        form,
    ]
    command += ["--outdir", str(folder), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
    made = [folder / f"{path.stem}.{form}" for path in paths]
    assert all(path.is_file() for path in made), done.stdout + done.stderr
    return made
