"""What a person writes: the case file, read with located errors."""

from detente.case.errors import CaseError, Place, Problem
from detente.case.loading import bundled_cases, load
from detente.case.schema import Case

__all__ = ["Case", "CaseError", "Place", "Problem", "bundled_cases", "load"]
