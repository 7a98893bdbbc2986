"""Formulas: numbers and arrays in, numbers and arrays out; nothing of files, plots or pandas."""
