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
    sent: dict[str, Transfer] = field(default_factory=dict)
    reversed: dict[str, Reversal] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def moved(self, group: SessionId) -> tuple[Moved, ...]:
        """List the transfers of a group and what was taken back of them."""
        sent = {f"tr-{key}": one for key, one in self.sent.items() if one.group == group}
        back = {f"trr-{key}": one for key, one in self.reversed.items() if one.transfer_ref in sent}
        left = {
            name: one.amount_cents
            - sum(each.amount_cents for each in back.values() if each.transfer_ref == name)
            for name, one in sent.items()
        }
        return (
            *(Moved(name, one.amount_cents, left[name]) for name, one in sent.items()),
            *(Moved(name, -one.amount_cents) for name, one in back.items()),
        )

    async def send(self, transfer: Transfer) -> Moved:
        """Move money, or not."""
        word = self._next(transfer.key)
        self.sent.setdefault(transfer.key, transfer)
        if word == "lost":
            raise TimeoutError
        return Moved(f"tr-{transfer.key}", self.sent[transfer.key].amount_cents)

    async def reverse(self, reversal: Reversal) -> Moved:
        """Take money back, or not."""
        word = self._next(reversal.key)
        self.reversed.setdefault(reversal.key, reversal)
        if word == "lost":
            raise TimeoutError
        return Moved(f"trr-{reversal.key}", -self.reversed[reversal.key].amount_cents)

    def _next(self, key: str) -> str:
        self.asked.append(key)
        word = self.script.pop(0) if self.script else "ok"
        if word in (Refusal.NO_ACCOUNT, Refusal.DECLINED):
            raise TransferRefused(Refusal(word))
        if word == "down":
            raise TimeoutError
        return word
