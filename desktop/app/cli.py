"""The ``liftbay`` command. Heavy imports wait until their command is chosen."""

from pathlib import Path
from typing import Annotated

import typer

from desktop.app import arguments
from desktop.app.display import can_open_windows
from desktop.app.footprint import limit_footprint
from desktop.app.profile import DEFAULT, open_profile
from desktop.app.settings import DEFAULT_SERVICE_URL, LaunchOptions

EXIT_FAILED = 1
NO_DISPLAY = (
    "Liftbay has no display to open its window on. Start it in a desktop session (DISPLAY or "
    "WAYLAND_DISPLAY names it); `liftbay diagnose` needs none."
)

cli = typer.Typer(
    name="liftbay",
    help="Video consultations between car mechanics and their customers.",
    epilog="See it work: liftbay demo. Open the program: liftbay app. "
    "Something wrong with camera, sound or network: liftbay diagnose.",
    no_args_is_help=True,
    # Plain text: paragraphs are wrapped as they should be, and an error is a line, not a box.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)

ProfileOption = Annotated[
    str,
    typer.Option(
        "--profile",
        help="Keeps settings, sign-in and queue apart from other profiles on this machine.",
        metavar="NAME",
        callback=arguments.profile_name,
    ),
]
ServiceOption = Annotated[
    str | None,
    typer.Option(
        "--service",
        help="Address of the service. Default: what the profile's settings say, "
        f"else {DEFAULT_SERVICE_URL}.",
        metavar="URL",
        callback=arguments.service_address,
    ),
]
CameraOption = Annotated[
    str | None,
    typer.Option(
        "--camera",
        help="0, a part of a camera's name, file:PATH or pattern. Default: the first real camera.",
        metavar="CHOICE",
        callback=arguments.camera_choice,
    ),
]
MicrophoneOption = Annotated[
    str | None,
    typer.Option(
        "--microphone",
        help="0, a part of a microphone's name, file:PATH or tone:440. "
        "Default: the first real microphone.",
        metavar="CHOICE",
        callback=arguments.microphone_choice,
    ),
]
SpeakerOption = Annotated[
    str | None,
    typer.Option(
        "--speaker",
        help="0, a part of a loudspeaker's name, or null. Default: the first real loudspeaker.",
        metavar="CHOICE",
        callback=arguments.speaker_choice,
    ),
]
ThemeOption = Annotated[
    str | None,
    typer.Option(
        "--theme",
        help="system, light, dark or contrast.",
        metavar="NAME",
        callback=arguments.theme_name,
    ),
]
VerboseOption = Annotated[
    bool, typer.Option("--verbose", help="Log everything to the terminal as well.")
]


@cli.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Show the version and leave.")] = False,
) -> None:
    # Before any option is read: some of them load libraries that size their pools once.
    limit_footprint()
    if version:
        from importlib.metadata import version as version_of

        typer.echo(version_of("liftbay"))
        raise typer.Exit


@cli.command()
def app(
    profile: ProfileOption = DEFAULT,
    service: ServiceOption = None,
    camera: CameraOption = None,
    microphone: MicrophoneOption = None,
    speaker: SpeakerOption = None,
    theme: ThemeOption = None,
    verbose: VerboseOption = False,
    demo_plan: Annotated[Path | None, typer.Option(hidden=True)] = None,
) -> None:
    """Open the client: sign in, dashboard, consultations."""
    _launch(
        profile,
        LaunchOptions(service, camera, microphone, speaker, theme),
        verbose=verbose,
        demo_plan=demo_plan,
    )


@cli.command()
def join(
    session_id: Annotated[
        str,
        typer.Argument(
            help="The session's id, or its link liftbay://session/ID.",
            metavar="SESSION_ID",
            callback=arguments.session_id,
        ),
    ],
    profile: ProfileOption = DEFAULT,
    service: ServiceOption = None,
    camera: CameraOption = None,
    microphone: MicrophoneOption = None,
    speaker: SpeakerOption = None,
    theme: ThemeOption = None,
    verbose: VerboseOption = False,
) -> None:
    """Open the client at the preflight of one session.

    A client that is already open for this profile takes the session over.
    """
    _launch(
        profile,
        LaunchOptions(service, camera, microphone, speaker, theme, session_id),
        verbose=verbose,
        demo_plan=None,
    )


