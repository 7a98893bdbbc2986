"""The commands of the command line: one module a group, each with add(commands) and the functions that run them."""
