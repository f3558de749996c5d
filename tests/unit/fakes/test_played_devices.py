"""The fake devices keep the ports' promises."""

from preflight.devices.frames import AudioBlock, CameraFrame
from preflight.devices.ports import (
    CameraSource,
    DeviceCatalogue,
    MicrophoneSource,
    OpenFault,
    SourceState,
    SpeakerSink,
)
from tests.fakes.played_devices import (
    BlockMaker,
    FakeCamera,
    FakeCatalogue,
    FakeMicrophone,
    FakeSpeaker,
    FrameMaker,
)


def test_the_fakes_fit_their_ports() -> None:
    camera: CameraSource = FakeCamera()
    microphone: MicrophoneSource = FakeMicrophone()
    speaker: SpeakerSink = FakeSpeaker()
    catalogue: DeviceCatalogue = FakeCatalogue(FakeCamera())

    assert camera.mode is None
    assert microphone.channels == 1
    assert speaker.latency_ms > 0
    assert len(catalogue.cameras()) == 1


def test_a_delivered_frame_reaches_the_taps_that_are_on() -> None:
    camera = FakeCamera()
    seen: list[CameraFrame] = []
    detach = camera.attach(seen.append)
    frames = FrameMaker()
    camera.open()

    camera.deliver(first := frames.frame())
    detach()
    camera.deliver(frames.frame())

    assert seen == [first]
    assert camera.status.state is SourceState.RUNNING
    assert camera.status.first_ms is not None


def test_a_lost_device_says_so() -> None:
    microphone = FakeMicrophone()
    blocks: list[AudioBlock] = []
    microphone.attach(blocks.append)
    microphone.open()
    microphone.deliver(BlockMaker().block())

    microphone.lose()

    assert microphone.status.state is SourceState.LOST
    assert microphone.status.fault is OpenFault.UNPLUGGED
    assert len(blocks) == 1


def test_a_speaker_handed_over_plays_from_the_new_owner() -> None:
    speaker = FakeSpeaker()
    block = BlockMaker().block()
    speaker.open(lambda: None)
    speaker.play()

    speaker.open(lambda: block)
    speaker.play()

    assert speaker.played == [None, block]
    assert speaker.opens == 1
