"""What every router and service may reach: built once by the app factory, handed down."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from liftbay_backend.auth.limits import Limits
from liftbay_backend.auth.passwords import Passwords
from liftbay_backend.auth.tokens import Tokens
from liftbay_backend.clock import Clock
from liftbay_backend.db.engine import Database
from liftbay_backend.domain.plans import Plans
from liftbay_backend.files.store import FileStore
from liftbay_backend.health import Health
from liftbay_backend.payments.port import PaymentProvider
from liftbay_backend.settings import Settings
from liftbay_backend.tasks import Tasks
from liftbay_backend.wakeup import Wakeup
from liftbay_backend.work import Works


@dataclass(frozen=True, slots=True)
class Core:
    """The service's parts that belong to no single use case."""

    settings: Settings
    clock: Clock
    database: Database
    works: Works
    wakeup: Wakeup
    plans: Plans
    tokens: Tokens
    passwords: Passwords
    limits: Limits
    payments: PaymentProvider
    files: FileStore
    health: Health
    tasks: Tasks


async def core_of(request: Request) -> Core:
    """Return the core of the app that serves this request.

    Asynchronous, as all dependencies are: a plain function is called in a thread, each time.
    """
    core = request.app.state.core
    assert isinstance(core, Core)
    return core


CoreDep = Annotated[Core, Depends(core_of)]
