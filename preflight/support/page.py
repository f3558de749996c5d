"""A report as one self-contained page: verdict, checks, plots, devices. No script, no network.

Made from the redacted report alone, so the page can hold nothing that the report does not.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from preflight.model import GATING_GROUPS, CheckResult, CheckState, Group
from preflight.support import lines
from preflight.support.page_words import ENGLISH, PageWords
from preflight.support.plots import bar_plot, line_plot
from preflight.support.scope import in_short
from preflight.support.verdict import ExitCode, judge_checks, spoken_numbers
from preflight.verdicts.catalogue import BY_CODE
from preflight.verdicts.figures import unit_of
from preflight.verdicts.rules import deciding_figure

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
table.pairs td:first-child{width:22%}td:not(:first-child)+td{font-variant-numeric:tabular-nums}
th{color:var(--dim);font-weight:400}td{overflow-wrap:anywhere}
td,th{text-align:left;padding:.35rem .6rem .35rem 0;
border-top:1px solid var(--line);vertical-align:top}
.passed{color:var(--ok)}.warned{color:var(--warn)}.failed{color:var(--bad)}
.verdict{font-weight:600;padding:.8rem 1rem;background:var(--box);border-left:4px solid}
figure{margin:1rem 0;background:var(--box);padding:.8rem 1rem}svg{width:100%;height:auto}
svg text{font-size:11px;fill:var(--dim)}svg text.name,svg text.limit{text-anchor:end}
svg .line{fill:none;stroke:var(--plot);stroke-width:1.5}svg circle.line{fill:var(--plot)}
svg .axis{stroke:var(--line)}svg line.limit{stroke:var(--bad);stroke-dasharray:4 3}
svg text.limit{fill:var(--bad);paint-order:stroke;stroke:var(--box);stroke-width:4px}
svg .bar{fill:var(--plot);opacity:.75}
code{font-size:.9em}
"""
_SIGNS = {
    "passed": "\N{CHECK MARK}",
    "warned": "\N{WARNING SIGN}",
    "failed": "\N{MULTIPLICATION X}",
    "skipped": "\N{EN DASH}",
    "unknown": "?",
}
_UNMEASURED = ("skipped", "unknown")


def page(report: Mapping[str, Any], words: PageWords = ENGLISH) -> str:
    """Return the page of a redacted report (schema ``liftbay.preflight`` 1.x)."""
    say = words.text
    tone, verdict = _verdict(report["checks"], words)
    body = [
        f"<h1>{escape(say('Liftbay diagnosis'))}</h1>",
        f'<p class="dim">{_head(report, words)}</p>',
        f'<p class="verdict {tone}">{escape(verdict)}</p>',
        *_trend(report.get("previous"), words),
        *_faults(report["checks"], words),
        *_plots(report, words),
        *_previous(report.get("previous"), words),
        *_groups(report["checks"], words),
        _heading(say("Devices")),
        _table(_devices(report["devices"], words)),
        _heading(say("Network and what is recommended")),
        _table(_pairs(report, ("network", "recommendation"), words)),
        _heading(say("Computer and program")),
        _table(_pairs(report, ("host", "app"), words)),
        *_redaction(report.get("redaction"), words),
    ]
    return (
        f'<!doctype html><html lang="{escape(words.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(say('Liftbay diagnosis'))}</title><style>{_STYLE}</style></head>"
        f"<body>{''.join(body)}</body></html>\n"
    )


def _verdict(checks: Sequence[Mapping[str, Any]], words: PageWords) -> tuple[str, str]:
    """Return the tone and the words of the verdict over what was looked at."""
    verdict = judge_checks(
        [
            CheckResult(
                row["code"],
                row["no"],
                Group(row["group"]),
                CheckState(row["state"]),
                row["reason"],
                gating=row["gating"],
            )
            for row in checks
        ]
    )
    say = words.text
    numbers = ", ".join(spoken_numbers(verdict))
    match verdict.code:
        case ExitCode.FAILED:
            told = say("Not ready for a call: {numbers} ({codes})")
            return "failed", told.format(numbers=numbers, codes=", ".join(verdict.blocking))
        case ExitCode.UNDECIDED:
            codes = in_short(verdict.undecided, GATING_GROUPS, words.group)
            return "warned", say("Not decided: {codes}").format(codes=codes)
        case _:
            # What needs an account was not seen: that is no readiness yet.
            well = (
                say("Nothing wrong was found") if verdict.out_of_scope else say("Ready for a call")
            )
            if numbers:
                well += say(", with advice: {numbers}").format(numbers=numbers)
            if verdict.out_of_scope:
                codes = in_short(verdict.out_of_scope, GATING_GROUPS, words.group)
                well += say(" (not looked at: {codes})").format(codes=codes)
            return "passed", well


