"""The signal wakes exactly those who wait for its topic, and forgets nobody."""

from liftbay_backend.wakeup import Wakeup


def test_a_wake_reaches_every_waiter_of_its_topic_and_no_other() -> None:
    wakeup = Wakeup()

    with wakeup.waiter("a") as first, wakeup.waiter("a") as second, wakeup.waiter("b") as other:
        wakeup.wake(["a"])

        assert (first.is_set(), second.is_set(), other.is_set()) == (True, True, False)


def test_a_wake_before_the_wait_is_not_lost() -> None:
    wakeup = Wakeup()

    with wakeup.waiter("a") as signal:
        signal.clear()
        wakeup.wake(["a"])

        assert signal.is_set()


def test_a_waiter_that_left_is_not_kept() -> None:
    wakeup = Wakeup()
    with wakeup.waiter("a") as signal:
        pass

    wakeup.wake(["a"])
    wakeup.wake_all()

    assert not signal.is_set()
