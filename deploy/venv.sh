#!/bin/sh
# Makes the virtual environment with the newest Python from 3.11 on that this machine has.
set -eu
for python in python3.13 python3.12 python3.11 python3; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        "$python" -m venv --clear "$1" || {
            echo "$python cannot make a virtual environment: install its venv package (Debian: apt install $python-venv)" >&2
            exit 1
        }
        exit 0
    fi
done
echo 'klaster needs Python 3.11 or newer, and none is on PATH: install python3.11, python3.12 or python3.13' >&2
exit 1
