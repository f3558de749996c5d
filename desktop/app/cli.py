"""The ``liftbay`` command. Heavy imports wait until their command is chosen."""

from pathlib import Path
from typing import Annotated, Optional

import typer

from desktop.app.footprint import limit_footprint
from desktop.app.profile import DEFAULT, BadProfileName, Profile, open_profile
from desktop.app.settings import LaunchOptions

EXIT_FAILED = 1
EXIT_USAGE = 2

cli = typer.Typer(
    name="liftbay",
    help="Video consultations between car mechanics and their customers.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    add_completion=False,
)

ProfileOption = Annotated[
    str,
    typer.Option(
        "--profile",
        help="Keeps settings, sign-in and queue apart from other profiles on this machine.",
        metavar="NAME",
    ),
]
ServiceOption = Annotated[
    Optional[str],  # noqa: UP045 - typer reads the annotation on 3.11
    typer.Option("--service", help="Address of the service.", metavar="URL"),
]
CameraOption = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--camera",
        help="0, a part of a camera's name, file:PATH or pattern. Default: the first real camera.",
        metavar="CHOICE",
    ),
]
MicrophoneOption = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--microphone",
        help="0, a part of a microphone's name, file:PATH or tone:440. "
        "Default: the first real microphone.",
        metavar="CHOICE",
    ),
]
SpeakerOption = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--speaker",
        help="0, a part of a loudspeaker's name, or null. Default: the first real loudspeaker.",
        metavar="CHOICE",
    ),
]
ThemeOption = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--theme", help="system, light, dark or contrast.", metavar="NAME"),
]
VerboseOption = Annotated[
    bool, typer.Option("--verbose", help="Log everything to the terminal as well.")
]


@cli.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Show the version and leave.")] = False,
) -> None:
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
    demo_plan: Annotated[Optional[Path], typer.Option(hidden=True)] = None,  # noqa: UP045
) -> None:
    """Open the client."""
    _launch(
        profile,
        LaunchOptions(service, camera, microphone, speaker, _known_theme(theme)),
        verbose=verbose,
        demo_plan=demo_plan,
    )


@cli.command()
def join(
    session_id: Annotated[str, typer.Argument(help="The session's id, as in its link.")],
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
        LaunchOptions(
            service, camera, microphone, speaker, _known_theme(theme), _session_of(session_id)
        ),
        verbose=verbose,
        demo_plan=None,
    )


@cli.command()
def diagnose(
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    output: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--output", help="Write the report to a file.", metavar="FILE"),
    ] = None,
    only: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--only", help="Groups and codes, e.g. camera,net.rtt_high.", metavar="LIST"),
    ] = None,
    list_devices: Annotated[
        bool, typer.Option("--list", help="List the devices and stop.")
    ] = False,
    timeout: Annotated[
        float, typer.Option("--timeout", help="Give up after so many seconds.", metavar="SEC")
    ] = 60.0,
    service: ServiceOption = None,
    camera: CameraOption = None,
    microphone: MicrophoneOption = None,
    speaker: SpeakerOption = None,
    profile: ProfileOption = DEFAULT,
) -> None:
    """Check camera, microphone and network without a window or an account.

    Exit status: 0 the gate passes, 1 it fails (the last line names what), 2 wrong usage,
    3 not decided, 4 internal error, 130 interrupted.
    """
    from desktop.app.diagnose import DiagnoseCommand, run_diagnose

    status = run_diagnose(
        DiagnoseCommand(
            profile=_profile(profile),
            launch=LaunchOptions(service, camera, microphone, speaker),
            as_json=as_json,
            output=output,
            only=only,
            list_devices=list_devices,
            timeout_s=timeout,
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
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--camera",
            help="The customer's camera; give it twice for the mechanic's as well "
            "(0, a name, file:PATH, pattern).",
            metavar="CHOICE",
        ),
    ] = None,
    microphone: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            "--microphone",
            help="The customer's microphone; twice for the mechanic's as well "
            "(0, a name, file:PATH, tone:440).",
            metavar="CHOICE",
        ),
    ] = None,
) -> None:
    """Run one whole session between two clients, with a service and a media server of its own.

    With a display two windows open side by side and the terminal says what to press; without
    one, or with --headless, the clients drive themselves in under 90 seconds.
    """
    from desktop.app.demo.command import run_demo

    raise typer.Exit(run_demo(headless, output, tuple(camera or ()), tuple(microphone or ())))


def main() -> None:
    """Entry point of the installed command."""
    cli()


def _launch(
    profile_name: str, options: LaunchOptions, *, verbose: bool, demo_plan: Path | None
) -> None:
    limit_footprint()
    if demo_plan is not None:
        from desktop.app.demo.client import run_demo_client

        _leave(run_demo_client(profile_name, demo_plan))
        return
    from desktop.app.client import run_client

    _leave(run_client(_profile(profile_name), options, verbose=verbose))


def _profile(name: str) -> Profile:
    try:
        return open_profile(name)
    except BadProfileName as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(EXIT_USAGE) from None


def _known_theme(theme: str | None) -> str | None:
    if theme is not None and theme not in ("system", "light", "dark", "contrast"):
        typer.echo(f"{theme!r} is no theme: use system, light, dark or contrast", err=True)
        raise typer.Exit(EXIT_USAGE)
    return theme


def _session_of(text: str) -> str:
    """Take a bare id or a ``liftbay://session/ID`` link."""
    import uuid

    bare = text.removeprefix("liftbay://session/").strip("/")
    try:
        return str(uuid.UUID(bare))
    except ValueError:
        typer.echo(f"{text!r} is no session id: it looks like 0d9c8b7a-6f5e-…", err=True)
        raise typer.Exit(EXIT_USAGE) from None


def _leave(status: int) -> None:
    from desktop.app.loop import leave_process

    leave_process(status)


if __name__ == "__main__":
    main()