@cli.command()
def diagnose(
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            help="Write the report to a file, a link's target, a FIFO or /dev/stdout.",
            metavar="FILE",
            callback=arguments.report_file,
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            help="Write the report as a page with plots.",
            metavar="FILE",
            callback=arguments.report_file,
        ),
    ] = None,
    bundle: Annotated[
        Path | None,
        typer.Option(
            "--bundle",
            help="Write a redacted zip for support: report, page, end of the log.",
            metavar="FILE",
            callback=arguments.report_file,
        ),
    ] = None,
    upload: Annotated[
        bool,
        typer.Option("--upload", help="Send the redacted report to support; prints its code."),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="With --upload: send without asking first.")
    ] = False,
    only: Annotated[
        str | None,
        typer.Option(
            "--only",
            help="Groups and codes, e.g. camera,net.rtt_high; --list shows them all.",
            metavar="LIST",
        ),
    ] = None,
    skip: Annotated[
        str | None,
        typer.Option(
            "--skip",
            help="Groups and codes to leave out; what another one needs runs all the same.",
            metavar="LIST",
        ),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Only what Join waits for, no advice.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="End with 5 where advice was given.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on until Ctrl+C; say changes only.")
    ] = False,
    every: Annotated[
        float | None,
        typer.Option(
            "--every",
            help="With --watch: measure the network so often. Default: 10.",
            metavar="SEC",
            min=1,
            max=arguments.MOST_SECONDS,
        ),
    ] = None,
    list_devices: Annotated[
        bool, typer.Option("--list", help="List the devices and the checks, and stop.")
    ] = False,
    explain: Annotated[
        str | None,
        typer.Option("--explain", help="Say what one check looks for, and stop.", metavar="CODE"),
    ] = None,
    session: Annotated[
        str | None,
        typer.Option(
            "--session",
            help="Check for this session, with the sign-in of the profile: call server and "
            "test call as well.",
            metavar="ID",
            callback=arguments.optional_session_id,
        ),
    ] = None,
    timeout: Annotated[
        float,
        typer.Option(
            "--timeout",
            help="Give up after so many seconds.",
            metavar="SEC",
            min=1,
            max=arguments.MOST_SECONDS,
        ),
    ] = 60.0,
    service: ServiceOption = None,
    camera: CameraOption = None,
    microphone: MicrophoneOption = None,
    speaker: SpeakerOption = None,
    profile: ProfileOption = DEFAULT,
) -> None:
    """Check camera, microphone and network, without a window.

    It needs no account either; with --session it uses the profile's.

    Exit status: 0 the gate passes, 1 it fails (the last line names what), 2 wrong usage,
    3 not decided, 4 internal error, 5 with --strict: it passes with advice, 130 interrupted.
    A watch that is ended by Ctrl+C ends with what its last verdict says.
    """
    from desktop.app.diagnose import DiagnoseCommand, run_diagnose

    status = run_diagnose(
        DiagnoseCommand(
            profile=open_profile(profile),
            launch=LaunchOptions(service, camera, microphone, speaker),
            as_json=as_json,
            output=output,
            page=html,
            bundle=bundle,
            upload=upload,
            yes=yes,
            only=only,
            skip=skip,
            quick=quick,
            strict=strict,
            list_devices=list_devices,
            explain=explain,
            watch=watch,
            every_s=every,
            timeout_s=timeout,
            session=session,
        )
    )
    _leave(status)


@cli.command()
def demo(
    headless: Annotated[
        bool, typer.Option("--headless", help="Let both clients press their own buttons.")
    ] = False,
    output: Annotated[
        Path, typer.Option("--output", help="Folder for pictures and timeline.json.")
    ] = Path("demo-output"),
    camera: Annotated[
        list[str] | None,
        typer.Option(
            "--camera",
            help="The customer's camera; give it twice for the mechanic's as well "
            "(0, a name, file:PATH, pattern).",
            metavar="CHOICE",
            callback=arguments.camera_choices,
        ),
    ] = None,
    microphone: Annotated[
        list[str] | None,
        typer.Option(
            "--microphone",
            help="The customer's microphone; twice for the mechanic's as well "
            "(0, a name, file:PATH, tone:440).",
            metavar="CHOICE",
            callback=arguments.microphone_choices,
        ),
    ] = None,
) -> None:
    """Run one whole session between two clients.

    It brings a service and a media server of its own, and ends them afterwards. With a display
    two windows open side by side and the terminal says what to press; without one, or with
    --headless, the clients drive themselves in under 90 seconds.
    """
    from desktop.app.demo.command import run_demo

    raise typer.Exit(run_demo(headless, output, tuple(camera or ()), tuple(microphone or ())))


def main() -> None:
    """Entry point of the installed command."""
    cli()


def _launch(
    profile_name: str, options: LaunchOptions, *, verbose: bool, demo_plan: Path | None
) -> None:
    if demo_plan is not None:
        from desktop.app.demo.client import run_demo_client

        _leave(run_demo_client(profile_name, demo_plan))
        return
    if not can_open_windows():
        typer.echo(NO_DISPLAY, err=True)
        raise typer.Exit(EXIT_FAILED)
    from desktop.app.client import run_client

    _leave(run_client(open_profile(profile_name), options, verbose=verbose))


def _leave(status: int) -> None:
    from desktop.app.loop import leave_process

    leave_process(status)


if __name__ == "__main__":
    main()
