"""What is asked for brings along what it needs, in its own group and in others."""

from preflight.check import Check
from preflight.checks.check_group import CheckGroup
from preflight.checks.scope import in_scope, with_needs
from preflight.model import Group
from tests.unit.preflight.runner_world import gives


def test_needs_come_along_across_groups() -> None:
    network = CheckGroup(
        Group.NETWORK,
        [
            Check("net.unreachable", gives({})),
            Check("net.health", gives({}), needs=("net.unreachable",)),
            Check("net.rtt_high", gives({}), needs=("net.health",)),
        ],
    )
    host = CheckGroup(
        Group.HOST,
        [Check("host.clock_skew", gives({}), needs=("net.health",)), Check("host.disk", gives({}))],
    )

    found = with_needs((network, host), ("host.clock_skew",))

    assert found == {"host.clock_skew", "net.health", "net.unreachable"}
    assert with_needs((network, host), None) is None
    cut = in_scope((network, host), ("host.clock_skew",))
    assert [[check.code for check in group.checks] for group in cut] == [
        ["net.unreachable", "net.health"],
        ["host.clock_skew"],
    ]


def test_a_group_alone_leaves_out_what_others_measure() -> None:
    host = CheckGroup(Group.HOST, [Check("host.clock_skew", gives({}), needs=("net.health",))])

    (cut,) = in_scope((host,), ("host.clock_skew",))
    assert [check.code for check in cut.checks] == ["host.clock_skew"]


def test_what_is_refreshed_must_be_asked_for() -> None:
    network = CheckGroup(
        Group.NETWORK,
        [Check("net.unreachable", gives({})), Check("net.rtt_high", gives({}))],
        refreshed=lambda: (("net.rtt_high",), 15.0),
    )

    assert in_scope((network,), ("net.rtt_high",))[0].refresh == (("net.rtt_high",), 15.0)
    assert in_scope((network,), ("net.unreachable",))[0].refresh is None
