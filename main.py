"""Headstream: how the words of a sentence flow through a transformer into its answer."""

from __future__ import annotations

import os
import sys
from multiprocessing import freeze_support


def main() -> int:
    """Open the window, perhaps with a file in it, or run one headless command. Returns the exit status."""
    freeze_support()  # frozen into one file, this program is started anew to draw figures beside another
    # Before any import that could look at them: nothing here ever asks a network.
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TRANSFORMERS_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    if sys.platform == "win32":
        import torch  # noqa: F401 - Windows finds torch's libraries only where Qt's are not loaded yet
    arguments = sys.argv[1:]
    from gui.headless import draw, drawing_problem

    if problem := drawing_problem(arguments):
        sys.stderr.write(problem + "\n")
        return 2
    if arguments[:1] == ["render"]:
        from gui.render import main as render

        return render(arguments[1:])
    from gui.app import main as window
    from gui.app import names_a_thing

    if arguments and not names_a_thing(arguments):
        from engine.cli import main as command

        return command(arguments, draw)
    return window(*arguments)


if __name__ == "__main__":
    sys.exit(main())
