"""What the documents say is there is there: links, files, commands, endpoints."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer

from desktop.app.cli import cli as client_cli
from liftbay_backend.app import create_app
from liftbay_backend.cli import cli as service_cli
from liftbay_backend.policy import POLICIES, Policy
from liftbay_backend.settings import MIN_SECRET_CHARACTERS, Settings
from liftbay_backend.settings_reading import load_settings

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted(
    path
    for folder in (ROOT, ROOT / "docs", ROOT / "docs" / "decisions")
    for path in folder.glob("*.md")
)
# These name files of other projects as well, as examples to learn from.
ABOUT_OTHERS = {"style.md", "libraries.md", "livekit.md"}
OURS = [path for path in DOCUMENTS if path.name not in ABOUT_OTHERS]
BASES = ("", "backend", "backend/liftbay_backend", "docs", "docs/mock")
MADE_BY_RUNNING = ("demo-output", "liftbay-data", "benchmarks/results", ".cache")

LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"\.?[\w-][\w./-]*(/|\.(py|md|json|toml|qss|tmpl|ts|mp4|lock))")
BLOCK = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def prose(text: str) -> str:
    """Return the text without its code blocks."""
    return BLOCK.sub("", text)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_within_the_repository_leads_somewhere(document: Path) -> None:
    links = LINK.findall(prose(document.read_text()))

    lost = [
        link
        for link in links
        if not link.startswith(("http://", "https://", "#", "mailto:"))
        and not (document.parent / link.split("#")[0]).exists()
    ]

    assert lost == []


@pytest.mark.parametrize("document", OURS, ids=name_of)
def test_every_file_a_document_names_exists(document: Path) -> None:
    lost = [named for named in files_named(prose(document.read_text())) if not exists(named)]

    assert lost == []


def files_named(text: str) -> Iterator[str]:
    """Yield what stands in backticks and looks like a file or folder of a repository."""
    for code in CODE.findall(text):
        if FILE.fullmatch(code) and "/" in code:
            yield code


def exists(named: str) -> bool:
    if named.startswith(MADE_BY_RUNNING):
        return True
    return any((ROOT / base / named).exists() for base in BASES)


def test_a_file_that_is_missing_is_found() -> None:
    text = "See `desktop/call/machine.py`, `desktop/nowhere.py`, `domain/`, `a word`, `/api/me`."

    named = list(files_named(text))

    assert [(one, exists(one)) for one in named] == [
        ("desktop/call/machine.py", True),
        ("desktop/nowhere.py", False),
        ("domain/", True),
    ]


@cache
def make_targets() -> frozenset[str]:
    makefile = (ROOT / "Makefile").read_text()
    return frozenset(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))


@pytest.mark.parametrize("document", OURS, ids=name_of)
def test_every_make_target_a_document_names_exists(document: Path) -> None:
    text = document.read_text()
    spoken = re.findall(r"`make ([a-z-]+)[^`]*`", text)
    in_blocks = re.findall(r"^make ([a-z-]+)", text, re.MULTILINE)

    unknown = {*spoken, *in_blocks} - make_targets()

    assert unknown == set()


@cache
def options(program: str) -> dict[str, set[str]]:
    """Return each command's options; those of the program itself under an empty name."""
    group = typer.main.get_group({"liftbay": client_cli, "liftbay-backend": service_cli}[program])
    every = [("", group), *group.commands.items()]
    return {name: {opt for param in one.params for opt in param.opts} for name, one in every}


def command_lines(text: str) -> Iterator[list[str]]:
    """Yield the words of each call of one of our commands, in blocks and in backticks."""
    blocks = [line for block in BLOCK.findall(text) for line in block.splitlines()]
    for line in [*blocks, *CODE.findall(prose(text))]:
        words = shlex.split(line, comments=True, posix=True) if "liftbay" in line else []
        if words and Path(words[0]).name in ("liftbay", "liftbay-backend"):
            yield [Path(words[0]).name, *words[1:]]


