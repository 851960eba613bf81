"""What measures of verification see, and which to choose."""
