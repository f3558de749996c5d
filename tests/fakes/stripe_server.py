"""A Stripe of ours on a loopback port: the few endpoints the service uses, with their state.

It keeps Stripe's promises that money rules depend on: an idempotency key brings its first answer
again, failures included, and refuses other parameters; only an open page can be expired; no
more goes back than was paid. A test says what the next calls suffer (`faults`) and pays on a page.
Shapes are held to Stripe's own description by tests/integration/backend/test_stripe_mock.py.
"""

import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from tests.fakes.http_service import Received, Reply, http_service

KEY = "sk_test_TheFakeChecksThisOne"
WEBHOOK_SECRET = "whsec_the_test_signs_with_this"
Object = dict[str, Any]


@dataclass
class StripeServer:
    """What Stripe knows of one account.

    Attributes:
        faults: what the next changes suffer, in order: ``ok``; ``lost`` (done, and the answer never
            comes), ``cut`` (done, and the connection breaks), ``down`` and ``rate_limit`` (nothing
            done, nothing remembered), ``stored_500`` (nothing done, and the key brings the same
            again), or a code of Stripe's with which the call is refused.
        accounts: connected accounts that can take transfers.
        keys: every idempotency key that came, in order.
        transferred: called with each transfer that was made, before its answer leaves.
    """

    faults: list[str] = field(default_factory=list)
    accounts: set[str] = field(default_factory=set)
    keys: list[str] = field(default_factory=list)
    pages: dict[str, Object] = field(default_factory=dict)
    payments: dict[str, Object] = field(default_factory=dict)
    refunds: dict[str, Object] = field(default_factory=dict)
    transfers: dict[str, Object] = field(default_factory=dict)
    reversals: dict[str, Object] = field(default_factory=dict)
    disputes: dict[str, Object] = field(default_factory=dict)
    refund_status: str = "succeeded"
    transferred: Callable[[Object], None] = lambda _: None
    url: str = ""
    _answers: dict[str, tuple[str, Reply]] = field(default_factory=dict)
    _count: int = 0

    # --- what a test does ------------------------------------------------------------------------

    def pay(
        self, page_id: str, *, amount: int | None = None, currency: str | None = None
    ) -> Object:
        """Let a customer pay on a page; returns the event that Stripe sends then."""
        page = self.pages[page_id]
        assert page["status"] == "open", "nobody can pay there"
        intent = self._new("pi", "payment_intent")
        intent |= {"amount": page["amount_total"], "refunded": 0}
        self.payments[intent["id"]] = intent
        page |= {"status": "complete", "payment_status": "paid", "payment_intent": intent["id"]}
        told = dict(page)
        told["amount_total"] = page["amount_total"] if amount is None else amount
        told["currency"] = page["currency"] if currency is None else currency
        return self.event("checkout.session.completed", told)

    def refund_on_its_own_pages(self, amount: int, *, status: str = "succeeded") -> Object:
        """Let the operator give some of the newest payment back by hand; returns the refund.

        As with Stripe, such a refund has none of our names.
        """
        intent = list(self.payments.values())[-1]
        assert intent["refunded"] + amount <= intent["amount"], "Stripe refuses that"
        intent["refunded"] += amount
        refund = self._new("re", "refund") | {
            "amount": amount,
            "currency": "usd",
            "payment_intent": intent["id"],
            "status": status,
            "metadata": {},
        }
        self.refunds[refund["id"]] = refund
        return refund

    def charge_refunded(self, payment_intent: str) -> Object:
        """Return the event of a charge of which something went back; it names no refund."""
        charge = self._new("ch", "charge") | {
            "payment_intent": payment_intent,
            "amount_refunded": self.payments[payment_intent]["refunded"],
            "currency": "usd",
            "metadata": {},
        }
        return self.event("charge.refunded", charge)

    def dispute(self, amount: int | None = None, *, status: str = "needs_response") -> Object:
        """Let the bank of who made the newest payment take it back; returns the dispute.

        Until it is decided Stripe gives nothing of that payment back.
        """
        intent = list(self.payments.values())[-1]
        dispute = self._new("du", "dispute") | {
            "amount": intent["amount"] if amount is None else amount,
            "balance_transactions": [],
            "charge": f"ch_of_{intent['id']}",
            "currency": "usd",
            "evidence": {},
            "is_charge_refundable": False,
            "metadata": {},
            "payment_intent": intent["id"],
            "reason": "fraudulent",
            "status": status,
        }
        self.disputes[dispute["id"]] = dispute
        return dispute

    def decide(self, dispute: Object, outcome: str) -> None:
        """Let the bank decide; what is lost cannot be given back a second time."""
        assert outcome in ("won", "lost", "warning_closed")
        dispute["status"] = outcome
        if outcome == "lost":
            intent = self.payments[dispute["payment_intent"]]
            intent["refunded"] = min(intent["amount"], intent["refunded"] + dispute["amount"])

    def event(self, kind: str, about: Object) -> Object:
        """Return an event of Stripe's about an object."""
        event = self._new("evt", "event")
        return event | {
            "type": kind,
            "api_version": "2026-10-28",
            "created": int(time.time()),
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "data": {"object": dict(about)},
        }

    def forget_keys(self) -> None:
        """Let a day pass: Stripe forgets idempotency keys."""
        self._answers.clear()

    # --- what the service calls ------------------------------------------------------------------

    def answer(self, request: Received) -> Reply:
        """Answer one call."""
        if f"Bearer {KEY}" != request.headers.get("authorization"):
            return _refusal(401, "invalid_request_error", "api_key_invalid", "no such key")
        fields = dict(parse_qsl(request.body.decode() or request.target.partition("?")[2]))
        if request.method == "GET":
            return self._read(request.path, fields)
        key = request.headers.get("idempotency-key", "")
        self.keys.append(key)
        shape = json.dumps([request.path, fields], sort_keys=True)
        if key in self._answers:
            first, reply = self._answers[key]
            if first != shape:
                return _refusal(400, "idempotency_error", None, "the key came with other fields")
            return reply
        fault = self.faults.pop(0) if self.faults else "ok"
        match fault:
            case "down":
                return _refusal(503, "api_error", None, "try again")
            case "rate_limit":
                return _refusal(429, "invalid_request_error", "rate_limit", "too many")
            case "stored_500":
                reply = _refusal(500, "api_error", None, "a fault of ours")
            case "ok" | "lost" | "cut":
                reply = self._change(request.path, fields)
            case code:
                status = 403 if code == "account_invalid" else 400
                reply = _refusal(status, "invalid_request_error", code, f"refused: {code}")
        if key:
            self._answers[key] = (shape, reply)
        return {"lost": Reply(hang=True), "cut": Reply(cut=True)}.get(fault, reply)

    def _read(self, path: str, fields: dict[str, str]) -> Reply:
        parts = path.strip("/").split("/")[1:]
        match parts:
            case ["checkout", "sessions", page]:
                return _ok(self.pages[page])
            case ["refunds"]:
                return _list(path, self.refunds, fields, payment_intent=fields["payment_intent"])
            case ["transfers"]:
                return _list(path, self.transfers, fields, transfer_group=fields["transfer_group"])
            case ["transfers", transfer, "reversals"]:
                return _list(path, self.reversals, fields, transfer=transfer)
            case _:
                return _refusal(404, "invalid_request_error", "url_invalid", path)

    def _change(self, path: str, fields: dict[str, str]) -> Reply:
        match path.strip("/").split("/")[1:]:
            case ["checkout", "sessions"]:
                return self._open_page(fields)
            case ["checkout", "sessions", page, "expire"]:
                return self._expire(self.pages[page])
            case ["refunds"]:
                return self._refund(fields)
            case ["transfers"]:
                return self._transfer(fields)
            case ["transfers", transfer, "reversals"]:
                return self._reverse(self.transfers[transfer], fields)
            case _:
                return _refusal(404, "invalid_request_error", "url_invalid", path)

    def _open_page(self, fields: dict[str, str]) -> Reply:
        item = "line_items[0]"
        page = self._new("cs_test", "checkout.session")
        page |= {
            "url": f"https://checkout.stripe.test/{page['id']}",
            "status": "open",
            "payment_status": "unpaid",
            "payment_intent": None,
            "client_reference_id": fields["client_reference_id"],
            "amount_total": int(fields[f"{item}[price_data][unit_amount]"])
            * int(fields[f"{item}[quantity]"]),
            "currency": fields[f"{item}[price_data][currency]"],
            "metadata": _metadata(fields),
        }
        self.pages[page["id"]] = page
        return _ok(page)

    def _expire(self, page: Object) -> Reply:
        if page["status"] != "open":
            return _refusal(400, "invalid_request_error", None, "only an open session expires")
        page["status"] = "expired"
        return _ok(page)

    def _refund(self, fields: dict[str, str]) -> Reply:
        intent, amount = self.payments[fields["payment_intent"]], int(fields["amount"])
        if any(
            one["payment_intent"] == intent["id"]
            and one["status"] not in ("won", "lost", "warning_closed")
            for one in self.disputes.values()
        ):
            return _refusal(400, "invalid_request_error", "charge_disputed", "it is disputed")
        if intent["refunded"] + amount > intent["amount"]:
            return _refusal(400, "invalid_request_error", "charge_already_refunded", "too much")
        intent["refunded"] += amount
        refund = self._new("re", "refund")
        refund |= {
            "amount": amount,
            "currency": "usd",
            "payment_intent": intent["id"],
            "status": self.refund_status,
            "metadata": _metadata(fields),
        }
        self.refunds[refund["id"]] = refund
        return _ok(refund)

    def _transfer(self, fields: dict[str, str]) -> Reply:
        if fields["destination"] not in self.accounts:
            return _refusal(400, "invalid_request_error", "resource_missing", "no such destination")
        transfer = self._new("tr", "transfer")
        transfer |= {
            "amount": int(fields["amount"]),
            "amount_reversed": 0,
            "currency": fields["currency"],
            "destination": fields["destination"],
            "transfer_group": fields["transfer_group"],
            "metadata": _metadata(fields),
        }
        self.transfers[transfer["id"]] = transfer
        self.transferred(transfer)
        return _ok(transfer)

    def _reverse(self, transfer: Object, fields: dict[str, str]) -> Reply:
        if transfer["amount_reversed"] + int(fields["amount"]) > transfer["amount"]:
            return _refusal(400, "invalid_request_error", None, "more than was transferred")
        reversal = self._new("trr", "transfer_reversal")
        reversal |= {
            "amount": int(fields["amount"]),
            "currency": transfer["currency"],
            "transfer": transfer["id"],
            "metadata": _metadata(fields),
        }
        self.reversals[reversal["id"]] = reversal
        transfer["amount_reversed"] += reversal["amount"]
        return _ok(reversal)

    def _new(self, prefix: str, kind: str) -> Object:
        self._count += 1
        return {"id": f"{prefix}_{self._count:06}", "object": kind}


