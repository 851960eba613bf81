"""The fewest comparisons of parties that would have to turn for a package to be an equilibrium.

The inverse analysis of the graph model. Source: Kinsara, Kilgour & Hipel, "Inverse approach to the
graph model for conflict resolution", IEEE Transactions on Systems, Man, and Cybernetics: Systems 45
(2015); Kinsara, PhD thesis, University of Waterloo (2014).
"""
