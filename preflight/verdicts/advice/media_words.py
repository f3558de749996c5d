"""The words of the checks of the media path in English, by code. Data only.

Title, when it holds, when it does not, what to do then.
"""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "media.uplink_low": (
        "Upload is fast enough",
        "The upload carries the full picture.",
        "Your upload is slow.",
        "We send a smaller picture.",
    ),
    "media.downlink_low": (
        "Download is fast enough",
        "The download carries the full picture.",
        "Your download is slow.",
        "You will see a smaller picture.",
    ),
    "media.ramp_slow": (
        "Picture is soon sharp",
        "The picture is sharp within seconds.",
        "The picture needs some seconds to become sharp.",
        "Wait for it when you show a detail.",
    ),
    "media.rtt_high": (
        "Short way to the other side",
        "There is no delay when speaking.",
        "Expect a delay when speaking.",
        "Let the other finish.",
    ),
    "media.loss": (
        "Nothing gets lost",
        "The connection loses no data.",
        "The connection loses data.",
        "Use a cable or move closer to the router.",
    ),
    "media.loss_burst": (
        "No gaps in the connection",
        "The connection loses nothing in bursts.",
        "The connection has gaps.",
        "Use a cable or move closer to the router.",
    ),
    "media.reorder": (
        "Packets keep their order",
        "Packets arrive in their order.",
        "Packets overtake each other.",
        "Tell support, if the call stutters.",
    ),
    "media.jitter": (
        "Connection is even",
        "Packets arrive evenly.",
        "The connection is uneven.",
        "Pause downloads or use a cable.",
    ),
    "media.mos": (
        "Voice will be clear",
        "The voice gets through clearly.",
        "Voice may break up.",
        "Use a cable or audio only.",
    ),
    "media.bandwidth_limited": (
        "Room for the picture",
        "The picture was not held back.",
        "The line held the picture back.",
        "Close what else uses the network.",
    ),
    "media.video_stuck": (
        "Picture gets through",
        "A test picture arrived.",
        "The picture does not get through well.",
        "Try another network.",
    ),
    "media.udp_blocked": (
        "Best path is open",
        "Calls take the direct path.",
        "Your network blocks the best path.",
        "Calls work, with less quality.",
    ),
    "media.mic_roundtrip": (
        "Your voice reaches the call",
        "Your voice went through the call and came back.",
        "Your voice does not reach the call.",
        "Choose another microphone.",
    ),
    "media.camera_roundtrip": (
        "Your picture reaches the call",
        "Your picture went through the call and came back.",
        "Your picture does not reach the call.",
        "Choose another camera.",
    ),
    "media.delay": (
        "Picture arrives at once",
        "The picture arrives without a delay.",
        "Sound and picture arrive late.",
        "Let the other finish before you speak.",
    ),
    "media.server_quality": (
        "Call server has no complaint",
        "The call server finds the connection good.",
        "The call server finds the connection poor.",
        "Use a cable or move closer to the router.",
    ),
    "media.tcp_blocked": (
        "Fallback over TCP works",
        "A call could fall back to TCP.",
        "A fallback over TCP is missing.",
        "Tell support, if calls break off.",
    ),
    "media.relay_blocked": (
        "Relay can be reached",
        "A call could go by way of a relay.",
        "The relay cannot be reached.",
        "Tell support, if calls break off.",
    ),
    "media.turn_tls_blocked": (
        "Way through strict networks",
        "A call could go by way of an encrypted relay.",
        "This network may cut calls.",
        "Have a phone hotspot ready.",
    ),
    "media.reconnect": (
        "Call comes back by itself",
        "After a short break the call is back by itself.",
        "After a short break the call may not come back by itself.",
        "Stay close to the router.",
    ),
    "media.protocol_choice": (
        "Right protocol in use",
        "TCP carries no more than UDP here.",
        "TCP carries more than UDP here.",
        "Tell support, if the call stutters.",
    ),
}
