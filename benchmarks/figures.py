"""Percentiles of what was measured, and the machine it was measured on."""

import os
import platform
import statistics
from collections.abc import Sequence
from typing import Any

import psutil


def spread_ms(seconds: Sequence[float]) -> dict[str, float]:
    """Return p50, p95, p99 and the largest, in milliseconds.

    Args:
        seconds: at least two samples.
    """
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    named = {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": max(seconds)}
    return {name: round(value * 1000, 2) for name, value in named.items()}


def machine() -> dict[str, Any]:
    """Describe the machine, and how busy it was with other things just before."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "kernel": platform.release(),
        "load_1_min": round(psutil.getloadavg()[0], 2),
    }
