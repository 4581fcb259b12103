"""The whole country computed: a queue, workers here or on a cluster, results kept one by one.

A place is written whole or not at all; a run that was killed begins again where it stopped.
"""
