"""The whole preflight on fakes: advice on the network, beside the gate and never in its way."""

import asyncio

import pytest

from preflight.model import CheckResult, CheckState, Measured
from preflight.preflight import Preflight
from preflight.probe.network_probe import ProbeFailed
from preflight.probe.protocol import Question
from preflight.system.network_ports import Medium, NetworkHint, Way, WifiSignal
from tests.check_cases import clears, just_misses, raises
from tests.fakes.network_probe import GOOD_REACH
from tests.unit.preflight.conftest import Bench, verdict

PASSED, WARNED, FAILED, SKIPPED, UNKNOWN = (
    CheckState.PASSED,
    CheckState.WARNED,
    CheckState.FAILED,
    CheckState.SKIPPED,
    CheckState.UNKNOWN,
)
ADVICE = (
    "jitter_high",
    "server_slow",
    "captive_portal",
    "proxy",
    "tls_intercepted",
    "vpn",
    "ipv6",
    "mtu",
    "metered",
    "wifi_weak",
    "busy",
)
LOST = {**GOOD_REACH, "tcp_ok": False, "stage": "tcp"}


def result(preflight: Preflight, code: str) -> CheckResult:
    return next(check for check in preflight.progress.checks if check.code == f"net.{code}")


@clears("net.proxy")
@clears("net.metered")
async def test_a_healthy_network_needs_no_advice(bench: Bench) -> None:
    bench.probe.more = {"jitter_ms": 2.0, "server_ms": 1.0}
    preflight = await bench.run(6)

    states = {code: verdict(preflight, f"net.{code}") for code in ADVICE}
    skipped = {code for code, (state, _) in states.items() if state is SKIPPED}
    assert skipped == {"tls_intercepted", "wifi_weak"}  # plain http, and a cable
    assert {state for state, _ in states.values()} == {PASSED, SKIPPED}


async def test_the_report_tells_the_network_in_short(bench: Bench) -> None:
    bench.probe.reach_figures = {**GOOD_REACH, "family": "ipv4", "proxy": False}
    bench.probe.advice["families"] = {
        "family_broken": False,
        "ipv4_answers": True,
        "ipv6_answers": None,
    }
    preflight = await bench.run(6)

    assert preflight.report()["network"] == {
        "medium": "ethernet",
        "pair": None,
        "family": "ipv4",
        "ipv4_answers": True,
        "ipv6_answers": None,
        "proxy": False,
        "vpn": False,
        "portal": False,
        "metered": False,
        "region": None,
    }


async def test_the_line_is_the_gates_until_it_has_its_samples(bench: Bench) -> None:
    preflight = await bench.run(0.6)
    early = (list(bench.probe.asked), list(bench.local.asked_for), bench.local.looks)

    await bench.clock.advance(6)

    assert early == ([], [], 0)
    assert sorted(bench.probe.asked) == ["families", "interception", "large_packets", "portal"]
    assert preflight.progress.gate.passed


async def test_advice_that_hangs_holds_neither_the_gate_nor_the_report(bench: Bench) -> None:
    async def hang(question: object, url: str) -> dict[str, bool]:
        await asyncio.Event().wait()
        return {}

    bench.probe.advise = hang  # type: ignore[method-assign]  # spoilt on purpose
    preflight = await bench.run(5)
    decided = preflight.progress.gate.passed
    report = await preflight.passed_report()
    await bench.clock.advance(12)

    assert decided
    assert report.passed
    assert verdict(preflight, "net.mtu") == (UNKNOWN, "deadline")
    assert verdict(preflight, "net.captive_portal") == (UNKNOWN, "deadline")


async def test_the_trial_call_leaves_the_line_to_what_is_still_asked(bench: Bench) -> None:
    answer = bench.probe.advise

    async def slow(question: Question, url: str) -> Measured:
        if question == "large_packets":
            await bench.clock.sleep(7.5)
        return await answer(question, url)

    bench.probe.advise = slow  # type: ignore[method-assign]  # spoilt on purpose
    preflight = await bench.run(7)
    early = bench.media.trials
    await bench.clock.advance(5)

    assert (early, bench.media.trials) == (0, 1)
    assert verdict(preflight, "net.mtu") == (PASSED, None)
    assert verdict(preflight, "net.busy") == (PASSED, None)


