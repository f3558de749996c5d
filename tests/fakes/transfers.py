"""A transfer provider that answers as its script says and keeps what it really moved."""

from dataclasses import dataclass, field

from liftbay_backend.domain.ids import SessionId
from liftbay_backend.durable.transfers import Moved, Refusal, Reversal, Transfer, TransferRefused


@dataclass
class ScriptedTransfers:
    """Keeps the promises of `TransferProvider`.

    Script words: ``ok``, ``no_account`` and ``declined`` (refused), ``down`` (not moved, no
    answer), ``lost`` (moved, but the answer never arrived). Then ``ok``.

    Attributes:
        asked: the keys of transfers and reversals that were asked for, repeats included.
    """

    script: list[str] = field(default_factory=list)
    moved: dict[str, Transfer] = field(default_factory=dict)
    reversed: dict[str, Reversal] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def sent(self, group: SessionId) -> tuple[Moved, ...]:
        """List the transfers of a group."""
        return tuple(
            Moved(f"tr-{key}", one.amount_cents)
            for key, one in self.moved.items()
            if one.group == group
        )

    async def send(self, transfer: Transfer) -> Moved:
        """Move money, or not."""
        word = self._next(transfer.key)
        self.moved.setdefault(transfer.key, transfer)
        if word == "lost":
            raise TimeoutError
        return Moved(f"tr-{transfer.key}", self.moved[transfer.key].amount_cents)

    async def reverse(self, reversal: Reversal) -> Moved:
        """Take money back, or not."""
        word = self._next(reversal.key)
        self.reversed.setdefault(reversal.key, reversal)
        if word == "lost":
            raise TimeoutError
        return Moved(f"trr-{reversal.key}", self.reversed[reversal.key].amount_cents)

    def _next(self, key: str) -> str:
        self.asked.append(key)
        word = self.script.pop(0) if self.script else "ok"
        if word in (Refusal.NO_ACCOUNT, Refusal.DECLINED):
            raise TransferRefused(Refusal(word))
        if word == "down":
            raise TimeoutError
        return word