@pytest.mark.parametrize("document", OURS, ids=name_of)
def test_every_command_a_document_shows_is_understood(document: Path) -> None:
    wrong: list[str] = []

    for program, *rest in command_lines(document.read_text()):
        name = rest[0] if rest and not rest[0].startswith("-") else ""
        known = options(program).get(name)
        used = {word.split("=")[0] for word in rest if word.startswith("--")}
        if known is None or used - known - {"--help"}:
            wrong.append(" ".join([program, *rest]))

    assert wrong == []


def test_the_readme_shows_how_to_start_both_programs() -> None:
    shown = {(words[0], words[1]) for words in command_lines((ROOT / "README.md").read_text())}

    assert shown >= {
        ("liftbay-backend", "serve"),
        ("liftbay-backend", "create-mechanic"),
        ("liftbay", "app"),
    }


def test_the_readmes_media_server_and_service_share_a_key_the_service_accepts() -> None:
    text = (ROOT / "README.md").read_text()

    given = re.search(r"^keys: \{(\S+): (\S+)\}$", text, re.MULTILINE)
    webhook = re.search(r"api_key: (\S+), urls: \[\"http://127.0.0.1:(\d+)(\S+)\"\]", text)
    taken = dict(re.findall(r"(LIVEKIT_API_\w+)=(\S+)", text))

    assert given is not None
    assert webhook is not None
    assert taken == {"LIVEKIT_API_KEY": given[1], "LIVEKIT_API_SECRET": given[2]}
    assert len(given[2]) >= MIN_SECRET_CHARACTERS
    assert webhook.groups() == (given[1], str(Settings().port), "/api/livekit/webhook")


def endpoints_of_the_contract(text: str) -> set[str]:
    """Return the paths of the table."""
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| ")]
    table = {path for row in rows for path in re.findall(r"`(/[^`*]+)`", row)}
    return {plain(path) for path in table}


def plain(path: str) -> str:
    """Drop queries, and let every parameter have the same name."""
    return re.sub(r"\{\w+\}", "{}", path.split("?")[0].rstrip("…"))


def test_the_contract_lists_what_the_service_serves(tmp_path: Path) -> None:
    table = endpoints_of_the_contract((ROOT / "docs" / "api.md").read_text())
    app = create_app(load_settings(data_dir=tmp_path))
    # Not in the OpenAPI description, on purpose.
    served = {plain(path) for path in app.openapi()["paths"]} | {"/metrics"}

    missing = table - served
    secret = {path for path in served - table if not path.startswith("/auth/v1/")}

    assert len(table) > 40
    assert missing == set(), "said to be served, and is not"
    assert secret == set(), "served, and not in docs/api.md"


WHO = {
    "anyone": {Policy.ANYONE},
    "own proof": {Policy.OWN_PROOF},
    "anyone, by own proof": {Policy.ANYONE, Policy.OWN_PROOF},
    "signed in": {Policy.SIGNED_IN},
    "customer": {Policy.CUSTOMER, Policy.SESSION_CUSTOMER},
    "mechanic": {Policy.MECHANIC, Policy.SESSION_MECHANIC, Policy.MECHANIC_OF_REQUEST},
    "support": {Policy.SUPPORT, Policy.SESSION_SUPPORT},
    "participant": {Policy.PARTICIPANT},
    "participant, support": {Policy.PARTICIPANT_OR_SUPPORT},
}


def who_of_the_contract(text: str) -> dict[tuple[str, str], str]:
    """Return the word of the second column for each method and path of the table."""
    found: dict[tuple[str, str], str] = {}
    for line in text.splitlines():
        if not line.startswith("| ") or "`/" not in line:
            continue
        routes, who = (cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:3])
        segments, words, paths = routes.split(" · "), who.split(" · "), [""]
        if len(words) == 1:
            words *= len(segments)
        for segment, word in zip(segments, words, strict=True):
            # "same" is the path before it.
            paths = re.findall(r"`(/[^`]+)`", segment) or paths
            methods = re.findall(r"\b[A-Z]{3,7}\b", segment.split("`")[0]) or ["*"]
            found.update({(method, plain(path)): word for method in methods for path in paths})
    return found