@pytest.mark.parametrize("code", ["captive_portal", "tls_intercepted", "ipv6", "mtu"])
async def test_a_probe_that_dies_is_no_fault_of_the_network(bench: Bench, code: str) -> None:
    bench.probe.advice = dict.fromkeys(bench.probe.advice, ProbeFailed("made up"))
    preflight = await bench.run(6)

    assert verdict(preflight, f"net.{code}") == (UNKNOWN, "probe")
    assert preflight.progress.gate.passed


async def test_a_login_page_explains_why_the_service_cannot_be_reached(bench: Bench) -> None:
    bench.probe.reach_figures = LOST
    bench.probe.advice["portal"] = {"portal": True, "answer": "redirect"}
    preflight = await bench.run(3)

    assert preflight.progress.gate.blocking == ("net.unreachable",)
    assert verdict(preflight, "net.captive_portal") == (FAILED, None)
    assert preflight.report()["network"]["portal"] is True


async def test_a_login_page_that_is_accepted_goes_by_itself(bench: Bench) -> None:
    bench.probe.advice["portal"] = {"portal": True, "answer": "redirect"}
    preflight = await bench.run(5)
    shown = verdict(preflight, "net.captive_portal")

    bench.probe.advice["portal"] = {"portal": False, "answer": "exact"}
    for _ in range(50):
        await bench.clock.advance(0.25)

    assert shown == (FAILED, None)
    assert verdict(preflight, "net.captive_portal") == (PASSED, None)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [("not_offered", (SKIPPED, "not_offered")), ("unreachable", (UNKNOWN, "unreachable"))],
)
async def test_the_desktops_word_counts_where_the_page_tells_nothing(
    bench: Bench, fault: str, expected: tuple[CheckState, str]
) -> None:
    bench.probe.advice["portal"] = {"fault": fault}
    without = verdict(await bench.run(5), "net.captive_portal")
    bench.hints.hint = NetworkHint(portal=True)

    preflight = await bench.run(5)

    assert without == expected
    assert verdict(preflight, "net.captive_portal") == (FAILED, None)


@raises("net.jitter_high")
@clears("net.jitter_high")
@raises("net.server_slow")
@clears("net.server_slow")
async def test_jitter_and_the_services_share_follow_the_newest_samples(bench: Bench) -> None:
    bench.probe.more = {"jitter_ms": 45.0, "server_ms": 20.0}
    preflight = await bench.run(6)
    uneven = verdict(preflight, "net.jitter_high"), verdict(preflight, "net.server_slow")

    bench.probe.more = {"jitter_ms": 3.0, "server_ms": 1.0}
    for _ in range(100):
        await bench.clock.advance(0.25)

    assert uneven == ((WARNED, None), (WARNED, None))
    assert result(preflight, "server_slow").measured["server_share"] == pytest.approx(1 / 24)
    assert verdict(preflight, "net.jitter_high") == (PASSED, None)
    assert verdict(preflight, "net.server_slow") == (PASSED, None)


@pytest.mark.parametrize(
    ("samples", "told"),
    [(1, (UNKNOWN, "few_looks")), (4, (UNKNOWN, "few_looks")), (5, (PASSED, None))],
)
async def test_a_line_too_slow_for_five_looks_is_not_called_even(
    bench: Bench, samples: int, told: tuple[CheckState, str | None]
) -> None:
    """Of one look the jitter is zero, and that passed."""
    bench.probe.more = {"jitter_ms": 0.0, "samples": samples}

    preflight = await bench.run(6)

    assert verdict(preflight, "net.jitter_high") == told


async def test_a_service_that_tells_no_time_of_its_own_is_not_judged(bench: Bench) -> None:
    preflight = await bench.run(6)

    assert verdict(preflight, "net.server_slow") == (UNKNOWN, "not_told")


