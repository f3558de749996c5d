"""Alerts that only remember what was announced."""

from __future__ import annotations

from desktop.viewmodels.dashboard_alerts import Alert, AlertKind


class FakeAlerts:
    """Implements `Alerts`."""

    def __init__(self) -> None:
        self.announced: list[Alert] = []

    def announce(self, alert: Alert) -> None:
        self.announced.append(alert)

    @property
    def kinds(self) -> list[AlertKind]:
        """What was announced, oldest first."""
        return [alert.kind for alert in self.announced]
