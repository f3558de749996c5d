"""A session or a request that one side calls off before it began."""

from tests.fakes.backend_service import BackendService
from tests.fakes.contract import response


async def test_a_customer_can_call_an_unstarted_session_off(service: BackendService) -> None:
    customer, mechanic = await service.customer(), await service.mechanic()
    session = await service.waiting_session(customer, mechanic)
    address = f"/api/sessions/{session['id']}/cancel"

    answer = await customer.http.post(address, json={"reason": "changed_my_mind"})
    again = await customer.http.post(address, json={"reason": "changed_my_mind"})

    assert answer.status_code == again.status_code == 200
    assert (answer.json()["status"], answer.json()["payment_status"]) == ("cancelled", "refunding")


async def test_a_cancelled_session_looks_exactly_as_the_contract_says(
    service: BackendService,
) -> None:
    customer, mechanic = await service.customer(), await service.mechanic()
    session = await service.waiting_session(customer, mechanic)
    path = f"/api/sessions/{session['id']}"
    await mechanic.http.put(f"{path}/readiness", json={"state": "ready", "rung": 6})
    service.clock.advance(seconds=41.25)

    answer = await customer.http.post(f"{path}/cancel", json={"reason": "changed_my_mind"})

    wanted = response("session_cancel")
    ids = {"id": session["id"], "request_id": session["request_id"]}
    assert answer.json() == {**wanted, **ids}


async def test_a_mechanic_can_give_a_session_back(service: BackendService) -> None:
    customer, mechanic = await service.customer(), await service.mechanic()
    session = await service.waiting_session(customer, mechanic)

    answer = await mechanic.http.post(f"/api/sessions/{session['id']}/cancel", json={})

    assert answer.json()["status"] == "cancelled"
    assert answer.json()["end"]["ended_by"] == "mechanic"


async def test_a_cancelled_request_disappears_and_cannot_be_accepted(
    service: BackendService,
) -> None:
    customer, mechanic = await service.customer(), await service.mechanic()
    pending = await service.pending_session(customer)
    await customer.http.post(f"/api/sessions/{pending['id']}/cancel", json={})

    listed = (await mechanic.http.get("/api/mechanics/requests")).json()["requests"]
    answer = await mechanic.http.post(
        f"/api/mechanics/requests/{pending['request_id']}/accept", json={}
    )

    assert listed == []
    assert (answer.status_code, answer.json()["code"]) == (409, "request.closed")
