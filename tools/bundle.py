"""Makes one folder from which detente installs with nothing but Python and no network.

``python tools/bundle.py [--platform NAME ...] [--python-version X.Y ...] [--out FOLDER]``, where
pip reaches an index; ``make bundle`` calls it. The folder has the wheels of detente and of all
that it needs at run time, in the versions of constraints.txt, an installer and a README.txt.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

from bundled.set_up import platform_here
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name, parse_wheel_filename
from packaging.version import Version
from platforms import PLATFORMS, system_at_least

ROOT = Path(__file__).resolve().parents[1]
CONSTRAINTS = ROOT / "constraints.txt"
BUNDLED = Path(__file__).resolve().parent / "bundled"


class Stop(Exception):
    """Why there is no folder."""


def main() -> None:
    """Make the folder; exit status 0 made, 1 not, 2 wrong call."""
    options = _options()
    targets = [(kind, python) for kind in options.platform for python in options.python_version]
    try:
        parts = make(options.out.absolute(), targets)
    except Stop as why:
        sys.exit(f"No folder was made. {why}")
    here = sum(wheel["bytes"] for wheel in parts["wheels"].values())
    _say(
        f"{options.out} holds detente {parts['detente']} in {len(parts['wheels'])} wheels, "
        f"{_megabytes(here)} MB. README.txt names every part and its size."
    )
    for each in parts["for"]:
        _say(f"For {each['words']}: {_megabytes(each['installed_bytes'])} MB installed.")
    if loose := unpinned(parts["wheels"]):
        _say(f"Not among the versions of constraints.txt, so newest: {', '.join(loose)}.")


def _options() -> argparse.Namespace:
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--platform", nargs="+", choices=PLATFORMS, default=[platform_here()], metavar="NAME",
        help=f"kinds of computer: {', '.join(PLATFORMS)} (default: this one, %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--python-version", nargs="+", default=[own], metavar="X.Y",
        help="versions of Python on them (default: this one, %(default)s)",
    )  # fmt: skip
    parser.add_argument("--out", type=Path, default=Path("bundle"), help="default: %(default)s")
    options = parser.parse_args()
    if unknown := set(options.platform) - set(PLATFORMS):  # the default is not checked by argparse
        parser.error(f"say --platform: {', '.join(unknown)} is none of {', '.join(PLATFORMS)}")
    return options


def make(out: Path, targets: Iterable[tuple[str, str]]) -> Any:
    """Leave the folder for computers and versions of Python at ``out``; returns its parts.json.

    Raises
    ------
    Stop
        If something cannot be built or downloaded, or ``out`` is a folder of another kind.
    """
    if out.exists() and not (out / "parts.json").is_file():
        raise Stop(f"{out} is there and was not made by this program: delete it yourself.")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
        new = Path(scratch) / "new"
        own = _own_wheel(new / "wheels")
        sets = []
        for number, (kind, python) in enumerate(targets):
            _say(f"Downloading for {PLATFORMS[kind].words}, Python {python} ...")
            found = _closure(own, kind, python, Path(scratch) / f"wheels-{number}")
            # versions of Python share what is the same for both
            moved = [wheel.replace(new / "wheels" / wheel.name) for wheel in found]
            sets.append((kind, python, [own, *moved]))
        parts = _describe(own, sets)
        _write(new, parts)
        shutil.rmtree(out, ignore_errors=True)
        new.rename(out)
    return parts


def _own_wheel(folder: Path) -> Path:
    """The wheel of this copy of detente, built into ``folder``."""
    _say("Building detente ...")
    _pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
    (wheel,) = folder.glob("detente-*.whl")
    return wheel


def _closure(own: Path, kind: str, python: str, folder: Path) -> list[Path]:
    """Everything that ``own`` needs at run time there, and pip, downloaded into ``folder``.

    pip judges the conditions of requirements by the computer that it runs on, and would leave out
    what only another one needs (as on Windows); so they are judged here, and pip fetches.
    """
    markers = PLATFORMS[kind].markers | {
        "python_version": python,
        "python_full_version": f"{python}.0",
    }
    pip = ["download", "--no-deps", "--only-binary", ":all:", "--constraint", str(CONSTRAINTS),
           "--implementation", "cp", "--python-version", python, "--dest", str(folder),
           *(word for tag in PLATFORMS[kind].tags for word in ("--platform", tag))]  # fmt: skip
    _check_python(own, python)
    found = {"detente": own}
    asked: list[Requirement] = []
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [Requirement("pip"), *requirements(own, set(), markers)]
    while waiting:
        asked += waiting
        missing = [each for each in waiting if canonicalize_name(each.name) not in found]
        if missing:
            _pip(*pip, *sorted({f"{each.name}{each.specifier}" for each in missing}))
            found |= {_name(wheel): wheel for wheel in folder.glob("*.whl")}
        new = {(canonicalize_name(each.name), frozenset(each.extras)) for each in waiting} - seen
        seen |= new
        waiting = [
            each for name, extras in new for each in requirements(found[name], extras, markers)
        ]
    _check_versions(asked, found)
    return [wheel for wheel in found.values() if wheel != own]


def requirements(wheel: Path, extras: Iterable[str], markers: dict[str, str]) -> list[Requirement]:
    """What a wheel asks for where the conditions are judged by ``markers``."""
    return [
        each
        for each in map(Requirement, _metadata(wheel).get_all("Requires-Dist", []))
        if each.marker is None
        or any(each.marker.evaluate(markers | {"extra": extra}) for extra in {"", *extras})
    ]


def _metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (  # parts that a wheel keeps copies of have theirs deeper down
            name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)
        )
        return HeaderParser().parsestr(archive.read(name).decode("utf-8"))


def _check_python(own: Path, python: str) -> None:
    """That version of Python runs detente."""
    wanted = _metadata(own)["Requires-Python"]
    if not re.fullmatch(r"\d+\.\d+", python) or not SpecifierSet(wanted).contains(python):
        raise Stop(f"detente needs Python {wanted}; {python} is none such.")


def _check_versions(asked: list[Requirement], found: dict[str, Path]) -> None:
    """What was found for one part suits every other that asks for it, too."""
    for each in asked:
        version = _version(found[canonicalize_name(each.name)])
        if not each.specifier.contains(version, prereleases=True):
            raise Stop(
                f"Some part asks for {each.name}{each.specifier} and another led to {version}: "
                "name in constraints.txt a version that suits both."
            )


def _describe(own: Path, sets: list[tuple[str, str, list[Path]]]) -> Any:
    """What the installer reads: for whom the folder is, and every part with its sizes."""
    facts = {wheel.name: _facts(wheel) for _, _, wheels in sets for wheel in wheels}
    entries = []
    for kind, python, wheels in sets:
        at_least = system_at_least(wheel.name for wheel in wheels)
        known = PLATFORMS[kind]
        system = f", with {known.versions} {at_least} or newer" if at_least else ""
        entries.append(
            {
                "platform": kind,
                "python": python,
                "system_at_least": at_least,
                "words": f"{known.words}{system}, and Python {python}",
                "installed_bytes": sum(facts[wheel.name]["installed_bytes"] for wheel in wheels),
            }
        )
    return {"detente": str(_version(own)), "for": entries, "wheels": dict(sorted(facts.items()))}


def _facts(wheel: Path) -> dict[str, Any]:
    """Sizes and checksum of a part; pip itself is used from the folder and not installed."""
    with zipfile.ZipFile(wheel) as archive:
        unpacked = sum(each.file_size for each in archive.infolist())
    return {
        "bytes": wheel.stat().st_size,
        "installed_bytes": 0 if _name(wheel) == "pip" else unpacked,
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
    }


def _write(folder: Path, parts: Any) -> None:
    """README.txt, parts.json and the installer beside the wheels."""
    text = json.dumps(parts, indent=1)
    (folder / "parts.json").write_text(f"{text}\n", encoding="utf-8")
    (folder / "README.txt").write_text(read_me(parts), encoding="utf-8", newline="\r\n")
    for name in ("install.py", "set_up.py"):
        shutil.copyfile(BUNDLED / name, folder / name)


README = """\
detente {version}, to be installed without a network.

