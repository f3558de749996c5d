"""Every page drawn from static page states, looked at by assertions and by people."""
