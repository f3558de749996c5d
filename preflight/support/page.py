"""A report as one self-contained page: verdict, checks, plots, devices. No script, no network.

Made from the redacted report alone, so the page can hold nothing that the report does not.
"""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from preflight.remedies import WORDS
from preflight.support.plots import Axis, bar_plot, line_plot

_STYLE = """
:root{color-scheme:light dark;--ink:#1d2125;--dim:#5b6570;--line:#d5dae0;--page:#fff;--box:#f5f7f9;
--ok:#1a7f4b;--warn:#8a5a00;--bad:#b3261e;--plot:#2460c8}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--dim:#a3adb8;--line:#3a424b;--page:#14181c;
--box:#1d2329;--ok:#5fd39a;--warn:#f0b64c;--bad:#ff8a80;--plot:#7fb0ff}}
body{font:15px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--page);margin:2rem auto;
max-width:60rem;padding:0 1rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
p.dim,figcaption,td.dim{color:var(--dim)}
table{border-collapse:collapse;width:100%;table-layout:fixed}
table.checks td:nth-child(1){width:18%}table.checks td:nth-child(4){width:5rem;text-align:right}
table.pairs td:first-child{width:18%}td{overflow-wrap:anywhere}
td,th{text-align:left;padding:.35rem .6rem .35rem 0;
border-top:1px solid var(--line);vertical-align:top}
.passed{color:var(--ok)}.warned{color:var(--warn)}.failed{color:var(--bad)}
.verdict{font-weight:600;padding:.8rem 1rem;background:var(--box);border-left:4px solid}
figure{margin:1rem 0;background:var(--box);padding:.8rem 1rem}svg{width:100%;height:auto}
svg text{font-size:11px;fill:var(--dim)}svg text.name,svg text.limit{text-anchor:end}
svg .line{fill:none;stroke:var(--plot);stroke-width:1.5}svg circle.line{fill:var(--plot)}
svg .axis{stroke:var(--line)}svg line.limit{stroke:var(--bad);stroke-dasharray:4 3}
svg text.limit{fill:var(--bad)}svg .bar{fill:var(--plot);opacity:.75}
code{font-size:.9em}
"""
_SIGNS = {
    "passed": "\N{CHECK MARK}",
    "warned": "\N{WARNING SIGN}",
    "failed": "\N{MULTIPLICATION X}",
    "skipped": "\N{EN DASH}",
    "unknown": "?",
}
_WORDS_OF_STATE = {"skipped": "not measured", "unknown": "not measured"}


def page(report: Mapping[str, Any]) -> str:
    """Return the page of a redacted report (schema ``liftbay.preflight`` 1.x)."""
    gate = report["gate"]
    passed = bool(gate["passed"])
    blocking = ", ".join(gate["blocking"])
    verdict = "Ready for a call" if passed else f"Not ready: {blocking or 'not decided'}"
    body = [
        "<h1>Liftbay diagnosis</h1>",
        f'<p class="dim">{_head(report)}</p>',
        f'<p class="verdict {"passed" if passed else "failed"}">{escape(verdict)}</p>',
        *_groups(report["checks"]),
        *_plots(report),
        "<h2>Devices</h2>",
        _table(
            [
                (role, escape(str((info or {}).get("name", "none"))))
                for role, info in report["devices"].items()
            ]
        ),
        "<h2>Computer and program</h2>",
        _table(
            [
                (name, escape(str(value)))
                for part in ("host", "app")
                for name, value in report[part].items()
            ]
        ),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Liftbay diagnosis</title><style>{_STYLE}</style></head>"
        f"<body>{''.join(body)}</body></html>\n"
    )


