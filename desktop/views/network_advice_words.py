"""What the page says of the advisory network checks N07 to N17: title and remedy."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

WORDS: Final[dict[str, tuple[object, object]]] = {
    "net.jitter_high": (
        QT_TRANSLATE_NOOP("checks", "The connection is even"),
        QT_TRANSLATE_NOOP("checks", "The connection is uneven: pause downloads or use a cable."),
    ),
    "net.server_slow": (
        QT_TRANSLATE_NOOP("checks", "Liftbay answers quickly"),
        QT_TRANSLATE_NOOP("checks", "Liftbay is slow at the moment: nothing to do on your side."),
    ),
    "net.captive_portal": (
        QT_TRANSLATE_NOOP("checks", "No login page is in the way"),
        QT_TRANSLATE_NOOP(
            "checks", "This Wi-Fi wants a login first: open the browser and accept it."
        ),
    ),
    "net.proxy": (
        QT_TRANSLATE_NOOP("checks", "No proxy is in the way"),
        QT_TRANSLATE_NOOP(
            "checks", "Your network uses a proxy: ask your IT to let Liftbay through."
        ),
    ),
    "net.tls_intercepted": (
        QT_TRANSLATE_NOOP("checks", "Nobody else reads the connection"),
        QT_TRANSLATE_NOOP(
            "checks",
            "A security program reads your connection: calls may fail in this network.",
        ),
    ),
    "net.vpn": (
        QT_TRANSLATE_NOOP("checks", "No VPN is in the way"),
        QT_TRANSLATE_NOOP("checks", "A VPN is active: switch it off if the call stutters."),
    ),
    "net.ipv6": (
        QT_TRANSLATE_NOOP("checks", "Every way to Liftbay works"),
        QT_TRANSLATE_NOOP(
            "checks",
            "Only one of IPv4 and IPv6 works here: nothing to do on your side, the other one is "
            "used.",
        ),
    ),
    "net.mtu": (
        QT_TRANSLATE_NOOP("checks", "Large packets get through"),
        QT_TRANSLATE_NOOP(
            "checks", "Large packets get lost: restart the router or switch off the VPN."
        ),
    ),
    "net.metered": (
        QT_TRANSLATE_NOOP("checks", "The network is not metered"),
        QT_TRANSLATE_NOOP(
            "checks",
            "You are on mobile data: a 45-minute call uses about 1.2 GB in full quality.",
        ),
    ),
    "net.wifi_weak": (
        QT_TRANSLATE_NOOP("checks", "The Wi-Fi is strong"),
        QT_TRANSLATE_NOOP("checks", "The Wi-Fi is weak: move closer to the router."),
    ),
    "net.busy": (
        QT_TRANSLATE_NOOP("checks", "Nothing else is uploading"),
        QT_TRANSLATE_NOOP("checks", "Another program is uploading: pause cloud backup or updates."),
    ),
}
