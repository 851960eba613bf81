"""What could break an agreement: ``stress``."""
