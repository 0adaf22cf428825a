"""Memory as forecast before a run, beside what a fresh process needs for it above the model alone.

The longest takes minutes: every word of 512 followed through BERT-base.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from engine import registry
from engine.forecast import Size, forecast
from engine.registry import split_setting
from engine.session import Session

MEASURE = Path(__file__).resolve().parent / "memory.py"
# A random model has no tokenizer and so no mask token.
SETTINGS = {"occlusion": ("replace=delete",)}
SHORT = (
    "attention",
    "globenc",
    "alti",
    "value_zeroing",
    "occlusion",
    "gradient",
    "integrated_gradients",
    "generic_attention",
    "beyond_intuition_token",
    "partial_lrp",
    "transformer_lrp",
)
ASKED = (
    *((method, SETTINGS.get(method, ()), 128) for method in SHORT),
    *(("decompx", settings, tokens) for tokens in (128, 512) for settings in (("bias=token",), ())),
)


def measured(model: str, method: str, settings: tuple[str, ...], tokens: int) -> float:
    """Peak resident size of one run, in MB."""
    more = [word for setting in settings for word in ("--set", setting)]
    done = subprocess.run(
        [sys.executable, str(MEASURE), model, method, str(tokens), *more],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(done.stdout)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("methods", nargs="*", help="only these")
    parser.add_argument("--longest", type=int, default=512, help="only texts up to this many tokens")
    given = parser.parse_args()
    info = Session("float32", "cpu").open(given.model)
    alone: dict[int, float] = {}
    print("| method | tokens | forecast MB | measured MB | forecast / measured |\n|---|---|---|---|---|")
    for name, settings, tokens in ASKED:
        if tokens > given.longest or (given.methods and name not in given.methods):
            continue
        if tokens not in alone:
            alone[tokens] = measured(given.model, "plain", (), tokens)
        method = registry.find(name)
        parameters = method.parse(tuple(split_setting(setting) for setting in settings))
        told = forecast(method, parameters, Size.of(info, tokens, len(info.labels)), "float32").bytes / 1e6
        found = measured(given.model, name, settings, tokens) - alone[tokens]
        label = " ".join((name, *settings))
        print(f"| {label} | {tokens} | {told:.0f} | {found:.0f} | {told / found:.2f} |", flush=True)


if __name__ == "__main__":
    main()
