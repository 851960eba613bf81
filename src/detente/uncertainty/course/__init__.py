"""How an agreement would fare over the years, if the hazards that the case states were right.

Many histories are followed, each one coding of the case through time; nothing occurs in them
that the case does not state. Their shares are statements about judgements, not about the future.
"""

from __future__ import annotations
