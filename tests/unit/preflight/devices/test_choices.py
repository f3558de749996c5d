"""What a person types for a device."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.devices.choices import (
    TONE_HZ,
    BadChoice,
    ByName,
    ByNumber,
    Choice,
    ChoiceFault,
    FirstReal,
    FromFile,
    Null,
    Pattern,
    Tone,
    Wanted,
    parse_choice,
    pick,
    read_choice,
)
from preflight.devices.frames import DeviceId, DeviceInfo, DeviceKind
from preflight.devices.tone_microphone import MAX_HZ, MIN_HZ

BUILT_IN = DeviceInfo(DeviceId("/dev/video0"), "Integrated Camera", DeviceKind.REAL)
USB = DeviceInfo(DeviceId("/dev/video2"), "HD Webcam C920", DeviceKind.REAL)


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        (None, FirstReal()),
        ("  ", FirstReal()),
        ("0", ByNumber(0)),
        ("12", ByNumber(12)),
        ("C920", ByName("C920")),
        ("/dev/video2", ByName("/dev/video2")),
        ("alsa_input.pci-0000:00", ByName("alsa_input.pci-0000:00")),
        ("pattern", Pattern()),
        ("null", Null()),
        ("tone", Tone(440.0)),
        ("tone:600", Tone(600.0)),
        ("file:a b.mp4", FromFile(Path("a b.mp4"))),
        ("file:C:/clip.mp4", FromFile(Path("C:/clip.mp4"))),
    ],
)
def test_a_choice_is_read(text: str | None, choice: Choice) -> None:
    assert parse_choice(text) == choice


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("file:", ChoiceFault.UNREADABLE),
        ("tone:", ChoiceFault.UNREADABLE),
        ("tone:high", ChoiceFault.UNREADABLE),
        ("²", ChoiceFault.UNREADABLE),
        ("٣", ChoiceFault.UNREADABLE),
        ("9" * 5000, ChoiceFault.UNREADABLE),
        ("tone:nan", ChoiceFault.PITCH),
        ("tone:inf", ChoiceFault.PITCH),
        ("tone:-inf", ChoiceFault.PITCH),
        ("tone:49.9", ChoiceFault.PITCH),
        ("tone:8001", ChoiceFault.PITCH),
    ],
)
def test_what_is_no_choice_is_refused_with_its_code(text: str, fault: ChoiceFault) -> None:
    with pytest.raises(BadChoice) as caught:
        parse_choice(text)

    assert caught.value.fault is fault


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("tone:440", Wanted.CAMERA),
        ("null", Wanted.CAMERA),
        ("pattern", Wanted.MICROPHONE),
        ("null", Wanted.MICROPHONE),
        ("pattern", Wanted.SPEAKER),
        ("tone:440", Wanted.SPEAKER),
        ("file:clip.mp4", Wanted.SPEAKER),
    ],
)
def test_a_choice_for_another_kind_of_device_is_refused(text: str, wanted: Wanted) -> None:
    with pytest.raises(BadChoice) as caught:
        read_choice(text, wanted)

    assert caught.value.fault is ChoiceFault.UNFIT
    assert f"{text!r} is no {wanted.value}: use 0" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "wanted", "choice"),
    [
        ("pattern", Wanted.CAMERA, Pattern()),
        ("tone:50", Wanted.MICROPHONE, Tone(50.0)),
        ("tone:8000", Wanted.MICROPHONE, Tone(8_000.0)),
        ("null", Wanted.SPEAKER, Null()),
        (None, Wanted.SPEAKER, FirstReal()),
    ],
)
def test_a_choice_that_fits_is_read(text: str | None, wanted: Wanted, choice: Choice) -> None:
    assert read_choice(text, wanted) == choice


def test_every_pitch_that_is_taken_can_be_made_and_no_other() -> None:
    """A choice that was taken and cannot be made told people to plug in a headset."""
    assert TONE_HZ == (MIN_HZ, MAX_HZ)


@given(st.text(alphabet=st.characters(exclude_characters=":"), max_size=20))
def test_any_text_without_a_colon_is_some_choice_unless_it_is_digits_and_no_number(
    text: str,
) -> None:
    typed = text.strip()
    if typed.isdigit() and not (typed.isascii() and len(typed) <= 9):
        with pytest.raises(BadChoice):
            parse_choice(text)
        return

    choice = parse_choice(text)

    match choice:
        case ByName(part):
            assert part == text.strip()
        case ByNumber(number):
            assert str(number) == text.strip().lstrip("0") or number == 0
        case FirstReal():
            assert text.strip() == ""
        case Pattern() | Null() | Tone():
            assert text.strip() in ("pattern", "null", "tone")
        case FromFile():
            pytest.fail(f"{text!r} names no file")


@pytest.mark.parametrize(
    ("text", "device"),
    [
        (None, BUILT_IN),
        ("0", BUILT_IN),
        ("1", USB),
        ("2", None),
        ("c920", USB),
        ("camera", BUILT_IN),
        ("/dev/video2", USB),
        ("phone", None),
    ],
)
def test_the_device_that_is_meant_is_picked(text: str | None, device: DeviceInfo | None) -> None:
    choice = parse_choice(text)
    assert isinstance(choice, FirstReal | ByNumber | ByName)

    assert pick(choice, (BUILT_IN, USB)) == device


def test_an_exact_name_wins_over_a_part_of_another() -> None:
    longer = DeviceInfo(DeviceId("a"), "Headset microphone 2", DeviceKind.REAL)
    exact = DeviceInfo(DeviceId("b"), "Headset microphone", DeviceKind.REAL)

    assert pick(ByName("Headset microphone"), (longer, exact)) == exact
