"""The service as deploy/compose.yaml describes it, as plain processes: ``python -m tests.cluster``.

``parts`` starts and ends them, ``people`` are the two in one session, ``run`` tells its stages.
"""
