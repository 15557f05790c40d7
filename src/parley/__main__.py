"""Starts the command line when Parley is run as ``python -m parley``."""

import sys

from parley.cli import main

sys.exit(main())
