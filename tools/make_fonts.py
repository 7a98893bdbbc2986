"""Cut planmodel's two Chinese fonts from Noto Sans SC.

Source: the npm package @expo-google-fonts/noto-sans-sc 0.4.3 (Google Fonts' static cuts of Noto Sans SC
2.004, SIL Open Font License 1.1), which `npm pack` fetches into a temporary folder. `--source` takes an
unpacked copy instead.

Kept: the characters of `--characters`, all of GB2312, and the blocks of Latin letters, punctuation and
signs in `BLOCKS`. Dropped: what horizontal charts and pages do not use (OpenType features, vertical
metrics, glyph names). The family keeps its name: "Noto" is not a reserved font name, and the licence text
goes beside the files.

    make fonts
    python tools/make_fonts.py --source FOLDER --characters tools/font_characters.txt --out planmodel/fonts
"""

import argparse
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "@expo-google-fonts/noto-sans-sc@0.4.3"
FACES = {
    "NotoSansSC-Regular.ttf": "400Regular/NotoSansSC_400Regular.ttf",
    "NotoSansSC-Bold.ttf": "700Bold/NotoSansSC_700Bold.ttf",
}
LICENCE = "LICENSE_FONT"
BLOCKS = [
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x017F),  # Latin-1, Latin Extended-A
    (0x0370, 0x03FF),  # Greek
    (0x2010, 0x205E),  # dashes, quotation marks, ellipsis, per mille
    (0x2070, 0x209C),  # superscripts, subscripts
    (0x20A0, 0x20BF),  # currencies
    (0x2100, 0x218B),  # letterlike signs, fractions, Roman numerals
    (0x2190, 0x22FF),  # arrows, mathematical operators
    (0x2460, 0x24FF),  # circled and bracketed numbers
    (0x2500, 0x27BF),  # lines, blocks, shapes, ticks and crosses
    (0x3000, 0x303F),  # Chinese punctuation, 〇
    (0x3220, 0x33FF),  # bracketed characters, squared units such as ㎡
    (0xFF00, 0xFFEF),  # full-width forms
]


def read_characters(path):
    """Return the characters of a list file, without comment lines and line ends.

    >>> sorted(read_characters(ROOT / "tools" / "font_characters.txt"))[-1] > "一"
    True
    """
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return {character for line in lines if not line.startswith("#") for character in line.strip()}


def gb2312_characters():
    """Return the 7,445 characters of GB2312.

    >>> len(gb2312_characters())
    7445
    """
    cells = (bytes([row, cell]) for row in range(0xA1, 0xFF) for cell in range(0xA1, 0xFF))
    return {cell.decode("gb2312", errors="ignore") for cell in cells} - {""}


def cut(source, target, characters):
    """Write the part of the font `source` that draws `characters` to `target`; return how many it holds."""
    options = subset.Options(
        layout_features=[],
        drop_tables=["BASE", "GDEF", "GPOS", "GSUB", "STAT", "vhea", "vmtx"],
        glyph_names=False,
        hinting=False,
        notdef_outline=True,
        recalc_timestamp=False,
    )
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(character) for character in characters])
    subsetter.subset(font)
    subset.save_font(font, str(target), options)
    return len(TTFont(target).getBestCmap())


def fetch(folder):
    """Fetch and unpack the npm package into `folder`; return the folder with its fonts."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit(f"make_fonts: npm is not on the PATH. Unpack {PACKAGE} and name its folder: --source")
    subprocess.run([npm, "pack", PACKAGE, "--silent"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return Path(folder) / "package"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, help=f"unpacked {PACKAGE} (default: fetch it with npm)")
    parser.add_argument("--characters", type=Path, default=ROOT / "tools" / "font_characters.txt")
    parser.add_argument("--out", type=Path, default=ROOT / "planmodel" / "fonts")
    arguments = parser.parse_args()

    listed = read_characters(arguments.characters)
    blocks = {chr(code) for first, last in BLOCKS for code in range(first, last + 1)}
    with tempfile.TemporaryDirectory() as folder:
        source = arguments.source or fetch(folder)
        lacking = [name for name in [*FACES.values(), LICENCE] if not (source / name).is_file()]
        if lacking:
            sys.exit(f"make_fonts: {source} lacks {', '.join(lacking)}; expected an unpacked {PACKAGE}")
        arguments.out.mkdir(parents=True, exist_ok=True)
        for name, path in FACES.items():
            target = arguments.out / name
            held = cut(source / path, target, listed | gb2312_characters() | blocks)
            missing = sorted(listed - {chr(code) for code in TTFont(target).getBestCmap()})
            if missing:
                sys.exit(f"make_fonts: Noto Sans SC lacks {len(missing)} listed characters: {missing[:5]}")
            print(f"{name}: {held} characters, {target.stat().st_size / 1e6:.2f} MB")
        licence = (source / LICENCE).read_text(encoding="utf-8")
        (arguments.out / "OFL.txt").write_text(licence, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
