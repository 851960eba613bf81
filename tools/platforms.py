"""The kinds of computer that a folder can be made for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from packaging.utils import parse_wheel_filename


@dataclass(frozen=True)
class Platform:
    """A kind of computer: how people, wheels and the conditions of requirements call it.

    Attributes
    ----------
    words
        What a reader knows it by.
    tags
        The wheels that run on it, in the words of their file names.
    markers
        What a condition such as ``sys_platform == "win32"`` is told there.
    versions
        The unit of ``system_at_least``; empty where wheels ask for no version of the system.
    """

    words: str
    tags: tuple[str, ...]
    markers: dict[str, str]
    versions: str = ""


def _linux(machine: str, words: str) -> Platform:
    recent = [f"manylinux_2_{minor}_{machine}" for minor in range(28, 16, -1)]
    markers = _markers("linux", "Linux", "posix", machine)
    return Platform(f"Linux on {words}", (*recent, f"manylinux2014_{machine}"), markers, "glibc")


def _macos(machine: str, words: str) -> Platform:
    markers = _markers("darwin", "Darwin", "posix", machine)
    return Platform(f"macOS on {words}", (f"macosx_12_0_{machine}",), markers, "macOS")


def _markers(system: str, name: str, family: str, machine: str) -> dict[str, str]:
    return {
        "sys_platform": system,
        "platform_system": name,
        "os_name": family,
        "platform_machine": machine,
        "platform_release": "",
        "platform_version": "",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }


PLATFORMS = {
    "win_amd64": Platform(
        "Windows on Intel or AMD, 64 bits",
        ("win_amd64",),
        _markers("win32", "Windows", "nt", "AMD64"),
    ),
    "macosx_arm64": _macos("arm64", "Apple silicon"),
    "macosx_x86_64": _macos("x86_64", "Intel"),
    "linux_x86_64": _linux("x86_64", "Intel or AMD, 64 bits"),
    "linux_aarch64": _linux("aarch64", "ARM, 64 bits"),
}


def system_at_least(wheels: Iterable[str]) -> str:
    """The oldest glibc or macOS that runs all the wheels, by their file names; else empty."""
    needs = [
        min(versions)
        for wheel in wheels
        if (versions := [found for tag in parse_wheel_filename(wheel)[3]
                         if (found := _system_of(tag.platform))])
    ]  # fmt: skip
    return ".".join(map(str, max(needs))) if needs else ""


def _system_of(tag: str) -> tuple[int, int] | None:
    """The version of the system in a tag such as ``manylinux_2_28_x86_64`` (PEP 600)."""
    tag = tag.replace("manylinux2014", "manylinux_2_17").replace("manylinux2010", "manylinux_2_12")
    found = re.match(
        r"(?:manylinux|macosx)_(\d+)_(\d+)_", tag.replace("manylinux1_", "manylinux_2_5_")
    )
    return (int(found[1]), int(found[2])) if found else None
