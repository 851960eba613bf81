"""The folder to install from: made, installed with the network switched off, and its messages."""

from __future__ import annotations

import ast
import hashlib
import importlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import detente

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / "tools"

sys.path.insert(0, str(TOOLS))
try:
    bundle: Any = importlib.import_module("bundle")
    platforms: Any = importlib.import_module("platforms")
    set_up: Any = importlib.import_module("bundled.set_up")
finally:
    sys.path.remove(str(TOOLS))

LINUX = {
    "platform": "linux_x86_64",
    "python": "3.12",
    "system_at_least": "2.28",
    "words": "Linux on Intel or AMD, 64 bits, with glibc 2.28 or newer, and Python 3.12",
    "installed_bytes": 12_000_000,
}
HERE = LINUX | {
    "platform": set_up.platform_here(),
    "python": set_up.python_here(),
    "system_at_least": "",
}


def folder_with(folder: Path, *, entry: dict[str, Any] = HERE, pip: str = "") -> Path:
    """What a bundle looks like, with a wheel of pip that runs ``pip`` instead."""
    wheel = folder / "wheels" / "pip-1.0-py3-none-any.whl"
    wheel.parent.mkdir(parents=True)
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("pip/__main__.py", pip)
    facts = {
        "bytes": wheel.stat().st_size,
        "installed_bytes": 0,
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
    }
    parts = {"detente": "0.1.0", "for": [entry], "wheels": {wheel.name: facts}}
    (folder / "parts.json").write_text(json.dumps(parts), encoding="utf-8")
    for name in ("install.py", "set_up.py"):
        shutil.copyfile(TOOLS / "bundled" / name, folder / name)
    return folder


def outside() -> dict[str, str]:
    """The environment without anything that could lead to an index or to this copy's modules."""
    kept = (name for name in os.environ if not name.startswith(("PIP_", "PYTHON", "VIRTUAL_ENV")))
    return {name: os.environ[name] for name in kept if "proxy" not in name.lower()}


def call(*words: object, **settings: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False, **settings
    )


# Whether this computer fits


def test_the_entry_that_fits_is_found() -> None:
    other = LINUX | {"python": "3.13"}
    parts = {"for": [LINUX, other]}
    assert set_up.target_of(parts, "linux_x86_64", "3.13", "2.36") is other
    assert set_up.target_of(parts, "linux_x86_64", "3.12", "2.28") is LINUX


@pytest.mark.parametrize(
    "kind, python, system, said",
    [
        ("win_amd64", "3.12", "", ("Linux on Intel", "is for win_amd64", "PLATFORM=win_amd64")),
        ("linux_x86_64", "3.11", "2.36", ("Python 3.12, and this is Python 3.11", "=3.11")),
        ("linux_x86_64", "3.12 (PyPy)", "2.36", ("this is Python 3.12 (PyPy)",)),
        ("linux_x86_64", "3.13 (free-threaded)", "2.36", ("PYTHON_VERSION=3.13",)),
        ("linux_x86_64", "3.12", "2.9", ("glibc 2.28 or newer", "has version 2.9")),
        ("linux_x86_64", "3.12", "", ("another C library",)),
    ],
)
def test_what_does_not_fit_is_named(kind: str, python: str, system: str, said: Any) -> None:
    with pytest.raises(set_up.Stop) as refused:
        set_up.target_of({"for": [LINUX]}, kind, python, system)
    for words in said:
        assert words in str(refused.value)


def test_the_platform_of_this_computer_is_one_that_folders_are_made_for() -> None:
    if sys.maxsize < 2**32:
        pytest.skip("32 bits")
    assert set_up.platform_here() in platforms.PLATFORMS


def test_a_python_too_old_reads_the_door_and_is_told() -> None:
    door = TOOLS / "bundled" / "install.py"
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.FunctionDef)
    tree = ast.parse(door.read_text(encoding="utf-8"))
    assert not any(isinstance(node, newer) for node in ast.walk(tree))
    assert not any(
        isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in ast.walk(tree)
    )
    code = (
        "import runpy, sys; sys.version_info = (3, 6, 15); sys.version = '3.6.15 (default)';"
        f"runpy.run_path({str(door)!r}, run_name='__main__')"
    )
    done = call(sys.executable, "-c", code)
    assert done.returncode == 1
    assert done.stderr.startswith("detente needs Python 3.11 or newer, and this is Python 3.6.15.")
    assert "Traceback" not in done.stderr


