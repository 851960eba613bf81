"""Side payments: who would have to give whom how much, in money or in anything else that counts."""
