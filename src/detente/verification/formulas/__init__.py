"""The formulas of self-enforcement on plain numbers and arrays: stakes and margins."""
