"""A person who uses the service over HTTP, for what no client of ours does in a test."""

from types import TracebackType
from typing import Any

import httpx

from desktop.app.demo.processes import Account

DEADLINE_S = 20.0
INTAKE: dict[str, Any] = {
    "plan": "diagnostic",
    "vehicle": {
        "year": 2016,
        "make": "Honda",
        "model": "Civic",
        "vin": None,
        "plate": None,
        "odometer_km": None,
    },
    "concern": "Squeal on cold start",
    "urgency": "soon",
    "scheduled_for": None,
}


class ServicePerson:
    """Signed in by a token (customer) or by the cookie (mechanic). Use as a context."""

    def __init__(self, url: str) -> None:
        self.mechanic_id: str | None = None
        self._http = httpx.Client(
            base_url=url, timeout=DEADLINE_S, headers={"X-Liftbay-Client": "desktop"}
        )

    def __enter__(self) -> "ServicePerson":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def sign_up(self, account: Account) -> None:
        """Make a customer's account and sign in with it."""
        told = self.post(
            "/auth/v1/signup",
            {"email": account.email, "password": account.password, "data": {"name": account.name}},
        )
        self._http.headers["Authorization"] = f"Bearer {told['access_token']}"

    def sign_in_as_mechanic(self, account: Account) -> None:
        """Take the mechanic's cookie."""
        told = self.post(
            "/api/mechanic/login", {"email": account.email, "password": account.password}
        )
        self.mechanic_id = str(told["mechanic_id"])

    def submit_intake(self, **changes: Any) -> dict[str, Any]:
        """Submit an intake and pay; return the session."""
        session: dict[str, Any] = self.post("/api/intake/start", {**INTAKE, **changes})["session"]
        return session

    def requests(self) -> list[dict[str, Any]]:
        """Return the open requests as a mechanic sees them."""
        told = self.get("/api/mechanics/requests")
        found: list[dict[str, Any]] = told["requests"]
        return found

    def accept(self, request: str) -> dict[str, Any]:
        """Accept a request; return the session."""
        session: dict[str, Any] = self.post(f"/api/mechanics/requests/{request}/accept", {})[
            "session"
        ]
        return session

    def get(self, path: str) -> Any:
        """Return the decoded answer; anything but success fails the test."""
        answer = self._http.get(path)
        assert answer.is_success, answer.text
        return answer.json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """Post and return the decoded answer; anything but success fails the test."""
        answer = self._http.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()
