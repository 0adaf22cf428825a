"""Make the bundled masked-word model: running text and a grammar's sentences train a new head on a small encoder.

Several processes train from one start on their own batches and average their weights every few steps. Everything random
comes from the seed, the process and the step, so a run that was stopped goes on as if it had not been.
"""

import argparse
import ctypes
import os
import random
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

import torch
import torch.distributed as together
from agreement_batches import AgreementText, build_lexicon
from folder import write_folder
from gap_card import CARD, Reading, write_card
from gap_model import answers, build_model, groups, is_head
from gap_text import RunningText, Vocabulary, mask_words, read_documents, split_documents
from minimal_pairs import hidden_words, read_pairs, report
from sentences import read_tokenizer
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import BertForMaskedLM

TELL_EVERY, TIDY_EVERY = 48, 64  # steps


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides the outcome of a run, together with the data; each field is a command-line option."""

    steps: int = 5000
    head_steps: int = 150
    rate: float = 6e-4
    head_rate: float = 1e-3
    warmup: int = 300
    weight_decay: float = 0.01
    mask_rate: float = 0.2
    sequences: int = 24
    length: int = 64
    grammar_sentences: int = 24
    grammar_words_weight: float = 0.15
    contrast_weight: float = 1.0
    runs: int = 2
    average_every: int = 16
    save_every: int = 96
    look_every: int = 576
    seed: int = 11


@dataclass(slots=True)
class Run:
    """One process's part in a training run."""

    number: int
    model: BertForMaskedLM
    optimizer: torch.optim.Optimizer
    text: RunningText
    grammar: AgreementText
    tokenizer: Tokenizer
    settings: Settings
    step: int = 0


def seed_of(settings: Settings, number: int, step: int) -> int:
    """A seed for one process and step."""
    return random.Random(f"{settings.seed}/{number}/{step}").getrandbits(48)


def text_numbers(run: Run) -> list[int]:
    """The numbers of this step's sequences: a new order for each time through the text, dealt out to the processes."""
    count, width = len(run.text), run.settings.sequences
    first = (run.step * run.settings.runs + run.number) * width
    chosen: list[int] = []
    for place in range(first, first + width):
        turn, within = divmod(place, count)
        chosen.append(order_of(run.settings.seed, turn, count)[within])
    return chosen


ORDERS: dict[int, list[int]] = {}


def order_of(seed: int, turn: int, count: int) -> list[int]:
    """The order of sequences in one time through the text."""
    if turn not in ORDERS:
        ORDERS.clear()
        ORDERS[turn] = random.Random(f"{seed}/{turn}").sample(range(count), count)
    return ORDERS[turn]


def rate_at(step: int, settings: Settings) -> float:
    """The learning rate at a step: the head alone, then a rise and a fall to zero."""
    after = step - settings.head_steps
    if after < 0:
        return settings.head_rate
    left = (settings.steps - step) / max(1, settings.steps - settings.head_steps - settings.warmup)
    return settings.rate * min((after + 1) / settings.warmup, left)


def one_step(run: Run) -> dict[str, float]:
    """Learn from one batch of running text and one of the grammar's sentences."""
    settings, seed = run.settings, seed_of(run.settings, run.number, run.step)
    chance = torch.Generator().manual_seed(seed)
    batch = mask_words(run.text.ids(text_numbers(run)), run.text.vocabulary, settings.mask_rate, chance)
    logits = answers(run.model, batch)
    loss = functional.cross_entropy(logits, batch.targets)
    told = {"text": loss.item(), "top1": (logits.argmax(-1) == batch.targets).float().mean().item()}
    masked, contrasts = run.grammar.batch(settings.grammar_sentences, random.Random(seed))
    logits = answers(run.model, masked)
    words = functional.cross_entropy(logits, masked.targets)
    contrast, right = run.grammar.loss(logits, contrasts)
    loss = loss + settings.grammar_words_weight * words + settings.contrast_weight * contrast
    loss.backward()
    told |= {"words": words.item(), "contrast": contrast.item(), "agree": right}
    torch.nn.utils.clip_grad_norm_(run.model.parameters(), 1.0)
    for group in run.optimizer.param_groups:
        group["lr"] = rate_at(run.step, settings)
    run.optimizer.step()
    run.optimizer.zero_grad()
    run.step += 1
    return told


