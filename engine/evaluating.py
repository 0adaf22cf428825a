"""``evaluate``: methods compared over a file of sentences, into a table that says how far each can be trusted."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from engine.context import RunContext
from engine.contract import Against, ModelInfo, Request
from engine.copies import Copies, refuse_copies
from engine.errors import Cancelled, EngineError, GapError, MethodError, TargetError, TextError
from engine.faithfulness import protocol
from engine.faithfulness.bootstrap import RESAMPLES
from engine.faithfulness.candidates import parse_candidates, refuse_unfit
from engine.faithfulness.evaluation import (
    SENTENCE_COLUMNS,
    SUMMARY_COLUMNS,
    Evaluation,
    evaluate,
    sentence_rows,
    summary_rows,
)
from engine.faithfulness.journal import Journal
from engine.faithfulness.measuring import Design, Measured, Measuring, measured_of
from engine.headless import Progress, add_answer_options, add_model_option, add_run_options, say
from engine.interruption import STOPPED, stopped_by_keys
from engine.rows import Cell
from engine.sentences import Sentence, read_sentences
from engine.tables import KINDS as TABLES
from engine.tables import write_table
from engine.targets import MOST_SHOWN
from engine.version import version
from engine.writing import check_place, reason

Draw = Callable[[Evaluation, Path], None]
PICTURES = (".svg", ".pdf", ".png")
EXAMPLES = f"""examples:
  headstream evaluate --input dev.tsv --methods attention,globenc,decompx --protocol mask --out found.csv
  headstream evaluate --input dev.tsv --methods decompx:bias=token,random:orders=20 --protocol mask,delete \\
      --limit 200 --sentences each.csv --plot curves.pdf --out found.xlsx

A method may carry parameters, separated by colons. “random” stands for random orders; where it is among the methods,
area_most and area_least say how much better than it the others are (more is better). Every value is a mean over the
sentences, with the interval that covers 95 % of {RESAMPLES} bootstrap means. Ctrl+C stops; the same command goes on
where it was, from a journal beside --out.
"""


def add_evaluate(commands: Any, draw: Draw | None) -> None:
    """Add the command to those of a parser. ``draw`` makes the picture, where the program can draw."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "evaluate",
        help="how far methods can be trusted, over a file of sentences",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_model_option(parser)
    parser.add_argument(
        "--input",
        type=Path,
        required=True,
        metavar="FILE",
        help="a table (.tsv, .csv, .jsonl) with a column “text” or “sentence” and perhaps “label”, or a plain list; "
        "a label is a class's name or its index",
    )
    parser.add_argument("--methods", required=True, metavar="ID[:NAME=VALUE…],…", help="see “headstream methods”")
    told = "; ".join(f"{each.id}: {each.sentence.removesuffix('.')}" for each in protocol.PROTOCOLS)
    parser.add_argument("--protocol", default=protocol.MASK.id, metavar="ID[,ID…]", help=told.replace("%", "%%"))
    kinds = "|".join(ending[1:] for ending in TABLES)
    parser.add_argument("--out", type=Path, required=True, metavar=f"TABLE.({kinds})", help="where to write")
    parser.add_argument("--sentences", type=Path, metavar=f"TABLE.({kinds})", help="all numbers of every sentence too")
    parser.add_argument("--plot", type=Path, metavar="FILE.(svg|pdf|png)", help="a picture of the curves too")
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N sentences")
    parser.add_argument("--words", action="store_true", help="take whole words away, not the pieces the model reads")
    parser.add_argument(
        "--randomise",
        action="store_true",
        help="also how much of every explanation is left when the weights of the head, and of more and more layers "
        "from the last one on, are shuffled (spearman_shuffled_0, 1, …); takes long",
    )
    add_answer_options(parser)
    add_run_options(parser)
    parser.set_defaults(command=partial(_evaluate, draw=draw))


