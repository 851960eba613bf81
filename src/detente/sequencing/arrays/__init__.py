"""Pure functions on explicit arrays over sets of measures."""
