"""The card of the masked-word model: the template filled with figures measured on the folder as written."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

import torch
from gap_text import RunningText
from minimal_pairs import by_paradigm, hidden_words, judge_pairs, judge_probes, read_pairs
from tokenizers import Tokenizer
from transformers import AutoModelForMaskedLM

CARD = Path(__file__).with_name("gap_card.md")


def pair_table(found: Mapping[str, tuple[float, int, float]]) -> str:
    """The paradigms as lines of a table."""
    return "\n".join(
        f"| {name.replace('_', ' ')} | {right:.3f} | {f'{single:.3f} of {count}' if count else 'none'} |"
        for name, (right, count, single) in found.items()
    )


def probe_table(found: list[tuple[str, str, str, float, int, int]]) -> str:
    """Our own sentences as lines of a table."""
    return "\n".join(
        f"| {text} | {good} ({first}) | {bad} ({second}) | {margin:+.1f} |"
        for text, good, bad, margin, first, second in found
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """The running text of a training run: what was held out, and how much was read how often."""

    held: RunningText
    tokens: int
    turns: float


def write_card(out: Path, pairs: Path, tokenizer: Tokenizer, reading: Reading, settings: Mapping[str, object]) -> None:
    """Measure the written folder in float32 and fill the card."""
    model = AutoModelForMaskedLM.from_pretrained(out, dtype=torch.float32, local_files_only=True).eval()
    paradigms = by_paradigm(judge_pairs(model, tokenizer, read_pairs(pairs)))
    top1, loss, asked = hidden_words(model, reading.held, int(str(settings["seed"])))
    probes = judge_probes(model, tokenizer)
    filled = {
        "pairs": pair_table(paradigms),
        "probes": probe_table(probes),
        "probes_right": f"{sum(margin > 0 for _, _, _, margin, _, _ in probes)} of {len(probes)}",
        "pair_mean": f"{sum(right for right, _, _ in paradigms.values()) / len(paradigms):.3f}",
        "top1": f"{top1:.3f}",
        "loss": f"{loss:.2f}",
        "asked": f"{asked:,}",
        "read": f"{reading.tokens / 1e6:.1f}",
        "turns": f"{reading.turns:.1f}",
    }
    card = Template(CARD.read_text(encoding="utf-8")).substitute(settings, **filled)
    (out / "README.md").write_text(card, encoding="utf-8")
    print(
        f"as written, in float32: hidden words {top1:.3f}, pairs {filled['pair_mean']}, probes {filled['probes_right']}"
    )
