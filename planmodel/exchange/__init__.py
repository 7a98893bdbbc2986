"""Exports for other systems: the IAMC layout and SDMX."""
