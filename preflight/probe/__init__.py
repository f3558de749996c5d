"""The probe process: what measures the network apart from the window, and may be killed."""
