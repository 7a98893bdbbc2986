"""Plans as workbooks: written to be filled in, and read back with the checks of the CSV files; tables as workbooks."""
