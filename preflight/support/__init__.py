"""The support command: what is asked, what is measured, what is said, kept and sent."""
