"""`python -m dateline.cli`: the command where no script is on the path; the supervisor's way."""

import sys

from dateline.cli import main

sys.exit(main())
