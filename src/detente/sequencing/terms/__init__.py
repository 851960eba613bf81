"""What a party gains by going on and by leaving, as the search needs it."""
