"""Explanations with a method's defaults or, where a model does not allow them, with what the refusal says to set."""

from __future__ import annotations

from typing import Any

from engine.contract import Explanation
from engine.errors import MethodError
from engine.registry import split_setting
from tests.engine.models import Tiny, explain

Parameters = tuple[tuple[str, str], ...]


def explain_allowed(
    model: Tiny | str, method: str, dtype: str = "float64", parameters: Parameters = (), **request: Any
) -> Explanation:
    """The explanation; its request tells the parameters used. A refusal must end in a setting that is allowed."""
    try:
        return explain(model, method, dtype, parameters=parameters, **request)
    except MethodError as refused:
        setting = split_setting(refused.hint.removeprefix("Set ").removesuffix("."))
        assert setting not in parameters
        kept = tuple(pair for pair in parameters if pair[0] != setting[0])
        return explain_allowed(model, method, dtype, (setting, *kept), **request)
