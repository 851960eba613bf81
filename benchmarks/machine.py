"""On what was measured, without names or paths."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path


def description() -> dict[str, str]:
    """What a reader needs to judge the figures."""
    return {
        "Date": datetime.now(UTC).date().isoformat(),
        "Processor": f"{_processor()}, {os.cpu_count()} cores",
        "Memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB",
        "System": _system(),
        "Python": platform.python_version(),
    }


def load() -> float:
    """Processes that wanted a core in the last minute."""
    return os.getloadavg()[0]


def _processor() -> str:
    table = Path("/proc/cpuinfo")
    if table.exists():
        for line in table.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return f"{platform.system()} {platform.release()}"
