"""What a record of inspections says about compliance."""
