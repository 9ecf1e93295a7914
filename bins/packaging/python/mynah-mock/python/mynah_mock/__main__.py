"""python -m mynah_mock: runs the program with the same arguments."""

import os
import subprocess
import sys

from . import find_bin


def main() -> None:
    command = [find_bin(), *sys.argv[1:]]
    if os.name == "nt":
        sys.exit(subprocess.run(command).returncode)
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