# Whether the folder is whole and its target free


def test_a_folder_without_its_list_is_told(tmp_path: Path) -> None:
    (folder_with(tmp_path / "stick") / "parts.json").unlink()
    before = sorted(tmp_path.rglob("*"))
    done = call(sys.executable, tmp_path / "stick/install.py", tmp_path / "new", env=outside())
    assert done.returncode == 1
    assert done.stderr.startswith("Not installed. parts.json is missing")
    assert "Traceback" not in done.stderr
    assert sorted(tmp_path.rglob("*")) == before, "nothing is written, not even __pycache__"


def test_a_missing_and_a_damaged_wheel_are_named(tmp_path: Path) -> None:
    stick = folder_with(tmp_path / "stick")
    wheel = stick / "wheels" / "pip-1.0-py3-none-any.whl"
    wheel.write_bytes(wheel.read_bytes()[:-1])
    with pytest.raises(set_up.Stop, match=r"wheels/pip-1\.0-py3-none-any\.whl is damaged"):
        set_up.install(stick, tmp_path / "new")
    shutil.rmtree(stick / "wheels")
    with pytest.raises(set_up.Stop, match=r"wheels/pip-1\.0-py3-none-any\.whl is missing"):
        set_up.install(stick, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    stick = folder_with(tmp_path / "stick")
    kept = tmp_path / "new" / "letter.txt"
    kept.parent.mkdir()
    kept.write_text("keep me", encoding="utf-8")
    for taken in (kept.parent, kept):
        with pytest.raises(set_up.Stop, match="exists already"):
            set_up.install(stick, taken)
    assert kept.read_text(encoding="utf-8") == "keep me"


def test_a_full_disk_is_seen_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_up.shutil, "disk_usage", lambda _: SimpleNamespace(free=11_999_999))
    with pytest.raises(set_up.Stop, match="It needs 12 MB, and 12 MB are free"):
        set_up.check_folder(tmp_path / "a" / "b", 12_000_000)
    set_up.check_folder(tmp_path / "a" / "b", 11_999_999)


def test_a_python_without_venv_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "venv", None)
    with pytest.raises(set_up.Stop, match="without its module venv"):
        set_up.install(folder_with(tmp_path / "stick"), tmp_path / "new")


