"""Runs that are cancelled at a chosen moment."""

from __future__ import annotations

from typing import Any

import pytest

from engine.context import RunContext
from engine.contract import Request
from engine.errors import Cancelled
from tests.engine.models import Tiny, folder, fresh_session, opened, unchanged


class CancelledAt(RunContext):
    """Cancels itself when it is asked for the ``moment``-th time; ``asked`` counts how often it was."""

    def __init__(self, moment: int | None = None) -> None:
        super().__init__()
        self.asked = 0
        self._moment = moment

    def raise_if_cancelled(self) -> None:
        """Count, and cancel at the moment."""
        self.asked += 1
        if self.asked == self._moment:
            self.cancel()
        super().raise_if_cancelled()


def stops_everywhere(model: Tiny | str, method: str, **request: Any) -> int:
    """Cancel a run at every moment it asks, and assert that it stops there and leaves nothing behind.

    Returns how many moments there are.
    """
    asked = Request(0, str(folder(model)), method, components=False, **request)
    whole = CancelledAt()
    fresh_session(model).run(asked, whole)
    for moment in range(1, whole.asked + 1):
        context = CancelledAt(moment)
        with unchanged(opened(model).model), pytest.raises(Cancelled):
            fresh_session(model).run(asked, context)
        assert context.asked == moment
    return whole.asked
