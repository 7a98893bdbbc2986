"""Look at a page in headless Chromium."""

from __future__ import annotations

import html as html_module
import os
import re
import shutil
import subprocess

import pytest

SCROLL_WIDTH = "page.documentElement.scrollWidth"
SAME_GLYPHS = """(() => {
  const draw = (letter) => {
    const canvas = page.createElement("canvas");
    const pen = canvas.getContext("2d");
    pen.font = "40px planmodel, sans-serif";
    pen.fillText(letter, 5, 45);
    return canvas.toDataURL();
  };
  const letters = [...new Set(page.body.textContent.match(/[\\u4e00-\\u9fff]/g) || [])];
  return letters.length < 2 ? "no Chinese" : draw(letters[0]) === draw(letters[1]);
})()"""
"""true where two Chinese characters of a page look alike: boxes"""


def chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    if os.environ.get("PLANMODEL_REQUIRE_BROWSER") == "1":
        pytest.fail("PLANMODEL_REQUIRE_BROWSER=1, but no chromium is on the PATH")
    pytest.skip("no chromium on the PATH: the page was not looked at in a browser")


def in_browser(tmp_path, text: str, script: str, width: int = 390) -> tuple[str, str]:
    """Open a page in a frame of some width, run a script with its document as `page`; return its word and the log."""
    frame = html_module.escape(text, quote=True)
    (tmp_path / "frame.html").write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><body style="margin:0"><iframe style="border:0;width:{width}px;height:900px" '
        f'srcdoc="{frame}"></iframe><script>document.querySelector("iframe").addEventListener("load", async (event) => {{'
        f"const page = event.target.contentDocument; await page.fonts.ready; document.title = String({script}); }});</script>",
        encoding="utf-8",
    )
    command = [
        chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-dev-shm-usage", "--hide-scrollbars",
        "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", f"--user-data-dir={tmp_path / 'profile'}",
        "--window-size=1400,1000", "--virtual-time-budget=3000", "--dump-dom", (tmp_path / "frame.html").as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    title = re.search(r"<title>(.*?)</title>", done.stdout, re.DOTALL)
    assert title, done.stderr[-2000:]
    return html_module.unescape(title[1]), done.stderr


def look(page, tmp_path, script: str, width: int = 390) -> str:
    """Return what a script says of a page's file, opened in a frame of some width with all folds open."""
    text = (
        page.read_text(encoding="utf-8")
        .replace("<details>", "<details open>")
        .replace("<details ", "<details open ")
    )
    return in_browser(tmp_path, text, script, width)[0]
