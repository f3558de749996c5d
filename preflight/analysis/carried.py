"""How much a line carried: the best three seconds of a trial call, in bits of whole IP packets.

Pure. A call finds a line's rate from below, by 8 % a second, and falls back wherever it was too
bold, so the last seconds of a trial tell where it had got to, not what the line carries; and on a
line that is much too narrow, most of what was sent never arrives. Both were seen on lines of known
rates (docs/calibration.md, decision 0028).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from preflight.analysis.media_path import PathTotals

WINDOW_S = 3.0
"""A router's queue may swallow a burst of one second."""
LOSSY = 0.01
NARROW_DOWN = 0.9
"""Where B got less than this of what A sent without loss, the way down is the narrow one."""
PACKET_BYTES = 38
"""IPv4, UDP and SRTP's tag around each RTP packet, which the statistics do not count."""
STREAM_KBPS = 125.0
"""The loss stream with its acknowledgements, whole packets, by the forwarder's count."""


@dataclass(frozen=True, slots=True)
class _Window:
    """What happened between two readings; rates in kbit/s of RTP, shares 0..1."""

    sent_kbps: float
    received_kbps: float
    original_kbps: float
    lost_up: float
    lost_down: float
    packets_up: float
    packets_down: float


def carried_up_kbps(totals: Sequence[PathTotals]) -> float | None:
    """Return what the way up carried; None below a second.

    Bytes sent less what the SFU reported as lost, but no more than what B got for the first time:
    where packets are sent again and again, the reports come late and count each one once. What B
    got does not count where the way down is the narrow one.
    """
    windows = list(_windows(totals))
    if not windows:
        return None
    down_is_narrow = _down_is_narrow(totals)
    return max(_up(each, down_is_narrow=down_is_narrow) for each in windows)


def carried_down_kbps(totals: Sequence[PathTotals]) -> float | None:
    """Return what the way down carried; None below a second."""
    return max((_down(each) for each in _windows(totals)), default=None)


def _up(window: _Window, *, down_is_narrow: bool) -> float:
    arrived = window.sent_kbps * (1 - window.lost_up)
    rtp = arrived if down_is_narrow else min(arrived, window.original_kbps)
    if rtp <= 0:
        return 0.0
    packets = window.packets_up * (1 - window.lost_up) * min(1.0, rtp / arrived)
    return _whole(rtp, packets, 1 - window.lost_up)


def _down(window: _Window) -> float:
    if window.received_kbps <= 0:
        return 0.0
    return _whole(window.received_kbps, window.packets_down, 1 - window.lost_down)


def _whole(rtp_kbps: float, packets: float, stream: float) -> float:
    return rtp_kbps + packets * PACKET_BYTES * 8 / 1000 + STREAM_KBPS * stream


def _windows(totals: Sequence[PathTotals]) -> Iterator[_Window]:
    """Yield every stretch of three seconds; all of it where the call was shorter."""
    for start, earlier in enumerate(totals):
        ends = (each for each in totals[start + 1 :] if each.at_s - earlier.at_s >= WINDOW_S - 0.5)
        later = next(ends, None)
        if later is None:
            break
        yield _between(earlier, later)
    if len(totals) > 1 and totals[-1].at_s - totals[0].at_s < WINDOW_S - 0.5:
        yield _between(totals[0], totals[-1])


def _between(earlier: PathTotals, later: PathTotals) -> _Window:
    seconds = later.at_s - earlier.at_s
    sent = later.sent_packets - earlier.sent_packets
    originals = sent - (later.resent_packets - earlier.resent_packets)
    received = later.received_packets - earlier.received_packets
    lost_down = later.lost_down - earlier.lost_down
    came = later.received_bytes - earlier.received_bytes
    again = later.again_bytes - earlier.again_bytes
    return _Window(
        sent_kbps=_kbps(later.sent_bytes - earlier.sent_bytes, seconds),
        received_kbps=_kbps(came, seconds),
        original_kbps=_kbps(came - again, seconds),
        lost_up=_share(later.lost_up - earlier.lost_up, originals),
        lost_down=_share(lost_down, received + lost_down),
        packets_up=sent / seconds if seconds > 0 else 0.0,
        packets_down=received / seconds if seconds > 0 else 0.0,
    )


def _down_is_narrow(totals: Sequence[PathTotals]) -> bool:
    """Say whether B, once it got anything, got less than A sent without losing any of it."""
    first = next((each for each in totals if each.received_bytes > 0), None)
    end = totals[-1]
    if first is None or first is end:
        return False
    since = _between(first, end)
    return since.lost_up < LOSSY and since.original_kbps < NARROW_DOWN * since.sent_kbps


def _kbps(count: float, seconds: float) -> float:
    return max(0.0, count) * 8 / 1000 / seconds if seconds > 0 else 0.0


def _share(part: float, whole: float) -> float:
    return min(1.0, max(0.0, part / whole)) if whole > 0 else 0.0
