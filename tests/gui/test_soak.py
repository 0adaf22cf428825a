"""The short form of ``tests/bench/soak.py``: somebody does sixty things at random with the real program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

# Memory needs a longer warm-up than this: torch's and Qt's libraries are read page by page as they are used.
SHORT = ("--patience", "0.5", "--reopen-every", "30", "--growth", "300")
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.timeout(240)  # seconds; on a quiet machine it takes twenty
def test_sixty_random_acts_leave_nothing_but_messages(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    command = ["tests/bench/soak.py", "--seed", "5", "--actions", "60", *SHORT, "--journal", str(journal)]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    told = f"{done.stdout}\n{done.stderr}\n{journal.read_text(encoding='utf-8')[-3000:]}"
    assert done.returncode == 0, told
    assert "60 acts, seed 5" in done.stdout
