"""The unit of chance: how many draws share one stream of random numbers."""

from __future__ import annotations

BATCH = 1024
"""Draws in a batch. Batch ``i`` has the random numbers of child ``i`` of the seed, so that no
result depends on how many batches are worked on at once, where or in which order."""
