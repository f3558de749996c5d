"""The car in question, as the customer described it."""

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QWidget

from client_api.wire import Vehicle
from desktop.views.phrases import vehicle as vehicle_title
from desktop.views.widgets.card import GAP_M, plain, scroller, vbox
from desktop.views.widgets.text import Text, TextRole


class VehicleView(QWidget):
    """Shows a vehicle and the concern; it never changes during a call."""

    def __init__(self, car: Vehicle, concern: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("vehicle_panel")
        self.setProperty("role", "plain")
        content = plain()
        column = vbox(gap=GAP_M, margins=(18, 16, 18, 16))
        column.addWidget(Text(vehicle_title(car), TextRole.SECTION, wrap=True))
        odometer = QLocale().toString(car.odometer_km) if car.odometer_km is not None else ""
        rows = (
            (self.tr("Concern"), concern),
            (self.tr("VIN"), car.vin or ""),
            (self.tr("Plate"), car.plate or ""),
            (self.tr("Odometer"), self.tr("{km} km").format(km=odometer) if odometer else ""),
        )
        for name, value in rows:
            if value:
                pair = vbox(gap=2)
                pair.addWidget(Text(name, TextRole.DIM))
                pair.addWidget(Text(value, wrap=True))
                column.addLayout(pair)
        column.addStretch(1)
        content.setLayout(column)
        outer = vbox(gap=0)
        outer.addWidget(scroller(content, name="vehicle_scroll"))
        self.setLayout(outer)
