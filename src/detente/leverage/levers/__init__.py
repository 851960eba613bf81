"""What a mediator can move, one module each: every lever proposes, and proves nothing itself."""
