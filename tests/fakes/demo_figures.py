"""One side's figures of a demo in which all went well."""

from typing import Any


def side_figures(peak_hz: float) -> dict[str, Any]:
    """Return what a client tells of a good call; ``peak_hz`` is the pitch it heard."""
    return {
        "connect_ms": 100.0,
        "connect_to_first_frame_ms": 300.0,
        "remote_frames_painted": 900,
        "remote_fps": 29.9,
        "remote_size": [1280, 720],
        "window_s": 20.0,
        "glass_to_glass_ms": {"p50": 30.0, "p95": 45.0},
        "remote_audio": {"rms_dbfs": -20.0, "peak_hz": peak_hz},
        "ui_stall_ms": {"p50": 1.0, "p99": 9.0, "max": 14.0},
        "cpu_cores": 0.5,
        "rss_mb": 240.0,
    }
