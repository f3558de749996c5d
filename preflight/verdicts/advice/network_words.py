"""The words of N07 to N17 in English: title, when it holds, when it does not, what to do then."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "net.jitter_high": (
        "Connection is even",
        "Answers take about the same time every time.",
        "The connection is uneven.",
        "Pause downloads or use a cable.",
    ),
    "net.server_slow": (
        "Liftbay answers quickly",
        "The service itself takes little of an answer's time.",
        "Liftbay is slow at the moment.",
        "Nothing to do on your side.",
    ),
    "net.captive_portal": (
        "No login page in the way",
        "The network lets us through without a page of its own.",
        "This Wi-Fi wants a login first.",
        "Open the browser and accept it.",
    ),
    "net.proxy": (
        "No proxy in the way",
        "The connection goes straight to Liftbay.",
        "Your network uses a proxy.",
        "Ask your IT to let Liftbay through.",
    ),
    "net.tls_intercepted": (
        "Connection is read by nobody else",
        "Liftbay's own certificate arrives here.",
        "A security program reads your connection.",
        "Calls may fail in this network.",
    ),
    "net.vpn": (
        "No VPN in the way",
        "Calls do not go through a VPN.",
        "A VPN is active.",
        "Switch it off if the call stutters.",
    ),
    "net.ipv6": (
        "Every way to Liftbay works",
        "All addresses of the service that this network knows a way to answer.",
        "Only one of IPv4 and IPv6 works here.",
        "Nothing to do on your side, the other one is used.",
    ),
    "net.mtu": (
        "Large packets get through",
        "Large packets arrive whole.",
        "Large packets get lost.",
        "Restart the router or switch off the VPN.",
    ),
    "net.metered": (
        "Network is not metered",
        "The connection does not count its data.",
        "You are on mobile data.",
        "A 45-minute call uses about 1.2 GB in full quality.",
    ),
    "net.wifi_weak": (
        "Wi-Fi is strong",
        "The Wi-Fi's signal is good.",
        "The Wi-Fi is weak.",
        "Move closer to the router.",
    ),
    "net.busy": (
        "Nothing else is uploading",
        "No other program uploads much.",
        "Another program is uploading.",
        "Pause cloud backup or updates.",
    ),
}
