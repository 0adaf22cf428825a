"""Headstream: how the words of a sentence flow through a transformer into its answer."""

from __future__ import annotations

import os
import sys

COMMANDS = ("explain", "render", "models", "methods")


def main() -> int:
    """Open the window, or run one headless command. Returns the exit status."""
    # Before any import that could look at them: nothing here ever asks a network.
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TRANSFORMERS_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    arguments = sys.argv[1:]
    if arguments[:1] == ["render"]:
        from gui.render import main as render

        return render(arguments[1:])
    if arguments and (arguments[0] in COMMANDS or arguments[0].startswith("-")):
        from engine.cli import main as command

        return command(arguments)
    from gui.app import main as window

    return window(arguments)


if __name__ == "__main__":
    sys.exit(main())