def test_a_failure_half_way_leaves_nothing(tmp_path: Path) -> None:
    stick = folder_with(tmp_path / "stick", pip="raise SystemExit('no room on the device')")
    with pytest.raises(set_up.Stop, match="pip stopped with:\nno room on the device"):
        set_up.install(stick, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_pip_is_kept_from_any_index_and_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where nothing can switch the network off for a test."""
    code = "import os, sys; sys.exit(repr((sys.argv[1:], dict(os.environ))))"
    monkeypatch.setenv("PIP_INDEX_URL", "elsewhere")
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    with pytest.raises(set_up.Stop) as stopped:
        set_up.install(folder_with(tmp_path / "stick", pip=code), tmp_path / "new")
    words, settings = ast.literal_eval(str(stopped.value).partition("\n")[2])
    assert {"--isolated", "--no-index", "--only-binary"} <= set(words)
    assert words[words.index("--find-links") + 1] == str(tmp_path / "stick" / "wheels")
    assert words[-1] == "detente==0.1.0"
    assert "elsewhere" not in settings.values()
    assert settings["PIP_CONFIG_FILE"] == os.devnull


def test_what_to_type_next_can_be_pasted() -> None:
    plain = set_up.what_next(Path("/home/ada/detente/bin/detente"))
    assert "\n  /home/ada/detente/bin/detente brief korea\n" in plain
    spaced = set_up.what_next(Path("/home/ada l/detente/Scripts/detente.exe"))
    assert '\n  "/home/ada l/detente/Scripts/detente" brief korea\n' in spaced


# What is put in


def test_conditions_are_judged_for_the_target_and_not_for_this_computer(tmp_path: Path) -> None:
    wheel = tmp_path / "part-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        asked = (
            "always",
            "windows ; platform_system == 'Windows'",
            "older ; python_version < '3.12'",
            "drawing ; extra == 'pictures'",
        )
        lines = ["Metadata-Version: 2.1", *(f"Requires-Dist: {each}" for each in asked)]
        archive.writestr("part-1.dist-info/METADATA", "\n".join(lines))
        archive.writestr("part/copies/other-1.dist-info/METADATA", "Requires-Dist: never")

    def names(kind: str, python: str, *extras: str) -> list[str]:
        markers = platforms.PLATFORMS[kind].markers | {"python_version": python}
        return [each.name for each in bundle.requirements(wheel, extras, markers)]

    assert names("linux_x86_64", "3.11") == ["always", "older"]
    assert names("linux_x86_64", "3.12") == ["always"]
    assert names("win_amd64", "3.12") == ["always", "windows"]
    assert names("macosx_arm64", "3.13", "pictures") == ["always", "drawing"]


def test_the_oldest_system_is_read_from_the_names() -> None:
    wheels = [
        "a-1-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        "b-1-cp311-cp311-manylinux_2_5_x86_64.manylinux1_x86_64.whl",
        "c-1-py3-none-any.whl",
    ]
    assert platforms.system_at_least(wheels) == "2.27"
    assert platforms.system_at_least(["b-1-cp311-cp311-manylinux2014_x86_64.whl"]) == "2.17"
    assert platforms.system_at_least(["b-1-cp311-cp311-manylinux1_x86_64.whl"]) == "2.5"
    macs = ["a-1-cp311-cp311-macosx_10_13_universal2.whl", "b-1-cp311-cp311-macosx_12_0_arm64.whl"]
    assert platforms.system_at_least(macs) == "12.0"
    assert platforms.system_at_least(["a-1-cp311-cp311-win_amd64.whl", wheels[2]]) == ""


def test_the_readme_tells_two_versions_of_a_part_apart() -> None:
    facts = {"bytes": 2_000_000, "installed_bytes": 5_000_000, "sha256": ""}
    names = [f"a-1-cp{each}-cp{each}-win_amd64.whl" for each in (312, 313)]
    parts = {
        "detente": "0.1.0",
        "for": [
            LINUX | {"words": f"Windows, and Python 3.{each}", "installed_bytes": each * 1_000_000}
            for each in (12, 13)
        ],
        "wheels": dict.fromkeys(names, facts) | {"b-2-py3-none-any.whl": facts | {"bytes": 9_000}},
    }
    lines = bundle.read_me(parts).splitlines()
    assert "     2.0        5.0  a 1 (cp312, win_amd64)" in lines
    assert "     2.0        5.0  a 1 (cp313, win_amd64)" in lines
    assert "    0.01        5.0  b 2" in lines
    assert "     4.0             in all" in lines
    assert "               13.0  for Windows, and Python 3.13" in lines


def test_only_a_folder_of_its_own_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("keep me", encoding="utf-8")
    with pytest.raises(bundle.Stop, match="delete it yourself"):
        bundle.make(tmp_path, [("linux_x86_64", "3.12")])
    assert (tmp_path / "letter.txt").exists()


def test_make_hands_its_variables_on_and_cleans_up() -> None:
    make = shutil.which("make")
    if not make:
        pytest.skip("no make")
    words = ("PLATFORM=win_amd64", "PYTHON_VERSION=3.12 3.13")

    def called(*given: str) -> str:
        printed = call(make, "--dry-run", "bundle", *given, cwd=ROOT).stdout
        return next(line for line in printed.splitlines() if "bundle.py" in line)

    assert called(*words).endswith(
        "tools/bundle.py --platform win_amd64 --python-version 3.12 3.13"
    )
    assert called("PLATFORM=", "PYTHON_VERSION=").split()[1:] == ["tools/bundle.py"]
    assert "bundle" in call(make, "--dry-run", "clean", cwd=ROOT).stdout.split()


# All of it, with the network switched off


def _cut_off() -> list[str]:
    """What to put before a command so that it has no network."""
    for words in (["unshare", "--net"], ["unshare", "--map-root-user", "--net"]):
        if shutil.which("unshare") and not call(*words, "true").returncode:
            return words
    pytest.skip("nothing here switches the network off for one command (unshare does on Linux)")


def _made(folder: Path) -> Path:
    """The folder itself; skipped only where nothing at all can be downloaded."""
    done = call(sys.executable, TOOLS / "bundle.py", "--out", folder)
    if done.returncode:
        lines = bundle.CONSTRAINTS.read_text(encoding="utf-8").splitlines()
        pinned = next(line for line in lines if line.startswith("typing_extensions=="))
        options = ("--no-deps", "--no-cache-dir", "--dest", folder.parent / "probe")
        if call(sys.executable, "-m", "pip", "download", *options, pinned).returncode:
            pytest.skip("no wheels can be downloaded here")
    assert done.returncode == 0, done.stderr
    return folder


def test_it_installs_with_the_network_switched_off(tmp_path: Path) -> None:
    cut_off = _cut_off()
    stick = _made(tmp_path / "the stick")
    parts = json.loads((stick / "parts.json").read_text(encoding="utf-8"))
    _check_sizes(stick, parts)
    _check_texts(stick, [str(ROOT), str(tmp_path), f"{Path.home()}/", sys.prefix])

    # a Python without ensurepip, no folder named, and a socket that leads nowhere
    (tmp_path / "without").mkdir()
    without = "import sys; sys.modules['ensurepip'] = None"
    (tmp_path / "without/sitecustomize.py").write_text(without, encoding="utf-8")
    home = tmp_path / "a home"
    home.mkdir()
    settings = outside() | {"HOME": str(home), "PIP_NO_INDEX": "1"}
    python = getattr(sys, "_base_executable", sys.executable)
    reach = "import socket; socket.create_connection(('192.0.2.1', 443), timeout=5)"
    assert "unreachable" in call(*cut_off, python, "-c", reach, env=settings).stderr
    started = settings | {"PYTHONPATH": str(tmp_path / "without")}
    done = call(*cut_off, python, stick / "install.py", env=started)
    assert done.returncode == 0, done.stderr
    program = home / "detente/bin/detente"
    assert f'"{program}" brief korea' in done.stdout
    assert f"\ndetente {detente.__version__}\n" in done.stdout

    done = call(*cut_off, program, "check", "korea", "--json", env=settings, cwd=home)
    assert done.returncode == 0, done.stderr
    feasible = detente.check(detente.load("korea")).feasible
    assert json.loads(done.stdout)["outcomes"]["feasible"] == feasible
    installed = sum(each.stat().st_size for each in home.rglob("*") if each.is_file())
    caches = sum(each.stat().st_size for each in home.rglob("__pycache__/*"))
    said = parts["for"][0]["installed_bytes"]
    assert said == pytest.approx(installed - caches, rel=0.02), "what the README says is so"
    assert not list(home.rglob("direct_url.json"))
    assert not list(stick.rglob("__pycache__"))


def _check_sizes(stick: Path, parts: Any) -> None:
    """Every part is a wheel, and the README has its size and that of all."""
    found = {path.name: path.stat().st_size for path in (stick / "wheels").iterdir()}
    assert found == {name: facts["bytes"] for name, facts in parts["wheels"].items()}
    assert all(name.endswith(".whl") for name in found)
    assert {path.name for path in stick.iterdir()} == {
        *("README.txt", "install.py", "parts.json", "set_up.py", "wheels")
    }
    text = (stick / "README.txt").read_text(encoding="utf-8")
    rows = [line.split() for line in text.splitlines() if line.startswith("   ")]
    sizes = {tuple(row[2:]): float(row[0]) for row in rows if row[0] != "file"}
    assert sizes.pop(("in", "all")) == pytest.approx(sum(found.values()) / 1e6, abs=0.051)
    assert sum(sizes.values()) == pytest.approx(sum(found.values()) / 1e6, abs=0.05 * len(found))
    assert len(sizes) == len(found)
    assert ("detente", detente.__version__) in sizes
    for how in ("Windows:  py install.py", "macOS:    python3 install.py", "Linux:    python3 "):
        assert how in text
    assert f"and Python {set_up.python_here()}\n" in text


def _check_texts(stick: Path, paths: list[str]) -> None:
    """Neither our own texts nor our own wheel tell where they were made or fetched from."""
    (own,) = (stick / "wheels").glob("detente-*.whl")
    with zipfile.ZipFile(own) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    texts = {path.name: path.read_bytes() for path in stick.iterdir() if path.is_file()}
    for name, content in (contents | texts).items():
        for path in paths:
            assert path.encode() not in content, f"{name} has {path}"
        assert b"file://" not in content, name
        assert "direct_url" not in name
    for name, content in texts.items():
        assert b"://" not in content, f"{name} names an address"
