"""How many items must be checked to find what is falsified?"""
