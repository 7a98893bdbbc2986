"""Look at a page in headless Chromium."""

from __future__ import annotations

import html as html_module
import json
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


FRAMES = """<!DOCTYPE html><meta charset="utf-8"><body style="margin:0">
<iframe style="border:0;width:WIDTHpx;height:900px"></iframe><script>
const texts = TEXTS, looks = [LOOKS], said = [], frame = document.querySelector("iframe");
frame.addEventListener("load", async () => {
  await frame.contentDocument.fonts.ready;
  said.push(String(looks[said.length](frame.contentDocument)));
  if (said.length < texts.length) frame.srcdoc = texts[said.length]; else document.title = JSON.stringify(said);
});
frame.srcdoc = texts[0];
</script>"""
"""Opens pages in a frame, one after the other; its title is what the looks at them say."""


def each_in_browser(tmp_path, looks, width: int = 390) -> tuple[list[str], str]:
    """Open pages in a frame of some width, run the script of each with its document as `page`; return their words and the log."""
    texts, scripts = zip(*looks, strict=True)
    inert = json.dumps(texts).replace("<", "\\u003c")  # no tag of theirs ends the script
    functions = ",".join(f"(page) => {script}" for script in scripts)
    frames = FRAMES.replace("WIDTH", str(width)).replace("LOOKS", functions).replace("TEXTS", inert)
    (tmp_path / "frame.html").write_text(frames, encoding="utf-8")
    command = [
        chromium(), "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-dev-shm-usage", "--hide-scrollbars",
        "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", f"--user-data-dir={tmp_path / 'profile'}",
        "--window-size=1400,1000", f"--virtual-time-budget={3000 * len(texts)}", "--dump-dom",
        (tmp_path / "frame.html").as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    title = re.search(r"<title>(.*?)</title>", done.stdout, re.DOTALL)
    assert title, done.stderr[-2000:]
    return json.loads(html_module.unescape(title[1])), done.stderr


def in_browser(tmp_path, text: str, script: str, width: int = 390) -> tuple[str, str]:
    """Return what a script says of one page, and the log."""
    (said,), log = each_in_browser(tmp_path, [(text, script)], width)
    return said, log


def unfolded(page) -> str:
    """Return the text of a page's file with all folds open."""
    text = page.read_text(encoding="utf-8")
    return text.replace("<details>", "<details open>").replace("<details ", "<details open ")