@raises("net.proxy")
async def test_a_proxy_is_a_fault_when_the_call_server_is_kept_away(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://sam:letmein@proxy.test:3128")
    alone = await bench.run(5)
    only_there = verdict(alone, "net.proxy")
    bench.probe.connects = False

    preflight = await bench.run(5)

    assert only_there == (WARNED, None)
    assert verdict(preflight, "net.proxy") == (FAILED, None)
    assert preflight.report()["network"]["proxy"] is True
    assert "letmein" not in str(preflight.report())
    assert "proxy.test" not in str(preflight.report())


async def test_a_proxy_of_a_pac_file_is_known_to_the_desktop(bench: Bench) -> None:
    bench.hints.by_proxy = {"http://service.test"}
    preflight = await bench.run(5)

    assert verdict(preflight, "net.proxy") == (WARNED, None)
    assert result(preflight, "proxy").measured["proxy_source"] == "system"


@raises("net.vpn")
async def test_a_vpn_is_looked_for_on_the_way_to_the_call_server(bench: Bench) -> None:
    bench.local.way = Way("tun0", Medium.UNKNOWN, "tun")
    bench.hints.hint = NetworkHint(medium=Medium.WIFI)
    preflight = await bench.run(5)
    network = preflight.report()["network"]

    assert verdict(preflight, "net.vpn") == (WARNED, None)
    assert result(preflight, "vpn").measured["vpn_told_by"] == "tun"
    assert (network["vpn"], network["medium"]) == (True, "wifi")
    assert "tun0" not in str(network)
    assert bench.local.asked_for[0] != "service.test"


async def test_without_an_account_the_way_to_the_service_is_looked_at(bench: Bench) -> None:
    await bench.run(5, signed_in=False)

    assert set(bench.local.asked_for) == {"service.test"}


async def test_a_vpn_or_a_proxy_changes_the_fingerprint(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await bench.run(5)
    await first.passed_report()  # keeps the machine's key
    await bench.clock.advance(0.1)
    plain = (await bench.run(5)).report()["fingerprint"]
    same = (await bench.run(5)).report()["fingerprint"]
    bench.local.way = Way("wg0", Medium.UNKNOWN, "wireguard")
    by_vpn = (await bench.run(5)).report()["fingerprint"]
    monkeypatch.setenv("http_proxy", "http://proxy.test:3128")
    by_both = (await bench.run(5)).report()["fingerprint"]

    assert plain == same
    assert len({plain, by_vpn, by_both}) == 3


async def test_no_way_out_tells_nothing(bench: Bench) -> None:
    bench.local.way = None
    preflight = await bench.run(6)

    for code in ("vpn", "metered", "wifi_weak", "busy"):
        assert verdict(preflight, f"net.{code}") == (UNKNOWN, "no_way")
    assert preflight.progress.gate.passed


@clears("net.vpn")
async def test_a_service_on_this_machine_says_nothing_of_a_line(bench: Bench) -> None:
    bench.local.way = Way("lo", Medium.LOOPBACK)
    preflight = await bench.run(6)

    for code in ("metered", "wifi_weak", "busy"):
        assert verdict(preflight, f"net.{code}") == (SKIPPED, "not_offered")
    assert verdict(preflight, "net.vpn") == (PASSED, None)


@pytest.mark.parametrize(
    ("system", "desktop", "expected"),
    [
        pytest.param(True, None, (WARNED, None), marks=raises("net.metered")),
        (False, True, (WARNED, None)),
        pytest.param(None, False, (PASSED, None), marks=just_misses("net.metered")),
        (None, None, (SKIPPED, "platform")),
    ],
)
async def test_one_who_knows_that_data_is_counted_is_enough(
    bench: Bench,
    system: bool | None,
    desktop: bool | None,
    expected: tuple[CheckState, str | None],
) -> None:
    bench.local.is_metered = system
    bench.hints.hint = NetworkHint(metered=desktop)

    assert verdict(await bench.run(5), "net.metered") == expected


@pytest.mark.parametrize(("says", "expected"), [(None, WARNED), (False, PASSED)])
async def test_mobile_data_is_counted_unless_the_desktop_says_otherwise(
    bench: Bench, says: bool | None, expected: CheckState
) -> None:
    bench.local.is_metered = None
    bench.hints.hint = NetworkHint(metered=says, medium=Medium.CELLULAR)

    assert verdict(await bench.run(5), "net.metered") == (expected, None)


@pytest.mark.parametrize(
    ("medium", "signal", "expected"),
    [
        pytest.param(
            Medium.WIFI, WifiSignal(dbm=-60.0), (PASSED, None), marks=clears("net.wifi_weak")
        ),
        pytest.param(
            Medium.WIFI, WifiSignal(dbm=-80.0), (FAILED, None), marks=raises("net.wifi_weak")
        ),
        (Medium.WIFI, WifiSignal(percent=45.0), (WARNED, None)),
        (Medium.WIFI, None, (UNKNOWN, "not_told")),
        (Medium.UNKNOWN, WifiSignal(dbm=-70.0), (WARNED, None)),
        (Medium.UNKNOWN, None, (SKIPPED, "not_offered")),
        (Medium.CELLULAR, None, (SKIPPED, "not_offered")),
    ],
)
async def test_the_wifi_is_judged_where_there_is_one(
    bench: Bench,
    medium: Medium,
    signal: WifiSignal | None,
    expected: tuple[CheckState, str | None],
) -> None:
    bench.local.way, bench.local.signal = Way("wlan0", medium), signal

    assert verdict(await bench.run(5), "net.wifi_weak") == expected


@pytest.mark.parametrize(
    ("bytes_a_second", "expected"),
    [
        pytest.param(0, PASSED, marks=clears("net.busy")),
        pytest.param(62_400, PASSED, marks=just_misses("net.busy")),
        pytest.param(62_500, WARNED, marks=raises("net.busy")),
        (249_000, WARNED),
        (250_000, FAILED),
    ],
)
async def test_what_others_send_in_a_second_decides(
    bench: Bench, bytes_a_second: int, expected: CheckState
) -> None:
    bench.local.sent_per_look = bytes_a_second
    preflight = await bench.run(6)

    assert verdict(preflight, "net.busy") == (expected, None)
    assert bench.local.looks == 2


async def test_a_second_in_which_something_of_ours_was_sent_does_not_count(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    preflight = bench.start()
    for _ in range(30):
        # Something of ours begins twice in every second.
        await bench.clock.advance(0.5)
        with preflight._run.network.advice.uses_line():
            pass

    assert verdict(preflight, "net.busy") == (UNKNOWN, "not_counted")


async def test_an_interface_that_is_gone_is_not_counted(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(interface: str) -> None:
        raise OSError("made up")

    monkeypatch.setattr(bench.local, "traffic", gone)
    preflight = await bench.run(6)

    assert verdict(preflight, "net.busy") == (UNKNOWN, "not_counted")
    assert verdict(preflight, "net.mtu") == (PASSED, None)


async def test_a_desktop_whose_service_fails_is_one_without(bench: Bench) -> None:
    def broken() -> NetworkHint:
        raise RuntimeError("made up")

    bench.hints.now = broken  # type: ignore[method-assign]  # spoilt on purpose
    preflight = await bench.run(6)

    assert verdict(preflight, "net.metered") == (PASSED, None)
    assert preflight.progress.gate.passed


async def test_another_network_is_advised_on_anew(bench: Bench) -> None:
    preflight = await bench.run(6)
    bench.way_out = "wlan0 192.168.1.7"
    bench.local.way, bench.local.signal = Way("wlan0", Medium.WIFI), WifiSignal(dbm=-80.0)

    await bench.clock.advance(8)

    assert verdict(preflight, "net.wifi_weak") == (FAILED, None)
    assert bench.probe.asked.count("portal") == 2


async def test_one_check_asked_for_brings_the_gates_samples_along(bench: Bench) -> None:
    preflight = await bench.run(6, only=("net.vpn",))

    codes = [check.code for check in preflight.progress.checks]
    assert codes == ["net.unreachable", "net.health", "net.vpn"]
    assert verdict(preflight, "net.vpn") == (PASSED, None)
