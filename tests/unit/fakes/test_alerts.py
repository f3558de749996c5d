"""The fake of the alerts keeps what it is told, in order."""

from desktop.viewmodels.dashboard_alerts import Alert, AlertKind
from tests.fakes.alerts import FakeAlerts
from tests.fakes.wire_samples import sample_session


def test_alerts_are_kept_in_order() -> None:
    alerts = FakeAlerts()
    vehicle = sample_session().vehicle

    alerts.announce(Alert(AlertKind.MECHANIC_FOUND, vehicle, "Dana"))
    alerts.announce(Alert(AlertKind.OTHER_SIDE_READY, vehicle, "Dana"))

    assert alerts.kinds == [AlertKind.MECHANIC_FOUND, AlertKind.OTHER_SIDE_READY]
