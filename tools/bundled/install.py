"""Installs detente from this folder without a network: ``python3 install.py [FOLDER]``.

Only the door: it is written so that Pythons too old for the rest can read it and say so.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "detente needs Python 3.11 or newer, and this is Python " + sys.version.split()[0] + ".\n"
        "README.txt says for which versions this folder has the parts. If the computer has one\n"
        "of them, name it: python3.11 install.py (on Windows: py -3.11 install.py)."
    )

sys.dont_write_bytecode = True  # the folder may be read-only, and is left as it was
from set_up import main  # noqa: E402

main()
