"""What the facts of a report are called on support's page, and what was taken out of it.

Words that a newer program sends are shown as they are.
"""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

_CONTEXT: Final = "facts"
FACTS: Final[dict[str, object]] = {
    "camera": QT_TRANSLATE_NOOP("facts", "Camera"),
    "microphone": QT_TRANSLATE_NOOP("facts", "Microphone"),
    "speaker": QT_TRANSLATE_NOOP("facts", "Loudspeaker"),
    "camera_others": QT_TRANSLATE_NOOP("facts", "Other cameras"),
    "microphone_others": QT_TRANSLATE_NOOP("facts", "Other microphones"),
    "speaker_others": QT_TRANSLATE_NOOP("facts", "Other loudspeakers"),
    "medium": QT_TRANSLATE_NOOP("facts", "Connected by"),
    "pair": QT_TRANSLATE_NOOP("facts", "Way to the call server"),
    "family": QT_TRANSLATE_NOOP("facts", "Internet protocol"),
    "ipv4_answers": QT_TRANSLATE_NOOP("facts", "Answers over IPv4"),
    "ipv6_answers": QT_TRANSLATE_NOOP("facts", "Answers over IPv6"),
    "proxy": QT_TRANSLATE_NOOP("facts", "Proxy"),
    "vpn": QT_TRANSLATE_NOOP("facts", "VPN"),
    "portal": QT_TRANSLATE_NOOP("facts", "Login page in the way"),
    "metered": QT_TRANSLATE_NOOP("facts", "Metered"),
    "region": QT_TRANSLATE_NOOP("facts", "Region of the call server"),
    "rung": QT_TRANSLATE_NOOP("facts", "Rung of the ladder (0: sound only)"),
    "width": QT_TRANSLATE_NOOP("facts", "Width, pixels"),
    "height": QT_TRANSLATE_NOOP("facts", "Height, pixels"),
    "fps": QT_TRANSLATE_NOOP("facts", "Pictures a second"),
    "bitrate_kbps": QT_TRANSLATE_NOOP("facts", "Picture, kbit/s"),
    "audio_only_offered": QT_TRANSLATE_NOOP("facts", "Sound only was offered"),
    "because": QT_TRANSLATE_NOOP("facts", "Because of"),
    "os": QT_TRANSLATE_NOOP("facts", "System"),
    "os_build": QT_TRANSLATE_NOOP("facts", "Version of the system"),
    "arch": QT_TRANSLATE_NOOP("facts", "Kind of processor"),
    "cpu": QT_TRANSLATE_NOOP("facts", "Processor"),
    "cpus": QT_TRANSLATE_NOOP("facts", "Processor cores"),
    "ram_mb": QT_TRANSLATE_NOOP("facts", "Memory, MB"),
    "power": QT_TRANSLATE_NOOP("facts", "Power"),
    "liftbay": QT_TRANSLATE_NOOP("facts", "Liftbay"),
    "livekit": QT_TRANSLATE_NOOP("facts", "LiveKit library"),
    "qt": QT_TRANSLATE_NOOP("facts", "Qt library"),
    "opencv": QT_TRANSLATE_NOOP("facts", "OpenCV library"),
    "python": QT_TRANSLATE_NOOP("facts", "Python"),
}
VALUES: Final[dict[str, object]] = {
    "uplink_unknown": QT_TRANSLATE_NOOP("facts", "upload not measured"),
    "peer_downlink": QT_TRANSLATE_NOOP("facts", "what the other side can receive"),
    "mains": QT_TRANSLATE_NOOP("facts", "mains"),
    "battery": QT_TRANSLATE_NOOP("facts", "battery"),
    "ethernet": QT_TRANSLATE_NOOP("facts", "cable"),
    "wifi": QT_TRANSLATE_NOOP("facts", "Wi-Fi"),
    "cellular": QT_TRANSLATE_NOOP("facts", "mobile network"),
    "loopback": QT_TRANSLATE_NOOP("facts", "this computer itself"),
    "unknown": QT_TRANSLATE_NOOP("facts", "unknown"),
    "granted": QT_TRANSLATE_NOOP("facts", "granted"),
    "denied": QT_TRANSLATE_NOOP("facts", "denied"),
    "restricted": QT_TRANSLATE_NOOP("facts", "restricted"),
    "undetermined": QT_TRANSLATE_NOOP("facts", "not asked yet"),
    "full": QT_TRANSLATE_NOOP("facts", "full"),
    "wide": QT_TRANSLATE_NOOP("facts", "wide"),
    "narrow": QT_TRANSLATE_NOOP("facts", "narrow"),
    "mono": QT_TRANSLATE_NOOP("facts", "one channel"),
    "stereo": QT_TRANSLATE_NOOP("facts", "two channels"),
    "left": QT_TRANSLATE_NOOP("facts", "left"),
    "right": QT_TRANSLATE_NOOP("facts", "right"),
    "exact": QT_TRANSLATE_NOOP("facts", "as expected"),
    "excellent": QT_TRANSLATE_NOOP("facts", "excellent"),
    "good": QT_TRANSLATE_NOOP("facts", "good"),
    "poor": QT_TRANSLATE_NOOP("facts", "poor"),
    "lost": QT_TRANSLATE_NOOP("facts", "lost"),
    "nominal": QT_TRANSLATE_NOOP("facts", "normal"),
    "fair": QT_TRANSLATE_NOOP("facts", "warm"),
    "serious": QT_TRANSLATE_NOOP("facts", "hot"),
    "critical": QT_TRANSLATE_NOOP("facts", "very hot"),
    "ready": QT_TRANSLATE_NOOP("facts", "ready"),
    "absent": QT_TRANSLATE_NOOP("facts", "absent"),
    "always": QT_TRANSLATE_NOOP("facts", "always"),
    "passive": QT_TRANSLATE_NOOP("facts", "the other side"),
    "active": QT_TRANSLATE_NOOP("facts", "this side"),
    "equal": QT_TRANSLATE_NOOP("facts", "two equal channels"),
    "redirect": QT_TRANSLATE_NOOP("facts", "led to another page"),
    "login_required": QT_TRANSLATE_NOOP("facts", "asked for a login"),
    "other_body": QT_TRANSLATE_NOOP("facts", "another page"),
    "checking": QT_TRANSLATE_NOOP("facts", "checking"),
    "fixing": QT_TRANSLATE_NOOP("facts", "fixing something"),
    "in_call": QT_TRANSLATE_NOOP("facts", "in the call"),
    "not_found": QT_TRANSLATE_NOOP("facts", "not found"),
    "busy": QT_TRANSLATE_NOOP("facts", "in use"),
    "refused": QT_TRANSLATE_NOOP("facts", "refused"),
    "no_data": QT_TRANSLATE_NOOP("facts", "sends nothing"),
    "unplugged": QT_TRANSLATE_NOOP("facts", "unplugged"),
    "stale": QT_TRANSLATE_NOOP("facts", "too old"),
    "environment": QT_TRANSLATE_NOOP("facts", "settings of the environment"),
}
STAGES: Final[dict[str, object]] = {
    "enumerate": QT_TRANSLATE_NOOP("facts", "Devices looked for"),
    "camera_open": QT_TRANSLATE_NOOP("facts", "Camera opens"),
    "camera_first_frame": QT_TRANSLATE_NOOP("facts", "First picture"),
    "mic_open": QT_TRANSLATE_NOOP("facts", "Microphone opens"),
    "mic_first_block": QT_TRANSLATE_NOOP("facts", "First sound"),
    "dns": QT_TRANSLATE_NOOP("facts", "Name looked up"),
    "tcp": QT_TRANSLATE_NOOP("facts", "Connection"),
    "tls": QT_TRANSLATE_NOOP("facts", "Encryption"),
    "http_first_byte": QT_TRANSLATE_NOOP("facts", "First answer"),
    "ws_open": QT_TRANSLATE_NOOP("facts", "Signalling opens"),
    "join_answer": QT_TRANSLATE_NOOP("facts", "Server lets in"),
    "sdk_connect": QT_TRANSLATE_NOOP("facts", "Call connects"),
    "published": QT_TRANSLATE_NOOP("facts", "Picture is sent"),
    "first_frame_back": QT_TRANSLATE_NOOP("facts", "Picture comes back"),
    "reconnect_signal": QT_TRANSLATE_NOOP("facts", "Signalling again"),
    "reconnect_full": QT_TRANSLATE_NOOP("facts", "All connected again"),
}
RULES: Final[dict[str, object]] = {
    "token": QT_TRANSLATE_NOOP("facts", "keys and passwords"),
    "email": QT_TRANSLATE_NOOP("facts", "e-mail addresses"),
    "home_path": QT_TRANSLATE_NOOP("facts", "folders with a name"),
    "serial": QT_TRANSLATE_NOOP("facts", "serial numbers"),
    "network_name": QT_TRANSLATE_NOOP("facts", "names of networks"),
    "address": QT_TRANSLATE_NOOP("facts", "network addresses"),
    "device_owner": QT_TRANSLATE_NOOP("facts", "names on devices"),
    "person_name": QT_TRANSLATE_NOOP("facts", "names of people"),
    "user_name": QT_TRANSLATE_NOOP("facts", "user names"),
    "host_name": QT_TRANSLATE_NOOP("facts", "names of computers"),
    "program_name": QT_TRANSLATE_NOOP("facts", "names of programs"),
    "content": QT_TRANSLATE_NOOP("facts", "pictures and other content"),
}


def fact_name(name: str) -> str:
    """Return what a fact is called."""
    return _said(FACTS, name)


def value_name(value: str) -> str:
    """Return a value that is a word of the program's own; anything else as it is."""
    return _said(VALUES, value)


def stage_name(name: str) -> str:
    """Return what a stage of the run is called."""
    return _said(STAGES, name)


def rule_name(rule: str) -> str:
    """Return what a rule of the redaction takes out."""
    return _said(RULES, rule)


def _said(words: dict[str, object], name: str) -> str:
    known = words.get(name)
    return name if known is None else QCoreApplication.translate(_CONTEXT, str(known))
