"""Which package is acceptable to all in the largest share of codings?"""
