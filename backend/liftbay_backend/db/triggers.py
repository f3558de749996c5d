"""The status machines as database triggers, rendered from the same tables as the pure modules.

On INSERT only the initial status passes; an UPDATE of the status passes only along the table. On
SQLite an INSERT OR REPLACE or UPDATE OR REPLACE that would put a row in the place of a living one
is refused too, whichever key they share, for it would start the machine anew; PostgreSQL has
neither, and its ON CONFLICT DO UPDATE is an UPDATE. Migrations install them again every time,
because Alembic's batch mode drops SQLite triggers.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from sqlalchemy import Connection, text

from liftbay_backend.domain import request_fsm, session_fsm

_StatusT = TypeVar("_StatusT", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class StatusRule:
    """One table whose `status` column follows a machine.

    Attributes:
        keys: every column by which a row is the only one.
    """

    table: str
    keys: tuple[str, ...]
    initial: str
    transitions: Mapping[str, tuple[str, ...]]


def _rule(
    table: str,
    keys: tuple[str, ...],
    initial: _StatusT,
    transitions: Mapping[_StatusT, frozenset[_StatusT]],
) -> StatusRule:
    return StatusRule(
        table,
        keys,
        initial.value,
        {
            current.value: tuple(sorted(one.value for one in following))
            for current, following in transitions.items()
        },
    )


RULES: Final = (
    _rule("sessions", ("id",), session_fsm.INITIAL, session_fsm.TRANSITIONS),
    _rule("requests", ("id", "session_id"), request_fsm.INITIAL, request_fsm.TRANSITIONS),
)


class TriggerMismatch(Exception):
    """The database's triggers are not those of this code; run the migrations."""


def install_triggers(connection: Connection) -> None:
    """Put the triggers of `RULES` in place, whatever was there before."""
    for rule in RULES:
        for statement in render(rule, connection.dialect.name):
            connection.execute(text(statement.replace(":", "\\:")))


def verify_triggers(connection: Connection) -> None:
    """Compare what the database holds with what the table asks for.

    Raises:
        TriggerMismatch: names the trigger that is missing or different.
    """
    present = _present(connection)
    for rule in RULES:
        for name, statements in _wanted(rule, connection.dialect.name).items():
            if not {_normal(one) for one in statements} <= present:
                raise TriggerMismatch(name)


def render(rule: StatusRule, dialect: str) -> list[str]:
    """Return the statements that install one rule on `sqlite` or `postgresql`."""
    bodies = _bodies(rule, dialect)
    if dialect == "sqlite":
        drops = [f"DROP TRIGGER IF EXISTS {name}" for name in bodies]
        return [*drops, *bodies.values()]
    name = f"{rule.table}_status"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$liftbay${bodies[name]}$liftbay$",
        f"DROP TRIGGER IF EXISTS {name} ON {rule.table}",
        _definition(rule),
    ]


def _definition(rule: StatusRule) -> str:
    """Return PostgreSQL's trigger, in the words in which it tells it back."""
    name = f"{rule.table}_status"
    return (
        f"CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {rule.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def _wanted(rule: StatusRule, dialect: str) -> dict[str, tuple[str, ...]]:
    """Return by name what a database with this rule says of each trigger."""
    more = () if dialect == "sqlite" else (_definition(rule),)
    return {name: (*more, body) for name, body in _bodies(rule, dialect).items()}


def _bodies(rule: StatusRule, dialect: str) -> dict[str, str]:
    allowed = " OR ".join(
        f"(OLD.status = '{current}' AND NEW.status IN ({_quoted(following)}))"
        for current, following in rule.transitions.items()
        if following
    )
    message = f"illegal status of {rule.table}"
    match dialect:
        case "sqlite":
            head = f"{rule.table}_status"
            is_there = " OR ".join(f"{key} = NEW.{key}" for key in rule.keys)
            is_moved = " OR ".join(f"NEW.{key} IS NOT OLD.{key}" for key in rule.keys)
            return {
                f"{head}_insert": (
                    f"CREATE TRIGGER {head}_insert BEFORE INSERT ON {rule.table} "
                    f"WHEN NEW.status IS NOT '{rule.initial}' "
                    f"OR EXISTS (SELECT 1 FROM {rule.table} WHERE {is_there}) "
                    f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
                ),
                f"{head}_update": (
                    f"CREATE TRIGGER {head}_update BEFORE UPDATE ON {rule.table} "
                    f"WHEN {is_moved} OR NEW.status IS NOT OLD.status AND NOT ({allowed}) "
                    f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
                ),
            }
        case "postgresql":
            refusal = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation';"
            return {
                f"{rule.table}_status": (
                    f" BEGIN IF TG_OP = 'INSERT' THEN "
                    f"IF NEW.status IS DISTINCT FROM '{rule.initial}' THEN {refusal} END IF; "
                    f"ELSIF NEW.status IS DISTINCT FROM OLD.status AND NOT ({allowed}) "
                    f"THEN {refusal} END IF; RETURN NEW; END "
                )
            }
        case _:
            raise ValueError(f"no triggers for {dialect}")


def _present(connection: Connection) -> frozenset[str]:
    """Return what the database says of its triggers: definitions and bodies of those that fire."""
    if connection.dialect.name == "sqlite":
        query = "SELECT sql FROM sqlite_master WHERE type = 'trigger'"
    else:
        # In pretty form the names are short where the search path finds them.
        query = (
            "SELECT pg_get_triggerdef(t.oid, true), p.prosrc "
            "FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
        )
    found = connection.execute(text(query))
    return frozenset(_normal(str(one)) for row in found for one in row)


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _normal(statement: str) -> str:
    return re.sub(r"\s+", " ", statement).strip()
