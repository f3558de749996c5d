"""Which words of a device's name are its model, and which may be its owner.

Pure. Phones, tablets and what is worn are called after people ("iPhone Kamera Anna Maier"), in
every language and without any form to be known by: of their names the words that are known to be
technical stay, all others go. Other devices are called by their makers, as far as a technical word
or nothing but words of makers tells.
"""

import re
from collections.abc import Callable


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OWNED = _words(
    """
    iphone ipad ipod airpods macbook imac watch phone smartphone handy telefon telefoon téléphone
    teléfono telefono tablet galaxy pixel oneplus xiaomi redmi huawei honor oppo realme motorola
    moto nothing android buds earbuds earpods freebuds pods beats powerbeats kopfhörer headphones
    headphone headset casque auriculares cuffie koptelefoon earphones hörgerät hands handsfree
    """
)
"""Kinds of devices that people give a name of their own."""
_TECHNICAL = _words(
    """
    camera kamera caméra cámara fotocamera cam webcam facetime continuity desk view front back rear
    ultra wide dual true depth infrared ir hd fhd uhd full integrated built in internal external
    usb hdmi displayport dp analog digital spdif optical line high definition
    microphone mikrofon micro micrófono microfono microfoon mic mikro array input output eingang
    ausgang entrée sortie source sink audio sound stereo mono speaker speakers lautsprecher
    haut parleur parleurs altavoz altavoces altoparlante luidspreker free ag hf a2dp hfp hsp
    bluetooth wireless le profile device gerät monitor of
    pro max mini plus air se gen generation lite note edge fold flip neo active live elite
    sport solo studio fit flex over ear on noise cancelling 1st 2nd 3rd 4th 5th
    apple samsung google sony bose sennheiser jbl jabra plantronics poly logitech logi anker
    soundcore philips panasonic akg marshall skullcandy microsoft surface lifecam razer steelseries
    corsair hyperx kingston creative epos avaya yealink cisco lenovo thinkpad dell hp asus acer
    realtek intel nvidia amd conexant evolve engage voyager blackwire quietcomfort momentum
    brio streamcam obs virtual fake made other usual new old default standard
    """
)
_PRODUCTS = _words(
    """
    elgato facecam yeti nano snowball insta360 link trust tyro trino exis gxt obsbot tiny emeet
    smartcam nexigo razer kiyo seiren quadcast solocast hyperx avermedia magewell blackmagic gopro
    dji osmo huddly hikvision ausdom depstech chicony sonix microdia quanta realsense fifine maono
    tonor tascam focusrite presonus beyerdynamic audiotechnica technica speedlink
    hama genius wave xlr dock capture iriun droidcam epoccam
    """
)
"""Makers and what they make, by words that nobody is called by."""
_ALSO_NAMES = _words(
    "shure rode røde neumann samson behringer steinberg lewitt scarlett clarett blue x"
)
"""Makers and models that people are called like: proof of nothing beside an unknown word."""
_MADE = frozenset({"demo pattern", "no loudspeaker", "vivid"})
"""Whole names of made devices: our own, and the kernel's test driver."""
_MODEL = re.compile(r"[A-Z]{0,3}-?\d{1,5}[A-Za-z]{0,2}\d{0,2}")
"""A short mixture with a digit: 15, SE2, C920, WH-1000XM4."""
_WORD = re.compile(r"\w+(?:-\d\w*)?")
_BLUETOOTH = re.compile(r"(?i)^bluez|bluetooth|bthhfenum|bthenum")


def without_owner(name: str, device_id: str, hashed: Callable[[str], str]) -> str:
    """Return the name with the words that may be a person's as one hash for each run of them.

    Args:
        device_id: says of some devices that they are on Bluetooth; may be empty.
        hashed: makes a hash that this machine alone can make.
    """
    if not _may_be_owned(name, device_id):
        return name
    parts: list[str] = []
    place, begin, end = 0, -1, -1
    for word in _WORD.finditer(name):
        if _is_technical(word[0]) or word[0].lower() in _PRODUCTS:
            if begin >= 0:
                parts += [name[place:begin], hashed(name[begin:end])]
                place, begin = end, -1
            continue
        begin, end = word.start() if begin < 0 else begin, word.end()
    if begin >= 0:
        parts += [name[place:begin], hashed(name[begin:end])]
        place = end
    return "".join([*parts, name[place:]])


def _may_be_owned(name: str, device_id: str) -> bool:
    words = [word.lower() for word in _WORD.findall(name)]
    if _BLUETOOTH.search(device_id) or not _OWNED.isdisjoint(words):
        return True
    if name.strip().lower() in _MADE or all(_is_of_makers(word) for word in _WORD.findall(name)):
        return False
    # No maker calls a device by nothing but words that no device has.
    return bool(words) and not any(_is_technical(word) for word in words)


def _is_technical(word: str) -> bool:
    known = word.lower()
    return known in _TECHNICAL or known in _OWNED or _MODEL.fullmatch(word) is not None


def _is_of_makers(word: str) -> bool:
    known = word.lower()
    return known in _PRODUCTS or known in _ALSO_NAMES or _is_technical(word)
