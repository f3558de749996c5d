"""The shapes of answers, one module a subject; never used to make an answer, only to say it."""
