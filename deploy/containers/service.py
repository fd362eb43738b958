"""Serves the service that this image is of: `python -m deploy.containers.service`. No shell has to put its name in."""

import os
import runpy

if __name__ == "__main__":
    runpy.run_module(f"klaster_{os.environ['SERVICE']}", run_name="__main__")
