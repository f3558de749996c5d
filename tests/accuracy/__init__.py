"""How often the checks are right, on made pictures and sounds whose truth is known.

Limits were fixed on the generators in ``tuning_*``; what is reported here comes from other ones
(other pictures, another model of noise, other voices) with other seeds.
"""