def test_the_contract_says_who_may_use_each_route_as_the_service_decides() -> None:
    said = who_of_the_contract((ROOT / "docs" / "api.md").read_text())
    sign_in = said.pop(("*", "/auth/v1/*"))
    decided = {(method, plain(path)): policy for (method, path), policy in POLICIES.items()}
    embedded = {route: decided.pop(route) for route in [*decided] if "/auth/v1/" in route[1]}

    assert set(said) == set(decided)
    assert {route: word for route, word in said.items() if decided[route] not in WHO[word]} == {}
    assert set(embedded.values()) == WHO[sign_in]
    # Under a session the same words mean those who have a part in it.
    by_role = {Policy.CUSTOMER, Policy.MECHANIC, Policy.SUPPORT, Policy.SIGNED_IN, Policy.ANYONE}
    of_sessions = [route for route in decided if "/sessions/{}" in route[1]]
    assert len(of_sessions) > 25
    assert [route for route in of_sessions if decided[route] in by_role] == []


def test_pictures_of_the_documents_are_light() -> None:
    """Everybody who clones the repository carries them."""
    pictures = sorted((ROOT / "docs" / "pictures").rglob("*.png"))

    assert len(pictures) > 20
    assert [name_of(path) for path in pictures if path.stat().st_size >= 400_000] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_no_document_speaks_of_somebodys_machine(document: Path) -> None:
    text = document.read_text()

    assert re.findall(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|tmp/\w+)\b[^\s`]*", text) == []


def test_decisions_are_numbered_without_gaps() -> None:
    records = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("0*.md"))

    numbers = [int(name.split("-")[0]) for name in records]

    assert numbers == list(range(1, len(numbers) + 1))


def test_each_decision_says_why_and_what_else_there_was() -> None:
    parts = ("Summary", "Context", "Decision", "Consequences", "Alternatives")

    incomplete = {
        path.name: part
        for path in (ROOT / "docs" / "decisions").glob("0*.md")
        for part in parts
        if not re.search(rf"^(## {part}|\*\*{part}\.\*\*)", path.read_text(), re.MULTILINE)
    }

    assert incomplete == {}


def test_make_help_names_every_target_for_people() -> None:
    # Run by make, the tests must not look like a make inside a make.
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    told = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        env=clean | {"MAKELEVEL": "0"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout

    named = {line.split()[0] for line in told.splitlines() if line.strip()}

    assert named == make_targets() - {"python"}


def test_the_table_of_checks_is_the_one_that_is_built() -> None:
    script = [sys.executable, "scripts/preflight_table.py", "--check"]

    found = subprocess.run(script, cwd=ROOT, check=False)

    assert found.returncode == 0, "run python scripts/preflight_table.py"


def test_the_table_of_settings_is_the_one_that_is_read() -> None:
    script = [sys.executable, "scripts/settings_table.py", "--check"]

    found = subprocess.run(script, cwd=ROOT, check=False)

    assert found.returncode == 0, "run python scripts/settings_table.py"


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, one in Settings.model_fields.items() if not one.description] == []


def test_every_check_is_raised_cleared_and_just_missed_by_a_test() -> None:
    """By the table that the script makes of the tests' own marks."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (ROOT / "docs" / "preflight.md").read_text("utf-8").splitlines()
        if re.match(r"\| [A-Z]\d\d \|", line)
    ]

    assert len(rows) == 110
    assert [row[1] for row in rows if "" in row[4:]] == []


def test_the_accuracy_table_adds_up_or_says_what_is_in_neither_column() -> None:
    text = (ROOT / "docs" / "preflight.md").read_text("utf-8")
    rows = re.findall(
        r"^\| `([\w.]+)` \| (\d+) \| [\d.]+ % \| \d+ / (\d+) \| \d+ / (\d+) "
        r"\| (\d+|-) \| `\w+` \|$",
        text,
        re.MULTILINE,
    )

    left_over = {row[0]: int(row[1]) - int(row[2]) - int(row[3]) for row in rows}
    neither = {row[0]: 0 if row[4] == "-" else int(row[4]) for row in rows}

    assert len(rows) > 70
    assert left_over == neither