def _evaluate(parsed: argparse.Namespace, draw: Draw | None) -> int:
    _refuse_places(parsed, draw)
    candidates, protocols = parse_candidates(parsed.methods), _protocols(parsed.protocol)
    sentences = read_sentences(parsed.input, with_empty=True)[: parsed.limit]
    from engine.session import Session

    session = Session(parsed.dtype, parsed.device)
    model = session.open(parsed.model)
    refuse_unfit(candidates, model)
    _refuse_unmasked(protocols, model)
    gold = _gold(parsed.input, sentences, model.labels)
    if parsed.randomise:
        refuse_copies(model)
    shuffled = model.layers if parsed.randomise else None
    design = Design(candidates, tuple(each.id for each in protocols), parsed.words, parsed.seed, shuffled)
    measuring = Measuring(session, design, Copies(session) if parsed.randomise else None)
    journal = Journal(parsed.out, _head(parsed, design, model))
    run = _Run(parsed, measuring, journal, len(sentences))
    if run.goes_through(sentences, gold):
        say(f"stopped after {len(run.measured)} of {len(sentences)} sentences; the same command goes on from there.")
        return STOPPED
    if not run.measured:
        raise TextError("Nothing was measured", "None of the sentences could be.", "See the lines above.")
    if run.skipped:
        say(f"{len(run.measured)} of {len(sentences)} sentences measured, {run.skipped} skipped.")
    evaluation = evaluate(design, run.measured, model.name, parsed.input.name)
    if parsed.sentences is not None:
        _write(parsed.sentences, SENTENCE_COLUMNS, sentence_rows(design, run.measured, gold, model.labels))
    if draw is not None and parsed.plot is not None:
        draw(evaluation, parsed.plot)
    _write(parsed.out, SUMMARY_COLUMNS, summary_rows(evaluation))
    journal.remove()
    return 0


class _Run:
    """Goes through the sentences and keeps what it measures. ``skipped`` counts those that could not be."""

    def __init__(self, parsed: argparse.Namespace, measuring: Measuring, journal: Journal, count: int) -> None:
        self.measured: list[Measured] = []
        self.skipped = 0
        self._input = parsed.input
        self._request = Request(
            generation=0,
            model=parsed.model,
            method="",
            target=parsed.target,
            against=Against.NOTHING if parsed.against is None else parsed.against,
            components=False,
            seed=parsed.seed,
        )
        self._measuring = measuring
        self._journal = journal
        self._progress = Progress(count, "sentence")
        self._is_stopped = False
        self._context = RunContext()

    def goes_through(self, sentences: Sequence[Sentence], gold: Mapping[int, int]) -> bool:
        """Measure all that the journal has not yet; returns whether Ctrl+C broke it off."""
        known = {each.line: each for each in map(measured_of, self._journal.read())}
        with stopped_by_keys(self._stop):
            for number, sentence in enumerate(sentences, 1):
                if sentence.line in known:
                    self.measured.append(known[sentence.line])
                    continue
                self._progress.tell(number)
                try:
                    self._measure(sentence, gold.get(sentence.line))
                except Cancelled:
                    break
        self._progress.clear()
        return self._is_stopped

    def _measure(self, sentence: Sentence, gold: int | None) -> None:
        self._context = RunContext(seed=self._request.seed)
        if self._is_stopped:
            raise Cancelled
        asked = replace(self._request, text=sentence.text)
        try:
            measured = self._measuring.measure(asked, sentence.line, gold, self._context)
        except EngineError as error:
            is_of_the_sentence = not isinstance(error, MethodError | TargetError) or isinstance(error, GapError)
            if not (is_of_the_sentence or self.measured):
                raise  # it will be no better with the next sentence
            self._progress.clear()
            say(f"{self._input.name}, line {sentence.line} is skipped: {error}")
            self.skipped += 1
            return
        self._journal.add(measured.record())
        self.measured.append(measured)

    def _stop(self) -> None:
        self._is_stopped = True
        self._context.cancel()