def signed(event: Object, *, secret: str = WEBHOOK_SECRET, at: float | None = None) -> Any:
    """Return the body and the header with which Stripe sends an event."""
    body = json.dumps(event).encode()
    moment = int(time.time() if at is None else at)
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return body, {"Stripe-Signature": f"t={moment},v1={digest}"}


@asynccontextmanager
async def stripe_server() -> AsyncIterator[StripeServer]:
    """Run one on a free loopback port."""
    stripe = StripeServer()
    async with http_service() as http:
        http.otherwise = stripe.answer
        stripe.url = http.url
        yield stripe


def _metadata(fields: dict[str, str]) -> dict[str, str]:
    return {
        name.removeprefix("metadata[").removesuffix("]"): value
        for name, value in fields.items()
        if name.startswith("metadata[")
    }


def _list(path: str, objects: dict[str, Object], fields: dict[str, str], **where: str) -> Reply:
    """Answer with one page; Stripe lists the newest first, ten at a time unless told otherwise."""
    [(name, value)] = where.items()
    found = [one for one in reversed(objects.values()) if one[name] == value]
    if "starting_after" in fields:
        names = [one["id"] for one in found]
        found = found[names.index(fields["starting_after"]) + 1 :]
    limit = int(fields.get("limit", "10"))
    if not 1 <= limit <= 100:
        return _refusal(400, "invalid_request_error", "parameter_invalid_integer", "limit")
    page = {"data": found[:limit], "has_more": len(found) > limit}
    return _ok({"object": "list", "url": path, **page})


def _ok(body: Object) -> Reply:
    return Reply(200, json.dumps(body).encode())


def _refusal(status: int, kind: str, code: str | None, message: str) -> Reply:
    error = {"type": kind, "message": message} | ({} if code is None else {"code": code})
    return Reply(status, json.dumps({"error": error}).encode())
