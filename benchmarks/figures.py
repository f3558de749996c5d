"""Percentiles of what was measured, and the machine it was measured on."""

import os
import platform
import statistics
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psutil

ROOT: Final = Path(__file__).resolve().parents[1]


def spread_ms(seconds: Sequence[float]) -> dict[str, float]:
    """Return p50, p95, p99 and the largest, in milliseconds.

    Args:
        seconds: at least two samples.
    """
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    named = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": max(seconds)}
    return {name: round(value * 1000, 2) for name, value in named.items()}


def machine() -> dict[str, Any]:
    """Describe the machine, how busy it was with other things just before, and what ran when."""
    return {
        "commit": commit(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "kernel": platform.release(),
        "load_1_min": round(psutil.getloadavg()[0], 2),
    }


def commit() -> str | None:
    """Return the commit that runs, with a plus where files differ from it; None outside of git."""
    try:
        name = _git("rev-parse", "--short=9", "HEAD")
        return f"{name}+" if _git("status", "--porcelain", "-uno") else name
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(*words: str) -> str:
    ran = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return ran.stdout.strip()
