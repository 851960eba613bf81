"""What decides between codings: simple conditions of failure, and shares of the variance."""
