"""When silence of the other side becomes news."""

from desktop.media.media_watch import MediaWatch, Resumed, Stalled


def test_media_that_flows_is_no_news() -> None:
    watch = MediaWatch()
    watch.watch("camera", 0.0)
    for tick in range(10):
        watch.came("camera", tick * 0.5)
        assert watch.look(tick * 0.5) is None


def test_a_stall_is_told_at_two_and_five_seconds_and_then_each_second() -> None:
    watch = MediaWatch()
    watch.watch("camera", 0.0)

    told = [(tick / 2, watch.look(tick / 2)) for tick in range(17)]

    assert [at for at, news in told if isinstance(news, Stalled)] == [2.0, 5.0, 6.0, 7.0, 8.0]
    assert told[4][1] == Stalled(2000.0)


def test_only_fresh_media_ends_a_stall() -> None:
    watch = MediaWatch()
    watch.watch("camera", 0.0)
    watch.look(3.0)
    watch.forget_all()
    nothing_watched = watch.look(3.5)
    watch.watch("camera again", 4.0)
    just_subscribed = watch.look(4.1)
    watch.came("camera again", 4.5)

    assert nothing_watched is None
    assert not isinstance(just_subscribed, Resumed)
    assert watch.look(4.6) == Resumed()
    assert watch.look(4.7) is None
    assert not watch.is_stalled


def test_one_silent_track_is_enough() -> None:
    watch = MediaWatch()
    watch.watch("camera", 0.0)
    watch.watch("microphone", 0.0)
    watch.came("microphone", 2.4)

    assert watch.look(2.5) == Stalled(2500.0)


def test_a_muted_track_owes_nothing() -> None:
    watch = MediaWatch()
    watch.watch("camera", 0.0)
    watch.forget("camera")
    watch.came("camera", 1.0)

    assert watch.look(60.0) is None
