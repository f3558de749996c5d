"""Signing keys and access tokens: what is accepted, and everything that is not."""

import base64
import json
import os
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from liftbay_backend.auth.keys import SigningKey, load_signing_key
from liftbay_backend.auth.tokens import MECHANIC_AUDIENCE, OWN_TOLERANCE_SECONDS, Tokens
from liftbay_backend.data_folder import KEY_FILE
from liftbay_backend.domain.ids import MechanicId, UserId
from liftbay_backend.problems import ErrorCode, Problem
from liftbay_backend.settings import Settings, SettingsError
from tests.fakes.service_clock import FakeServiceClock

USER = UserId("5f0c6a52-8a0e-4c3f-9d0b-2f2d1a4b7c01")
MECHANIC = MechanicId("c2d4e6f8-1a3b-4c5d-8e7f-0a1b2c3d4e03")


class Desk:
    """Tokens with a key in a temporary folder and time that stands still."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        self.settings = Settings(data_dir=folder, **changes)
        self.key = load_signing_key(self.settings)
        self.clock = FakeServiceClock()
        self.tokens = Tokens(self.settings, self.key, self.clock)

    def user_token(self) -> str:
        token, _ = self.tokens.issue_user(USER, sign_in_id="s1", email="a@b.test", name="A")
        return token

    def claims(self, **changes: Any) -> dict[str, Any]:
        now = int(self.clock.now().timestamp())
        claims = {
            "sub": USER,
            "aud": "authenticated",
            "iss": "liftbay",
            "iat": now,
            "exp": now + 60,
            "session_id": "s1",
        }
        return {name: value for name, value in {**claims, **changes}.items() if value is not None}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)

    first, second = load_signing_key(settings), load_signing_key(settings)

    assert first.kid == second.kid
    if os.name == "posix":
        assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_a_key_that_others_can_read_stops_the_start(tmp_path: Path) -> None:
    load_signing_key(Settings(data_dir=tmp_path))
    (tmp_path / KEY_FILE).chmod(0o644)

    with pytest.raises(SettingsError, match="chmod 600"):
        load_signing_key(Settings(data_dir=tmp_path))


@pytest.mark.parametrize("pem", ["nonsense", "-----BEGIN PRIVATE KEY-----\n-----END"])
def test_a_broken_key_is_named_and_not_shown(tmp_path: Path, pem: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_signing_key(Settings(data_dir=tmp_path, signing_key_pem=pem))  # type: ignore[arg-type]  # pydantic

    assert "LIFTBAY_SIGNING_KEY_PEM" in str(caught.value)
    assert pem not in str(caught.value)


def test_a_key_of_another_curve_is_refused(tmp_path: Path) -> None:
    pem = (
        ec.generate_private_key(ec.SECP384R1())
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )

    with pytest.raises(SettingsError, match="P-256"):
        load_signing_key(Settings(data_dir=tmp_path, signing_key_pem=pem))  # type: ignore[arg-type]  # pydantic


def test_a_key_does_not_print(desk: Desk) -> None:
    assert "private" not in repr(desk.key)


async def test_a_token_of_ours_comes_back_as_its_claims(desk: Desk) -> None:
    claims = await desk.tokens.verify_user(desk.user_token())

    assert (claims.user_id, claims.sign_in_id, claims.email) == (USER, "s1", "a@b.test")
    assert (claims.expires_at - desk.clock.now()).total_seconds() == 3600


async def test_an_old_token_is_expired_by_the_services_clock(desk: Desk) -> None:
    token = desk.user_token()
    desk.clock.advance(seconds=3600)

    with pytest.raises(Problem) as caught:
        await desk.tokens.verify_user(token)

    assert caught.value.error is ErrorCode.AUTH_EXPIRED


async def test_a_token_that_was_right_before_still_ends(desk: Desk) -> None:
    token = desk.user_token()
    await desk.tokens.verify_user(token)
    desk.clock.advance(seconds=3600)

    with pytest.raises(Problem) as caught:
        await desk.tokens.verify_user(token)

    assert caught.value.error is ErrorCode.AUTH_EXPIRED


async def test_a_signature_is_looked_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[str] = []
    decode = jwt.decode

    def counted(token: str, *args: Any, **options: Any) -> Any:
        looked_at.append(token)
        return decode(token, *args, **options)

    monkeypatch.setattr(jwt, "decode", counted)
    first, second = desk.user_token(), desk.tokens.issue_mechanic(MECHANIC, sign_in_id="s2")[0]
    for _ in range(3):
        await desk.tokens.verify_user(first)
        desk.tokens.verify_mechanic(second)

    assert looked_at == [first, second]


async def test_of_many_tokens_the_oldest_are_forgotten(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("liftbay_backend.auth.tokens.TOKENS_KEPT", 2)
    for number in range(4):
        token, _ = desk.tokens.issue_user(USER, sign_in_id=f"s{number}", email="a@b.test", name="A")
        await desk.tokens.verify_user(token)

    assert len(desk.tokens._read) == 2
    assert "a@b.test" not in repr(desk.tokens._read)


async def test_a_token_signed_by_somebody_else_is_refused(desk: Desk) -> None:
    forged = jwt.encode(desk.claims(), ec.generate_private_key(ec.SECP256R1()), algorithm="ES256")

    await _refused(desk, forged)


async def test_an_unsigned_token_is_refused(desk: Desk) -> None:
    await _refused(desk, jwt.encode(desk.claims(), "", algorithm="none"))


async def test_a_token_made_with_our_public_key_as_a_secret_is_refused(desk: Desk) -> None:
    public = desk.key.public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    # PyJWT itself refuses to sign like this, an attacker's program would not.
    head = _part({"alg": "HS256", "typ": "JWT", "kid": desk.key.kid})
    body = _part(desk.claims())
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        f"{head}.{body}".encode(), public
    )
    await _refused(desk, f"{head}.{body}.{base64.urlsafe_b64encode(signature).decode().strip('=')}")


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "somebody-else"},
        {"aud": MECHANIC_AUDIENCE},
        {"aud": None},
        {"iss": "https://evil.example.test"},
        {"iss": None},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"exp": "tomorrow"},
    ],
)
async def test_a_token_with_wrong_or_missing_claims_is_refused(
    desk: Desk, changes: dict[str, Any]
) -> None:
    token = jwt.encode(desk.claims(**changes), desk.key.private, algorithm="ES256")

    await _refused(desk, token)


@pytest.mark.parametrize(
    ("changes", "is_taken"),
    [
        ({"nbf": 0}, True),
        ({"nbf": OWN_TOLERANCE_SECONDS}, True),
        ({"nbf": OWN_TOLERANCE_SECONDS + 1}, False),
        ({"iat": OWN_TOLERANCE_SECONDS}, True),
        ({"iat": OWN_TOLERANCE_SECONDS + 1}, False),
        ({"exp": 1}, True),
    ],
)
async def test_a_token_of_ours_begins_when_it_says(
    desk: Desk, changes: dict[str, int], is_taken: bool
) -> None:
    now = int(desk.clock.now().timestamp())
    moved = {name: now + seconds for name, seconds in changes.items()}
    token = jwt.encode(desk.claims(**moved), desk.key.private, algorithm="ES256")

    if is_taken:
        assert (await desk.tokens.verify_user(token)).user_id == USER
    else:
        await _refused(desk, token)


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "é.é.é", "." * 20])
async def test_what_is_no_token_is_refused(desk: Desk, text: str) -> None:
    await _refused(desk, text)


async def test_the_mechanics_cookie_is_no_access_token_and_the_other_way_round(
    desk: Desk,
) -> None:
    cookie, _ = desk.tokens.issue_mechanic(MECHANIC, sign_in_id="m1")

    assert desk.tokens.verify_mechanic(cookie).mechanic_id == MECHANIC
    await _refused(desk, cookie)
    with pytest.raises(Problem):
        desk.tokens.verify_mechanic(desk.user_token())


async def test_an_outside_supabase_with_a_shared_secret_is_pinned_to_hs256(tmp_path: Path) -> None:
    secret = "a-shared-secret-" + "of-more-than-64-characters-" * 3
    desk = Desk(tmp_path, auth_jwt_secret=secret, auth_issuer="https://auth.example.test/v1")
    claims = desk.claims(iss="https://auth.example.test/v1", email="a@b.test")

    accepted = await desk.tokens.verify_user(jwt.encode(claims, secret, algorithm="HS256"))

    assert accepted.user_id == USER
    await _refused(desk, jwt.encode(claims, desk.key.private, algorithm="ES256"))
    await _refused(desk, jwt.encode(claims, secret, algorithm="HS512"))


async def test_an_outside_clock_that_is_ahead_or_behind_signs_nobody_out(tmp_path: Path) -> None:
    """Their access tokens are short, and a machine's clock is seconds off now and then."""
    secret = "a-shared-secret-" + "of-more-than-64-characters-" * 3
    desk = Desk(tmp_path, auth_jwt_secret=secret, auth_issuer="liftbay", auth_tolerance_seconds=30)
    now = int(desk.clock.now().timestamp())

    claims = desk.claims(iat=now + 30, nbf=now + 30, exp=now - 29)
    accepted = await desk.tokens.verify_user(jwt.encode(claims, secret, algorithm="HS256"))

    assert (accepted.expires_at - desk.clock.now()).total_seconds() == 1


def test_the_published_key_is_the_public_half_alone(desk: Desk) -> None:
    (key,) = desk.tokens.jwks()["keys"]

    assert set(key) == {"kty", "crv", "x", "y", "kid", "alg", "use"}
    assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("EC", "P-256", "ES256", "sig")


def test_a_loaded_key_signs_what_the_published_one_checks(desk: Desk) -> None:
    key: SigningKey = desk.key
    published = jwt.PyJWK(key.jwk())

    claims = jwt.decode(
        desk.user_token(),
        published,
        algorithms=["ES256"],
        audience="authenticated",
        options={"verify_exp": False, "verify_iat": False},
    )

    assert claims["sub"] == USER


async def _refused(desk: Desk, token: str) -> None:
    with pytest.raises(Problem) as caught:
        await desk.tokens.verify_user(token)
    assert caught.value.error is ErrorCode.AUTH_REQUIRED
    if len(token) > 10:
        assert token not in str(caught.value) + caught.value.detail


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")
