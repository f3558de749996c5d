"""One file per check; each asks one question and answers with measured values."""
