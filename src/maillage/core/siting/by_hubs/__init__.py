"""Large plans, one set of structuring sites at a time: their bounds, then one small model.

method  docs/method/siting.md
"""
