"""The bounded queue between audio threads."""

import threading

import pytest

from preflight.devices.audio_fifo import AudioFifo
from preflight.devices.frames import AudioBlock
from tests.fakes.played_devices import BlockMaker


def test_blocks_come_out_in_order() -> None:
    fifo, maker = AudioFifo(100), BlockMaker()
    blocks = [maker.block() for _ in range(3)]
    for block in blocks:
        fifo.push(block)

    level_ms = fifo.level_ms
    taken = [fifo.pop() for _ in range(3)]

    assert level_ms == 30
    assert taken == blocks
    assert fifo.level_ms == 0


def test_a_full_fifo_drops_the_oldest_and_counts_it() -> None:
    fifo, maker = AudioFifo(30), BlockMaker()
    blocks = [maker.block() for _ in range(5)]
    for block in blocks:
        fifo.push(block)

    assert fifo.overruns == 2
    assert fifo.level_ms == 30
    assert fifo.pop() is blocks[2]


def test_an_empty_fifo_gives_none_and_counts_it() -> None:
    fifo = AudioFifo(30)

    assert fifo.pop() is None
    assert fifo.underruns == 1


def test_a_waiting_reader_is_woken_by_a_block() -> None:
    fifo, block = AudioFifo(30), BlockMaker().block()
    taken: list[AudioBlock | None] = []
    reader = threading.Thread(target=lambda: taken.append(fifo.pop(5.0)))
    reader.start()

    fifo.push(block)
    reader.join(5.0)

    assert taken == [block]


def test_a_fifo_below_one_block_is_refused() -> None:
    with pytest.raises(ValueError, match="holds no block"):
        AudioFifo(9)
