"""One package under the glass: verdicts, single changes, improvements, trades, shares."""