def _head(report: Mapping[str, Any], words: PageWords) -> str:
    took_s = float(report["duration_ms"]) / 1000
    how = words.ended(report["ended_by"]) if report["ended_by"] else words.text("running")
    ended = words.text("ended: {how}").format(how=how)
    parts = [f"{report['started_at_utc']}", f"{took_s:.1f} s", ended]
    if report.get("short_code"):
        parts.insert(0, words.text("code {code}").format(code=report["short_code"]))
    return escape(" \N{MIDDLE DOT} ".join(parts))


def _heading(words: str) -> str:
    return f"<h2>{escape(words)}</h2>"


def _faults(checks: Sequence[Mapping[str, Any]], words: PageWords) -> list[str]:
    """Return what is wrong and what to do, before all that is well; gating checks first."""
    wrong = [check for check in checks if check["state"] in ("failed", "warned")]
    wrong.sort(key=lambda check: (not check["gating"], check["state"] != "failed"))
    if not wrong:
        return []
    rows = "".join(_check_row(check, words) for check in wrong)
    return [_heading(words.text("What to look at")), f'<table class="checks">{rows}</table>']


def _groups(checks: Sequence[Mapping[str, Any]], words: PageWords) -> list[str]:
    parts: list[str] = []
    for group in dict.fromkeys(check["group"] for check in checks):
        rows = [_check_row(check, words, brief=True) for check in checks if check["group"] == group]
        parts.append(
            f"<h2>{escape(words.text(str(group).capitalize()))}</h2>"
            f'<table class="checks">{"".join(rows)}</table>'
        )
    return parts


def _check_row(check: Mapping[str, Any], words: PageWords, *, brief: bool = False) -> str:
    """Return the row of a check.

    Args:
        brief: without what to do, which stands further up.
    """
    state = str(check["state"])
    look = "warned" if state == "failed" and not check["gating"] else state
    told = "advice" if look == "warned" and not check["gating"] else state
    told = words.text("not measured" if told in _UNMEASURED else told)
    remedy = ""
    if not brief and state in ("failed", "warned"):
        remedy = words.remedy(_result(check))
    told = words.state(told, _result(check))
    took = "" if state in _UNMEASURED else f"{check['duration_ms']} ms"
    return (
        f'<tr><td class="{escape(look)}">{_SIGNS.get(look, "")} {escape(told)}</td>'
        f"<td>{escape(words.title(check['code']))}<br>"
        f"<code>{escape(check['no'])} {escape(check['code'])}</code>"
        f"{'<br>' + escape(remedy) if remedy else ''}</td>"
        f'<td class="dim">{escape(_figures(check, words))}</td><td class="dim">{took}</td></tr>'
    )


def _result(row: Mapping[str, Any]) -> CheckResult:
    return CheckResult(
        row["code"],
        row["no"],
        Group(row["group"]),
        CheckState(row["state"]),
        row["reason"],
        measured=row["measured"],
        gating=row["gating"],
    )


def _figures(check: Mapping[str, Any], words: PageWords) -> str:
    named = words.figure
    measured = ", ".join(
        f"{name} {_told(value, words)}" if named is None else named(name, value)
        for name, value in check["measured"].items()
    )
    given = check.get("thresholds", {})
    limits = ", ".join(
        word.format(limit=_limit(given[step], _unit(check["code"]), words))
        for step, word in _limit_words(given, words)
        if given.get(step) not in (None, "")
    )
    return "; ".join(filter(None, (measured, limits)))


def _limit_words(given: Mapping[str, Any], words: PageWords) -> list[tuple[str, str]]:
    warns_when, fails_when = words.text("warns when {limit}"), words.text("fails when {limit}")
    warns_at, fails_at = words.text("warns at {limit}"), words.text("fails at {limit}")
    return [
        ("warn", warns_when if isinstance(given.get("warn"), bool) else warns_at),
        ("fail", fails_when if isinstance(given.get("fail"), bool) else fails_at),
    ]


def _limit(step: object, unit: str, words: PageWords) -> str:
    if isinstance(step, str):
        return words.limit(step)
    told = _told(step, words)
    return told if isinstance(step, bool) else f"{told} {unit}".strip()


def _unit(code: str) -> str:
    row = BY_CODE.get(code)
    name = None if row is None else deciding_figure(row.rules)
    return "" if name is None else unit_of(name)


def _told(value: object, words: PageWords) -> str:
    if isinstance(value, bool):
        return words.text("yes") if value else words.text("no")
    if isinstance(value, list | tuple):
        return ", ".join(words.value(str(one)) for one in value) or words.text("none")
    return words.text("unknown") if value is None else words.value(str(value))


