"""Options and fixtures of the whole suite."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_OFFLINE"] = "1"

COMPACT = Path(__file__).parent / "parity"
MEASURED = pytest.StashKey[dict[str, float]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--parity",
        type=Path,
        default=COMPACT,
        metavar="DIR",
        help="folder of reference numbers, laid out like tests/parity; default: that compact copy",
    )
    parser.addoption("--approve", action="store_true", help="keep the pictures of tests/golden as they are painted now")


@pytest.fixture(scope="session")
def parity(request: pytest.FixtureRequest) -> Path:
    """The folder of reference numbers the parity tests read."""
    folder: Path = request.config.getoption("--parity")
    return folder


@pytest.fixture
def measured(request: pytest.FixtureRequest) -> Callable[[str, float], None]:
    """Note a difference under a name; the worst of every name is listed after a verbose run."""
    worst = request.config.stash.setdefault(MEASURED, {})

    def note(name: str, value: float) -> None:
        worst[name] = max(value, worst.get(name, 0.0))

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.get_verbosity() > 0:
        for name, value in sorted(config.stash.get(MEASURED, {}).items()):
            terminalreporter.write_line(f"largest difference  {value:.1e}  {name}")


@pytest.fixture
def one_thread() -> Iterator[None]:
    """torch on one thread: tiny models on busy cores wait for one another otherwise."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
