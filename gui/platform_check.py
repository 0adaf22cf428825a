"""Whether a window can be opened here at all.

Qt ends the whole process when its platform plugin fails to load, so the question is asked before Qt is.
"""

from __future__ import annotations

import ctypes
import importlib
import sys
from collections.abc import Mapping
from pathlib import Path

PACKAGES = (
    "libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4 "
    "libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0"
)


def window_problem(environment: Mapping[str, str], platform: str = sys.platform) -> str | None:
    """One line saying why no window can be opened and what to do, or None where one can."""
    try:
        core = importlib.import_module("PySide6.QtCore")
        importlib.import_module("PySide6.QtWidgets")
    except ImportError as error:
        return _missing(str(error))
    if not platform.startswith("linux"):
        return None
    chosen = environment.get("QT_QPA_PLATFORM", "")
    if not chosen and not environment.get("DISPLAY") and not environment.get("WAYLAND_DISPLAY"):
        return (
            "Headstream found no screen. Start it from a desktop session, "
            "or set QT_QPA_PLATFORM=offscreen to run it without one."
        )
    if chosen.startswith("xcb") or (not chosen and not environment.get("WAYLAND_DISPLAY")):
        plugins = core.QLibraryInfo.path(core.QLibraryInfo.LibraryPath.PluginsPath)
        return _x11_problem(Path(plugins) / "platforms" / "libqxcb.so", environment.get("DISPLAY", ""))
    return None


def _missing(what: str) -> str:
    name = what.split(":", maxsplit=1)[0]
    return (
        f"Headstream needs system libraries that are missing here ({name}). "
        f"On Debian or Ubuntu: sudo apt install {PACKAGES}"
    )


def _x11_problem(plugin: Path, display: str) -> str | None:
    """Load what Qt is about to load, and knock at the display it is about to use."""
    try:
        ctypes.CDLL(str(plugin))
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError as error:
        return _missing(str(error))
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(display.encode(), None))
    refused = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    if refused:
        return f"Headstream cannot reach the screen “{display}” that DISPLAY names. Start it from a desktop session."
    return None