def write_page(path: Path, report: Mapping[str, Any]) -> None:
    """Replace the file by the report's page; the folder is made.

    Raises:
        OSError: the disk is full or not writable.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(report), encoding="utf-8")


def _head(report: Mapping[str, Any]) -> str:
    took_s = float(report["duration_ms"]) / 1000
    ended = report["ended_by"] or "running"
    words = [f"{report['started_at_utc']}", f"{took_s:.1f} s", f"ended: {ended}"]
    if report.get("short_code"):
        words.insert(0, f"code {report['short_code']}")
    return escape(" \N{MIDDLE DOT} ".join(words))


def _groups(checks: Sequence[Mapping[str, Any]]) -> list[str]:
    parts: list[str] = []
    for group in dict.fromkeys(check["group"] for check in checks):
        rows = [_check_row(check) for check in checks if check["group"] == group]
        parts.append(
            f"<h2>{escape(str(group).capitalize())}</h2>"
            f'<table class="checks">{"".join(rows)}</table>'
        )
    return parts


def _check_row(check: Mapping[str, Any]) -> str:
    state = str(check["state"])
    words = WORDS.get(check["code"])
    title = words.title if words else check["code"]
    told = _WORDS_OF_STATE.get(state, state)
    why = f" ({check['reason']})" if check["reason"] else ""
    remedy = f"{words.failed} {words.remedy}" if words and state in ("failed", "warned") else ""
    figures = ", ".join(f"{name} {_told(value)}" for name, value in check["measured"].items())
    return (
        f'<tr><td class="{escape(state)}">{_SIGNS.get(state, "")} {escape(told + why)}</td>'
        f"<td>{escape(title)}<br><code>{escape(check['no'])} {escape(check['code'])}</code>"
        f'{"<br>" + escape(remedy) if remedy else ""}</td><td class="dim">{escape(figures)}</td>'
        f'<td class="dim">{check["duration_ms"]} ms</td></tr>'
    )


def _told(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "unknown" if value is None else str(value)


def _plots(report: Mapping[str, Any]) -> list[str]:
    samples = report.get("samples", {})
    rtts = samples.get("rtt_ms", [])
    devices = samples.get("devices", {})
    seconds = [at / 1000 for at in devices.get("at_ms", [])]
    trial = samples.get("media", {})
    plots = [
        line_plot(
            "Round trips to the service",
            list(range(1, len(rtts) + 1)),
            rtts,
            Axis("ms", 0, 50, (300, "limit 300 ms") if max(rtts, default=0) > 150 else None),
            x_unit="samples",
        ),
        line_plot(
            "Microphone level",
            seconds,
            devices.get("level_dbfs", []),
            Axis("dBFS", -90, 0, (-60, "-60 dBFS")),
            x_unit="s",
        ),
        line_plot(
            "Brightness of the picture (luma)",
            seconds,
            devices.get("luma", []),
            Axis("", 0, 255),
            x_unit="s",
        ),
        line_plot(
            "Pictures a second",
            seconds,
            devices.get("fps", []),
            Axis("fps", 0, 30, (24, "24 fps")),
            x_unit="s",
        ),
        line_plot(
            "Upload of the trial call",
            trial.get("at_s", []),
            trial.get("uplink_kbps", []),
            Axis("kbit/s", 0, 3000, (1100, "1,100 kbit/s")),
            x_unit="s",
        ),
        line_plot(
            "Download of the trial call",
            trial.get("at_s", []),
            trial.get("downlink_kbps", []),
            Axis("kbit/s", 0, 3000, (1100, "1,100 kbit/s")),
            x_unit="s",
        ),
        bar_plot(
            "How long each stage took",
            [
                (stage["name"], stage["start_ms"], stage["duration_ms"])
                for stage in report.get("stages", [])
            ],
            unit="ms",
        ),
    ]
    shown = [plot for plot in plots if plot]
    return ["<h2>Measured over time</h2>", *shown] if shown else []


def _table(rows: Sequence[tuple[str, str]]) -> str:
    cells = "".join(
        f'<tr><td class="dim">{escape(name)}</td><td>{value}</td></tr>' for name, value in rows
    )
    return f'<table class="pairs">{cells}</table>'
