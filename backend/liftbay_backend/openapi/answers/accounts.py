"""Who somebody is, what can be bought, and the sign-in in Supabase's shape."""

from typing import Annotated, Literal

from pydantic import Field

from liftbay_backend.domain.plans import SessionType
from liftbay_backend.domain.roles import Role
from liftbay_backend.openapi.answers.base import Cents, Count, Currency, Moment, Shape, Uuid


class Me(Shape):
    """The caller; a mechanic's two ids always differ."""

    user_id: Uuid
    mechanic_id: Uuid | None
    name: str
    email: str
    roles: Annotated[list[Role], Field(min_length=1)]


class Availability(Shape):
    """Whether the mechanic takes requests."""

    available: bool


class OfferedPlan(Shape):
    """A plan with the service's own price."""

    plan: str
    type: SessionType
    minutes: Count
    price_cents: Cents
    currency: Currency


class OfferedPlans(Shape):
    """What an intake can name."""

    plans: list[OfferedPlan]


class MechanicSignedIn(Shape):
    """A mechanic signed in; the credentials are in the two cookies alone."""

    user_id: Uuid
    mechanic_id: Uuid
    name: str
    expires_in: Count


class SupabaseAppMetadata(Shape):
    """How the account signs in."""

    provider: Literal["email"]
    providers: list[Literal["email"]]


class SupabaseUserMetadata(Shape):
    """What the account says of itself."""

    name: str


class SupabaseUser(Shape):
    """Supabase's `user`."""

    id: Uuid
    aud: Literal["authenticated"]
    role: Literal["authenticated"]
    email: str
    app_metadata: SupabaseAppMetadata
    user_metadata: SupabaseUserMetadata
    created_at: Moment


class SupabaseSession(Shape):
    """Supabase's `session`: a sign-in with its two tokens."""

    access_token: str
    token_type: Literal["bearer"]
    expires_in: Count
    expires_at: Count
    refresh_token: str
    user: SupabaseUser


class JsonWebKey(Shape):
    """The public half of a signing key."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str
    y: str
    kid: str
    alg: Literal["ES256"]
    use: Literal["sig"]


class JsonWebKeys(Shape):
    """The keys that access tokens can be checked with."""

    keys: list[JsonWebKey]
