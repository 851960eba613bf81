"""The order whose weakest moment is strongest, on any network of steps."""
