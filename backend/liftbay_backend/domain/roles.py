"""Who somebody is: towards the service (`Role`) and inside one session (`Side`)."""

from enum import StrEnum


class Role(StrEnum):
    """What an account may do at all."""

    CUSTOMER = "customer"
    MECHANIC = "mechanic"
    SUPPORT = "support"


class Side(StrEnum):
    """The two people of a session; also the `role` in room metadata and events."""

    CUSTOMER = "customer"
    MECHANIC = "mechanic"
