"""Single solutions by integer programming, where the frontier is too large to list."""