def _trend(previous: Mapping[str, Any] | None, words: PageWords) -> list[str]:
    told = words.trend(previous)
    return [f'<p class="warned">{escape("; ".join(told).capitalize())}.</p>'] if told else []


def _previous(previous: Mapping[str, Any] | None, words: PageWords) -> list[str]:
    """Return this run beside the median of the machine's earlier ones, as a table."""
    if not previous or not previous["figures"]:
        return []
    rows = "".join(
        f'<tr><td class="dim">{escape(words.compared(name))}</td>'
        f"<td>{found['now']:g}</td><td>{found['usual']:g}</td><td>{_change(found)}</td></tr>"
        for name, found in previous["figures"].items()
    )
    say = words.text
    title = say("Beside this machine's last {runs} runs").format(runs=previous["runs"])
    columns = "".join(
        f"<th>{escape(each)}</th>"
        for each in (say("now"), say("usual (median)"), say("difference"))
    )
    return [
        _heading(title),
        f'<table class="figures"><tr><th></th>{columns}</tr>{rows}</table>',
    ]


def _change(found: Mapping[str, Any]) -> str:
    percent = found["change_percent"]
    return f"{found['change']:+g}" if percent is None else f"{percent:+d} %"


def _devices(devices: Mapping[str, Any], words: PageWords) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    available = devices.get("available") or {}
    for role, info in devices.items():
        if role == "available":
            continue
        chosen = info or {}
        name = str(chosen.get("name", words.text("none")))
        if mode := chosen.get("mode"):
            name += f" ({mode['width']} x {mode['height']}, {mode['fps']:g} fps)"
        rows.append((words.fact(role), escape(name)))
        others = [
            str(other["name"])
            for other in available.get(role, ())
            if other["id"] != chosen.get("id")
        ]
        if others:
            rows.append((words.fact(f"{role}_others"), escape(", ".join(others))))
    return rows


def _pairs(
    report: Mapping[str, Any], parts: Sequence[str], words: PageWords
) -> list[tuple[str, str]]:
    return [
        (words.fact(name), escape(_told(value, words)))
        for part in parts
        for name, value in (report.get(part) or {}).items()
    ]


def _redaction(redaction: Mapping[str, Any] | None, words: PageWords) -> list[str]:
    if redaction is None:
        return []
    counts = redaction.get("counts", {})
    taken = ", ".join(f"{count} x {words.fact(rule)}" for rule, count in counts.items())
    told = words.text("Taken out before it was written: {what}.")
    return [f'<p class="dim">{escape(told.format(what=taken or words.text("nothing")))}</p>']


def _plots(report: Mapping[str, Any], words: PageWords) -> list[str]:
    say = words.text
    samples = report.get("samples", {})
    rtts = samples.get("rtt_ms", [])
    devices = samples.get("devices", {})
    seconds = [round(at / 1000, 1) for at in devices.get("at_ms", [])]
    trial = samples.get("media", {})
    plots = [
        line_plot(
            say("Round trips to the service"),
            list(range(1, len(rtts) + 1)),
            rtts,
            lines.RTT,
            x_unit=say("samples"),
            say=say,
        ),
        line_plot(
            say("Microphone level"),
            seconds,
            devices.get("level_dbfs", []),
            lines.LEVEL,
            x_unit="s",
            say=say,
        ),
        line_plot(
            say("Brightness of the picture (luma)"),
            seconds,
            devices.get("luma", []),
            lines.LUMA,
            x_unit="s",
            say=say,
        ),
        line_plot(
            say("Pictures a second"),
            seconds,
            devices.get("fps", []),
            lines.FPS,
            x_unit="s",
            say=say,
        ),
        line_plot(
            say("Upload of the trial call"),
            trial.get("at_s", []),
            trial.get("uplink_kbps", []),
            lines.UPLINK,
            x_unit="s",
            say=say,
        ),
        line_plot(
            say("Download of the trial call"),
            trial.get("at_s", []),
            trial.get("downlink_kbps", []),
            lines.DOWNLINK,
            x_unit="s",
            say=say,
        ),
        bar_plot(
            say("How long each stage took"),
            [
                (words.stage(stage["name"]), stage["start_ms"], stage["duration_ms"])
                for stage in report.get("stages", [])
            ],
            unit="ms",
            say=say,
        ),
    ]
    shown = [plot for plot in plots if plot]
    return [_heading(say("Measured over time")), *shown] if shown else []


def _table(rows: Sequence[tuple[str, str]]) -> str:
    cells = "".join(
        f'<tr><td class="dim">{escape(name)}</td><td>{value}</td></tr>' for name, value in rows
    )
    return f'<table class="pairs">{cells}</table>'
