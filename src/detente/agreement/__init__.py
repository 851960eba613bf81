"""What must each side have, and what could everyone sign?"""

from __future__ import annotations

from detente.agreement.agree import agree
from detente.agreement.answer import AgreeResult
from detente.agreement.concerns import ConcernsResult, concerns
from detente.agreement.engines.choosing import Limits
from detente.agreement.engines.front import TooLarge
from detente.agreement.pareto import efficient
from detente.agreement.solutions import (
    SOLUTIONS,
    egalitarian,
    equal_loss,
    kalai_smorodinsky,
    nash,
    utilitarian,
)

__all__ = [
    "SOLUTIONS",
    "AgreeResult",
    "ConcernsResult",
    "Limits",
    "TooLarge",
    "agree",
    "concerns",
    "efficient",
    "egalitarian",
    "equal_loss",
    "kalai_smorodinsky",
    "nash",
    "utilitarian",
]
