"""Shells with somebody signed in, for tests of page view models."""

from client_api.wire import Me, MechanicId, Role, UserId
from desktop.viewmodels.shell import Shell


def signed_in_shell(role: Role = Role.CUSTOMER) -> Shell:
    """Return a shell on the dashboard of a customer or a mechanic."""
    shell = Shell()
    mechanic = MechanicId("c2d4e6f8-1a3b-4c5d-8e7f-0a1b2c3d4e03")
    is_mechanic = role is Role.MECHANIC
    me = Me(
        user_id=UserId("9b7e1f10-4d27-4a53-8f0e-1c6a7d2e5b02"),
        mechanic_id=mechanic if is_mechanic else None,
        name="Dana Roy" if is_mechanic else "Sam Okafor",
        email="somebody@example.test",
        roles=(role,),
    )
    shell.enter(me, role)
    return shell
