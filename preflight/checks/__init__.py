"""The checks, a folder for each group: ``group.py`` lists them, ``bench.py`` holds what they share,
and each of the other files asks one question and answers with measured values."""
