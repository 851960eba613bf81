"""What the engines compute on: outcome space, rules, values; arrays and no files."""