Copy this folder to the computer, open a terminal in it (on Windows: the
Command Prompt), and type

  on Windows:  py install.py
  on macOS:    python3 install.py
  on Linux:    python3 install.py

That makes a folder "detente" in your home folder; a name after install.py, as
in python3 install.py tools/detente, puts it elsewhere. Nothing else is
changed, no rights of an administrator are needed, nothing is compiled, and
nothing is fetched. To remove detente, delete that folder.

This folder fits
{fits}
and no other system or version of Python.

Sizes in MB, of 1,000,000 bytes each: as a file in this folder, and installed.

{sizes}

pip (-) only installs the others. What Python writes beside what it runs
(__pycache__) comes on top.
"""


def read_me(parts: Any) -> str:
    """How to install, for whom it is, and the size of every part and of all."""
    several = len(parts["for"]) > 1
    rows = [("file", "installed", "part")]
    for wheel, facts in sorted(parts["wheels"].items(), key=lambda each: -each[1]["bytes"]):
        installed = facts["installed_bytes"]
        size = _megabytes(installed) if installed else "-"
        rows.append((_megabytes(facts["bytes"]), size, _label(wheel, several)))
    here = _megabytes(sum(facts["bytes"] for facts in parts["wheels"].values()))
    totals = [(_megabytes(each["installed_bytes"]), each["words"]) for each in parts["for"]]
    if several:
        rows += [(here, "", "in all"), *(("", size, f"for {words}") for size, words in totals)]
    else:
        rows.append((here, totals[0][0], "in all"))
    lines = (f"  {file:>6}  {installed:>9}  {part}".rstrip() for file, installed, part in rows)
    return README.format(
        version=parts["detente"],
        fits="\n".join(f"  {each['words']}" for each in parts["for"]),
        sizes="\n".join(lines),
    )


def _label(wheel: str, several: bool) -> str:
    """A part in words: name and version; among several targets also what it was made for."""
    name, version, _, tags = parse_wheel_filename(wheel)
    anywhere = any(tag.platform == "any" for tag in tags)
    if anywhere or not several:
        return f"{name} {version}"
    tag = min(tags, key=str)
    return f"{name} {version} ({tag.interpreter}, {tag.platform})"


def unpinned(wheels: Iterable[str]) -> list[str]:
    """Parts whose version no line of constraints.txt says."""
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    pinned = {canonicalize_name(line.partition("==")[0]) for line in lines if "==" in line}
    return sorted({_name(Path(wheel)) for wheel in wheels} - pinned - {"detente"})


def _pip(*arguments: str) -> None:
    """Run pip; its own words where it fails."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    done = subprocess.run([*pip, *arguments], capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        lines = done.stderr.splitlines()
        errors = [line for line in lines if line.startswith("ERROR")]
        raise Stop("\n".join(["pip said:", *(errors or lines)]))


def _name(wheel: Path) -> str:
    return parse_wheel_filename(wheel.name)[0]


def _version(wheel: Path) -> Version:
    return parse_wheel_filename(wheel.name)[1]


def _megabytes(size: int) -> str:
    """To a tenth; to a hundredth below one, so that nothing weighs nothing."""
    return f"{size / 1e6:.1f}" if size >= 1e6 else f"{size / 1e6:.2f}"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
