"""The typed client of the Liftbay service. Pure: no Qt, LiveKit, OpenCV or sound library."""
