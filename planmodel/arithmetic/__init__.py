"""Formulas: numbers and arrays in, numbers and arrays out; nothing of files, plots or pandas.

To read: growth (rates, the intervals that printed figures allow), paths (from a base to a target), periods, streams (draws by
seed and key), apportion (parts that add up), tracking (methods in use), accounting (what growth is made of).
"""