def _head(parsed: argparse.Namespace, design: Design, model: ModelInfo) -> dict[str, Any]:
    """Everything the numbers depend on."""
    return {
        "program": f"Headstream {version()}",
        "versions": {"numpy": np.__version__, "torch": version("torch"), "transformers": version("transformers")},
        "model": model.name,
        "weights_sha256": model.weights_sha256,
        "dtype": model.dtype,
        "device": model.device,
        "input_sha256": hashlib.sha256(parsed.input.read_bytes()).hexdigest(),
        "limit": parsed.limit,
        "methods": [candidate.name for candidate in design.candidates],
        "protocols": list(design.protocols),
        "words": design.whole_words,
        "target": parsed.target,
        "against": parsed.against,
        "seed": design.seed,
        **({"randomise": True} if parsed.randomise else {}),
    }


def _refuse_places(parsed: argparse.Namespace, draw: Draw | None) -> None:
    """Raise TextError where a file could not be written, before anything is computed."""
    if parsed.limit is not None and parsed.limit < 1:
        raise TextError("Nothing to measure", f"--limit {parsed.limit} leaves no sentence.", "Use 1 or more.")
    if parsed.plot is not None and draw is None:
        raise TextError("Nothing draws here", "This program was started without its pictures.", "Leave --plot out.")
    asked = [
        ("--out", parsed.out, TABLES),
        ("--sentences", parsed.sentences, TABLES),
        ("--plot", parsed.plot, PICTURES),
    ]
    taken = {parsed.input.resolve(): "--input"}
    for option, path, kinds in asked:
        if path is None:
            continue
        if path.suffix.lower() not in kinds:
            hint = f"Use {', '.join(kinds)}."
            raise TextError("Unknown kind of file", f"“{path.name}” cannot be written by {option}.", hint)
        if path.resolve() in taken:
            found = f"{option} is the file of {taken[path.resolve()]}."
            raise TextError("One file for two things", found, "Choose another name.")
        try:
            check_place(path)
        except OSError as error:
            raise TextError("The file cannot be written", reason(error), f"Choose another {option}.") from error
        taken[path.resolve()] = option


def _protocols(text: str) -> tuple[protocol.Protocol, ...]:
    """Raises MethodError for an unknown one, or one that is asked for twice."""
    found = tuple(protocol.find(identifier.strip()) for identifier in text.split(","))
    for each in found:
        if found.count(each) > 1:
            raise MethodError("One protocol twice", f"“{each.id}” is there already.", "Name it once.")
    return found


def _refuse_unmasked(protocols: Iterable[protocol.Protocol], model: ModelInfo) -> None:
    masking = [each.id for each in protocols if each.taking is protocol.Taking.MASK]
    if masking and not model.mask_token:
        found = f"“{masking[0]}” puts it in a word's place."
        raise MethodError("This model has no mask token", found, f"Use --protocol {protocol.DELETE.id}.")


def _gold(path: Path, sentences: Iterable[Sentence], labels: Sequence[str]) -> dict[int, int]:
    """The class of every line that has a label. Raises TextError for a label that is no class of the model."""
    exact = {name: index for index, name in reversed(list(enumerate(labels)))}
    alike: dict[str, list[int]] = {}
    for name, index in exact.items():
        alike.setdefault(name.casefold(), []).append(index)
    indices = {str(index): index for index in range(len(labels))}
    found = {}
    for sentence in sentences:
        given = sentence.label
        clear = alike.get(given.casefold(), [])
        meant = exact.get(given, clear[0] if len(clear) == 1 else indices.get(given))
        if meant is not None:
            found[sentence.line] = meant
        elif given:
            shown = ", ".join(f"{index} {label}" for index, label in enumerate(labels[:MOST_SHOWN]))
            more = "" if len(labels) <= MOST_SHOWN else f" and so on, {len(labels):,} in all"
            raise TextError(
                "The model does not know this label",
                f"“{path.name}”, line {sentence.line}: “{given}” is not one of its answers.",
                f"It has: {shown}{more}. Rename the column “label” to do without.",
            )
    return found


def _write(path: Path, columns: Sequence[str], lines: Iterable[Sequence[Cell]]) -> None:
    try:
        write_table(path, columns, lines)
    except OSError as error:
        raise TextError("The file cannot be written", reason(error), "Choose another place.") from error