def average(tensors: list[torch.Tensor], runs: int) -> None:
    """Replace tensors by their mean over the processes."""
    if runs == 1:
        return
    for tensor in tensors:
        together.all_reduce(tensor)
        tensor /= runs


def moments(optimizer: torch.optim.Optimizer) -> list[torch.Tensor]:
    """The optimizer's running means."""
    return [state[name] for state in optimizer.state.values() for name in ("exp_avg", "exp_avg_sq")]


def save(run: Run, path: Path) -> None:
    """Write the checkpoint beside its place, then put it there."""
    beside = path.with_suffix(".part")
    state = {"step": run.step, "model": run.model.state_dict(), "optimizer": run.optimizer.state_dict()}
    torch.save(state, beside)
    os.replace(beside, path)


def new_optimizer(model: BertForMaskedLM, settings: Settings) -> torch.optim.Optimizer:
    """AdamW over the parameters that learn."""
    return torch.optim.AdamW(groups(model, settings.weight_decay), betas=(0.9, 0.98), fused=True)


def learning(run: Run) -> None:
    """Let the head alone learn, or everything, as the step asks."""
    alone = run.step < run.settings.head_steps
    for name, parameter in run.model.named_parameters():
        parameter.requires_grad_(is_head(name) or not alone)
    run.optimizer = new_optimizer(run.model, run.settings)


def prepare(number: int, given: argparse.Namespace, settings: Settings) -> tuple[Run, RunningText]:
    """Read the data, build the model, and go back to the checkpoint where one is to be resumed."""
    tokenizer = read_tokenizer(given.base, 512)
    tokenizer.no_truncation()
    train_texts, held_texts = split_documents(read_documents(given.data / "text.txt.xz"), settings.seed)
    text, held = (RunningText(texts, tokenizer, settings.length) for texts in (train_texts, held_texts))
    vocabulary: Vocabulary = text.vocabulary
    grammar = AgreementText(build_lexicon(train_texts, vocabulary), tokenizer, vocabulary)
    counts = torch.bincount(text.stream, minlength=len(vocabulary.ids))
    model = build_model(given.base, counts)
    run = Run(number, model, new_optimizer(model, settings), text, grammar, tokenizer, settings)
    checkpoint = given.work / "checkpoint.pt"
    if given.resume and checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        run.step = state["step"]
        learning(run)
        if run.step != settings.head_steps:  # there the optimizer begins anew
            run.optimizer.load_state_dict(state["optimizer"])
    else:
        learning(run)
    if number == 0:
        print(f"{len(text):,} sequences, {len(held):,} held out; from step {run.step} to {settings.steps}", flush=True)
    return run, held


def look(run: Run, held: RunningText, given: argparse.Namespace) -> None:
    """Print the figures of the model as it is."""
    run.model.eval()
    right, loss, asked = hidden_words(run.model, held, run.settings.seed)
    print(f"  hidden words: top-1 {right:.3f}, loss {loss:.3f}, {asked} pieces")
    report(run.model, run.tokenizer, read_pairs(given.data / "minimal-pairs-dev.jsonl", given.look_pairs))
    print(end="", flush=True)
    run.model.train()


def train(number: int, given: argparse.Namespace, settings: Settings, meeting: str) -> None:
    """Train in one process, meeting the others to average."""
    torch.set_num_threads(1)
    if settings.runs > 1:
        together.init_process_group(
            "gloo", f"file://{meeting}", timeout=timedelta(hours=12), rank=number, world_size=settings.runs
        )
    run, held = prepare(number, given, settings)
    run.model.train()
    progress = Progress(run.step)
    while run.step < settings.steps:
        if run.step == settings.head_steps:
            learning(run)
        progress.add(one_step(run))
        meet(run, given)
        if number == 0:
            progress.tell(run.step, settings.steps)
            if run.step % settings.look_every == 0 or run.step == settings.steps:
                look(run, held, given)
    if number == 0:
        write_folder(run.model, run.tokenizer, given.out)
        pairs = given.data / "minimal-pairs-dev.jsonl"
        read = settings.steps * settings.runs * settings.sequences
        reading = Reading(held, read * settings.length, read / len(run.text))
        write_card(given.out, pairs, run.tokenizer, reading, asdict(settings))


