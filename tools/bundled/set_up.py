"""Sets detente up in a folder of its own, from the wheels beside this file; no network."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import textwrap
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


class Stop(Exception):
    """Why it cannot be installed, and what to do, in words for whoever tries."""


def main(arguments: list[str] | None = None) -> None:
    """Install; exit status 0 installed, 1 not, 2 wrong call."""
    parser = argparse.ArgumentParser(
        prog="install.py", description="Install detente from this folder, without a network."
    )
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path.home() / "detente",
        help="where to: a folder that is not there yet (default: detente, in your home folder)",
    )
    folder = parser.parse_args(arguments).folder.expanduser().absolute()
    try:
        program = install(HERE, folder)
    except Stop as why:
        sys.exit(_wrapped(f"Not installed. {why}"))
    except KeyboardInterrupt:
        sys.exit("\nNot installed: stopped.")
    _say(what_next(program))


def install(bundle: Path, folder: Path) -> Path:
    """Set up what ``bundle`` brings in ``folder``; returns the program.

    Raises
    ------
    Stop
        If this computer does not fit, a part is missing or damaged, or the folder is taken.
        Nothing is left behind then.
    """
    parts = read_parts(bundle)
    fitting = target_of(parts, platform_here(), python_here(), system_version())
    check_wheels(bundle, parts["wheels"])
    check_folder(folder, fitting["installed_bytes"])
    _say(f"Installing detente {parts['detente']} into {folder} ...")
    try:
        return _set_up(bundle, folder, parts["detente"])
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise Stop(f"{error.filename or folder} cannot be written: {error.strerror}.") from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def read_parts(bundle: Path) -> Any:
    """What the folder says about itself."""
    try:
        return json.loads((bundle / "parts.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Stop(
            "parts.json is missing beside install.py, or cannot be read: "
            "copy the whole folder again."
        ) from error


def platform_here() -> str:
    """The kind of computer that this Python is built for, as in ``win_amd64``."""
    if sys.platform == "darwin":
        return f"macosx_{platform.machine()}"
    return sysconfig.get_platform().replace("-", "_").replace(".", "_")


def python_here() -> str:
    """The version of this Python, with what sets it apart from the usual one."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if sys.implementation.name != "cpython":
        return f"{version} ({platform.python_implementation()})"
    return f"{version} (free-threaded)" if sysconfig.get_config_var("Py_GIL_DISABLED") else version


def system_version() -> str:
    """The version that decides which wheels run: macOS itself, or the C library of Linux."""
    if sys.platform == "darwin":
        return platform.mac_ver()[0]
    library, version = platform.libc_ver()
    return version if library == "glibc" else ""


def target_of(parts: Any, kind: str, python: str, system: str) -> Any:
    """The entry of ``parts["for"]`` that fits this computer.

    Raises
    ------
    Stop
        If none does, with what the folder is for and what this computer is.
    """
    fit = ", or for ".join(each["words"] for each in parts["for"])
    alike = [each for each in parts["for"] if each["platform"] == kind]
    if not alike:
        raise Stop(
            f"This folder is for {fit}; this Python is for {kind}. Make a folder that fits, if "
            f"there can be one, where there is a network: make bundle PLATFORM={kind}"
        )
    matching = [each for each in alike if each["python"] == python]
    if not matching:
        versions = ", ".join(each["python"] for each in alike)
        command = "py -{} install.py" if os.name == "nt" else "python{} install.py"
        raise Stop(
            f"This folder has the parts for Python {versions}, and this is Python {python}. "
            f"If the computer has one of those, name it: {command.format(alike[0]['python'])}. "
            "Otherwise make a folder that fits, where there is a network: make bundle "
            f"PLATFORM={kind} PYTHON_VERSION={python.partition(' ')[0]}"
        )
    needed = matching[0]["system_at_least"]
    if needed and _ordered(system) < _ordered(needed):
        raise Stop(
            f"This folder is for {fit}; this computer has "
            f"{f'version {system}' if system else 'another C library'}."
        )
    return matching[0]


