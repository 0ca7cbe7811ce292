"""``python -m ganbook.cli``."""

import sys

from ganbook.cli import main

sys.exit(main())
