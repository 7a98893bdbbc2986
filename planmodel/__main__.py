"""`python -m planmodel` is the command line."""

import sys

from planmodel.commands.cli import main

if __name__ == "__main__":
    sys.exit(main())
