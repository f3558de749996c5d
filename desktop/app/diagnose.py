"""The ``liftbay diagnose`` command: builds the preflight's parts and runs it without a window."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from client_api.clock import SystemClock
from client_api.diagnostics import send_diagnostic
from client_api.wire import SessionId
from desktop.app import settings as settings_file
from desktop.app.diagnose_usage import outputs_of, refuse_conflicts
from desktop.app.fit_settings import fit
from desktop.app.logs import set_up as set_up_logs
from desktop.app.profile import Profile
from desktop.app.settings import LaunchOptions
from preflight.devices.catalogue import SystemCatalogue
from preflight.parts import PreflightParts
from preflight.support.command import DiagnoseOptions, OpenAccount, nobody, run
from preflight.support.outputs import Output, open_output
from preflight.support.page_words import ENGLISH, PageWords
from preflight.support.scope import UnknownCheck, read_check, read_scope
from preflight.support.verdict import ExitCode
from preflight.support.words import check_list, device_list, explain
from preflight.system.polled_hotplug import PolledHotplug
from preflight.system.probe import system_probe

WATCH_EVERY_S = 10.0


@dataclass(frozen=True, slots=True)
class DiagnoseCommand:
    """What the command line asked for; ``every_s`` is None where nothing was said."""

    profile: Profile
    launch: LaunchOptions
    as_json: bool
    output: Path | None
    page: Path | None
    bundle: Path | None
    upload: bool
    yes: bool
    only: str | None
    skip: str | None
    quick: bool
    strict: bool
    list_devices: bool
    explain: str | None
    watch: bool
    every_s: float | None
    timeout_s: float
    session: str | None = None


def run_diagnose(command: DiagnoseCommand) -> int:
    """Run the checks, print what came of them, return the exit status."""
    try:
        refuse_conflicts(command)
        if command.explain is not None:
            print(explain(read_check(command.explain)))
            return ExitCode.PASSED
        command.profile.make()
        only = read_scope(command.only, skip=command.skip, quick=command.quick)
        kept, ignored = fit(settings_file.load(command.profile.settings_file))
        settings = command.launch.over(kept)
        catalogue = SystemCatalogue(
            camera_choice=settings.camera,
            microphone_choice=settings.microphone,
            speaker_choice=settings.speaker,
        )
    except UnknownCheck as error:
        print(error, file=sys.stderr)
        return ExitCode.USAGE
    except ValueError as error:
        print(f"wrong usage: {error}", file=sys.stderr)
        return ExitCode.USAGE
    except OSError as error:
        folder = command.profile.root
        print(f"Liftbay cannot use its folder {folder}: {error.strerror}", file=sys.stderr)
        return ExitCode.INTERNAL
    for one in ignored:
        where = command.profile.settings_file.name
        print(f"{where}: {one.words} ({one.code}); the default is used", file=sys.stderr)
    set_up_logs(command.profile.logs, verbose=False)
    if command.list_devices:
        print(device_list(catalogue))
        print(check_list())
        return ExitCode.PASSED
    try:
        outputs = {name: open_output(path, _wait_for) for name, path in outputs_of(command).items()}
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return ExitCode.INTERRUPTED
    except OSError as error:
        print(f"the report cannot be written: {error.strerror}", file=sys.stderr)
        return ExitCode.USAGE
    return run(
        _parts(command, settings, catalogue),
        _options(command, settings, only, outputs),
        out=sys.stdout,
        err=sys.stderr,
    )


def _wait_for(path: Path) -> None:
    print(f"waiting for somebody to read {path}", file=sys.stderr, flush=True)


def _parts(
    command: DiagnoseCommand, settings: settings_file.Settings, catalogue: SystemCatalogue
) -> PreflightParts:
    clock = SystemClock()
    return PreflightParts(
        catalogue=catalogue,
        system=system_probe(),
        clock=clock,
        service_url=settings.service_url,
        folder=command.profile.reports,
        hotplug=PolledHotplug(clock) if command.watch else None,
    )


def _options(
    command: DiagnoseCommand,
    settings: settings_file.Settings,
    only: frozenset[str] | None,
    outputs: Mapping[str, Output],
) -> DiagnoseOptions:
    return DiagnoseOptions(
        as_json=command.as_json,
        output=outputs.get("--output"),
        page=outputs.get("--html"),
        bundle=outputs.get("--bundle"),
        send=partial(_sent, settings.service_url) if command.upload else None,
        agree=None if command.yes or not sys.stdin.isatty() else _agree,
        logs=command.profile.logs,
        open_account=_account_of(command, settings.service_url),
        only=only,
        strict=command.strict,
        watch_every_s=(command.every_s or WATCH_EVERY_S) if command.watch else None,
        timeout_s=command.timeout_s,
        page_words=partial(_page_words, settings.language),
    )


def _agree() -> bool:
    print("Send this to support? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _page_words(language: str) -> PageWords:
    # Qt is loaded for a page alone.
    try:
        from desktop.app.page_language import words_in
    except ImportError:
        # A machine without a desktop may lack what windows need; the page needs none of that.
        return ENGLISH
    return words_in(language)


def _account_of(command: DiagnoseCommand, service_url: str) -> OpenAccount:
    if command.session is None:
        return nobody
    from desktop.app.diagnose_account import signed_in
    from desktop.app.keyring_store import KeyringStore

    store = KeyringStore(command.profile.keyring_service)
    return partial(signed_in, command.profile, service_url, SessionId(command.session), store)


async def _sent(service_url: str, report: Mapping[str, Any]) -> str:
    return (await send_diagnostic(service_url, SystemClock(), report)).code