def check_wheels(bundle: Path, wheels: dict[str, Any]) -> None:
    """Every part is there, and as it was when the folder was made."""
    _say(f"Checking the {len(wheels)} parts ...")
    for name, facts in wheels.items():
        path = bundle / "wheels" / name
        if not path.is_file():
            raise Stop(f"wheels/{name} is missing: copy the whole folder again.")
        if hashlib.sha256(path.read_bytes()).hexdigest() != facts["sha256"]:
            raise Stop(f"wheels/{name} is damaged or was changed: copy the whole folder again.")


def check_folder(folder: Path, needed: int) -> None:
    """Nothing is there yet, and the disk has room for ``needed`` bytes."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Stop(
            f"{folder} exists already. Name another folder after install.py, or delete that "
            "one first if it holds an older detente."
        )
    above = next(parent for parent in folder.parents if parent.exists())
    free = shutil.disk_usage(above).free
    if free < needed:
        raise Stop(
            f"It needs {needed / 1e6:.0f} MB, and {free / 1e6:.0f} MB are free on the disk of "
            f"{above}. Make room, or name a folder on another disk after install.py."
        )


def what_next(program: Path) -> str:
    """What to type, for somebody who never saw it."""
    called = str(program).removesuffix(".exe")
    called = f'"{called}"' if " " in called else called
    return (
        "It is installed, and needs no network from here on. What to type next:\n\n"
        f"  {called} brief korea\n\n"
        "That analyses the Korean case and leaves brief.html, one page for any browser,\n"
        "in the folder that you are in. With cases in place of brief korea it lists the\n"
        "cases that come with it, with --help whatever else it can do.\n"
        f"To remove detente, delete {program.parent.parent}."
    )


def _set_up(bundle: Path, folder: Path, version: str) -> Path:
    """An environment with the wheels in it, and the program tried out."""
    try:
        import venv  # noqa: PLC0415 (it may be missing)
    except ImportError as error:
        raise Stop(
            "This Python comes without its module venv (some systems keep it in a package of "
            "its own, such as python3-venv). Use a Python from python.org, or have it added."
        ) from error
    windows = os.name == "nt"
    # pip comes from the folder, so that a Python without ensurepip will do
    venv.create(folder, with_pip=False, symlinks=not windows)
    scripts, ending = (folder / "Scripts", ".exe") if windows else (folder / "bin", "")
    pip = [scripts / f"python{ending}", next((bundle / "wheels").glob("pip-*.whl")) / "pip"]
    options = ["--isolated", "--disable-pip-version-check", "--quiet", "install", "--no-index"]
    _run("pip", [*pip, *options, "--no-cache-dir", "--no-compile", "--only-binary", ":all:",
          "--find-links", bundle / "wheels", f"detente=={version}"])  # fmt: skip
    program = scripts / f"detente{ending}"
    _say(_run("detente --version", [program, "--version"]))
    return program


def _run(name: str, command: list[str | Path]) -> str:
    """Run a program of the new environment, out of reach of settings that lead elsewhere."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith(("PIP_", "PYTHON", "VIRTUAL_ENV"))
    }
    done = subprocess.run(
        [str(word) for word in command],
        env=kept | {"PIP_CONFIG_FILE": os.devnull, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise Stop(f"{name} stopped with:\n{done.stderr.strip() or done.stdout.strip()}")
    return done.stdout.strip()


def _ordered(version: str) -> tuple[int, ...]:
    """A version such as 2.28 in a form that can be compared."""
    return tuple(int(number) for number in version.split(".") if number.isdigit())


def _wrapped(text: str) -> str:
    """In eighty columns, with paths and commands left whole."""
    return "\n".join(
        textwrap.fill(line, 79, break_long_words=False, break_on_hyphens=False)
        for line in text.splitlines()
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