def meet(run: Run, given: argparse.Namespace) -> None:
    """Average with the other processes and write the checkpoint, where the step asks for it."""
    settings, last = run.settings, run.step == run.settings.steps
    if run.step % settings.average_every == 0 or run.step % settings.save_every == 0 or last:
        average([parameter.data for parameter in run.model.parameters()], settings.runs)
    if run.step % TIDY_EVERY == 0:
        tidy()
    if run.step % settings.save_every == 0 or last:
        average(moments(run.optimizer), settings.runs)
        if run.number == 0:
            save(run, given.work / "checkpoint.pt")


def tidy() -> None:
    """Give back to the system the memory that lies about in pieces, which would grow for hours."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim:
        trim(0)


class Progress:
    """Says every few steps how the training goes."""

    def __init__(self, step: int) -> None:
        self.begin(step)

    def begin(self, step: int) -> None:
        """Forget the figures of earlier steps."""
        self.first, self.begun = step, time.monotonic()
        self.sums: dict[str, float] = {}

    def add(self, told: dict[str, float]) -> None:
        """Keep the figures of a step."""
        for name, value in told.items():
            self.sums[name] = self.sums.get(name, 0.0) + value

    def tell(self, step: int, steps: int) -> None:
        """Print the mean figures of the last steps."""
        if step % TELL_EVERY:
            return
        means = " ".join(f"{name} {value / (step - self.first):.3f}" for name, value in self.sums.items())
        pace = (time.monotonic() - self.begun) / (step - self.first)
        print(f"step {step}/{steps} {pace:.2f} s a step  {means}", flush=True)
        self.begin(step)


def parse_arguments() -> tuple[argparse.Namespace, Settings]:
    """Read the command line and refuse what cannot work before any time is spent."""
    parser = argparse.ArgumentParser(description="Make the bundled masked-word model.")
    parser.add_argument("--base", type=Path, required=True, help="folder of the base encoder (all-MiniLM-L6-v2)")
    parser.add_argument("--data", type=Path, required=True, help="folder of text.txt.xz and minimal-pairs-dev.jsonl")
    parser.add_argument("--work", type=Path, required=True, help="folder for the checkpoint")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the model to")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint, where there is one")
    parser.add_argument("--look-pairs", type=int, default=60, help="pairs of each paradigm looked at while training")
    for name, value in asdict(Settings()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value, help="default: %(default)s")
    given = parser.parse_args()
    settings = Settings(**{name: getattr(given, name) for name in asdict(Settings())})
    needed = [CARD] + [given.data / name for name in ("text.txt.xz", "minimal-pairs-dev.jsonl")]
    needed += [given.base / name for name in ("config.json", "model.safetensors", "tokenizer.json")]
    if missing := [str(path) for path in needed if not path.is_file()]:
        parser.error("not found: " + ", ".join(missing))
    if given.out.exists() and not given.out.is_dir():
        parser.error(f"--out {given.out} is a file, not a folder")
    if min(asdict(settings).values()) < 0 or min(settings.runs, settings.sequences, settings.average_every) < 1:
        parser.error("settings must not be negative; --runs, --sequences and --average-every at least 1")
    return given, settings


def main() -> None:
    """Train, write the folder, measure what was written."""
    given, settings = parse_arguments()
    given.work.mkdir(parents=True, exist_ok=True)
    # Memory that is kept need not be cleared by the system anew at every step, which took a quarter of the time.
    os.environ |= {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 34)}
    with tempfile.TemporaryDirectory() as folder:
        meeting = str(Path(folder) / "meeting")
        torch.multiprocessing.spawn(train, (given, settings, meeting), nprocs=settings.runs)


if __name__ == "__main__":
    main()
