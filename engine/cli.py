"""The engine without a window: ``explain``, ``evaluate``, ``models``, ``methods``.

What ``explain`` writes, ``arrays_of`` lists.

Exit status 0 on success, 2 with one line on standard error for what a person can mend; anything else is our own fault
and ends with a traceback and status 1.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from engine import registry
from engine.context import RunContext
from engine.contract import Against, Array, Explanation, Head, Request
from engine.errors import EngineError, MethodError, TextError
from engine.evaluating import Draw, add_evaluate
from engine.headless import add_answer_options, add_model_option, add_run_options, say
from engine.interruption import STOPPED
from engine.listings import list_methods, list_models
from engine.rows import Chosen, chosen_fields
from engine.sentences import Sentence, read_sentences
from engine.tables import KINDS as TABLES
from engine.tabling import Tabling, file_written, write_one
from engine.version import version
from engine.writing import check_place, draft_of, write_whole

if TYPE_CHECKING:
    from engine.session import Session

EXPLAIN_EXAMPLES = """examples:
  headstream explain --text "A wonderful film." --method decompx --out shares.csv
  headstream explain --text "A wonderful film." --method globenc --set map=N_ResLN --out maps.npz
  headstream explain --input sentences.txt --words --fields scores,flow --out numbers.xlsx
  headstream explain --model my-model-folder --ids 2,15,3 --method decompx --dtype float64 --out all.npz
"""
LONGEST = 1000  # letters of a message that quotes what was written


def main(arguments: Sequence[str], draw: Draw | None = None) -> int:
    """Run one headless command; returns the exit status. ``draw`` makes the picture of an evaluation."""
    parsed = _parser(draw).parse_args(arguments)
    try:
        status: int = parsed.command(parsed) or 0
        sys.stdout.flush()
    except EngineError as error:
        say(str(error))
        return 2
    except BrokenPipeError:  # whoever read it has read enough; what is left would be said again on the way out
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def add_request_options(parser: argparse.ArgumentParser) -> None:
    """The options that say what to explain, the same for every command that explains."""
    add_model_option(parser)
    parser.add_argument("--text", help="the sentence to explain")
    parser.add_argument("--pair", help="a second sentence, for models that read pairs")
    parser.add_argument("--ids", type=_numbers, help="token ids instead of a text, used as they are: 2,15,3")
    parser.add_argument("--segments", type=_numbers, help="segment of every id: 0,0,1")
    parser.add_argument("--attention-mask", type=_numbers, help="1 for every id to read, 0 for padding: 1,1,0")
    parser.add_argument("--method", default="decompx", help="see “headstream methods”")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter of the method")
    add_answer_options(parser)
    parser.add_argument(
        "--position",
        type=int,
        help="token explained or guessed, numbered from 0; default: the first mask, or word",
    )
    add_run_options(parser)


def request_of(parsed: argparse.Namespace, against: Against, layers: tuple[int, ...] = ()) -> Request:
    """The request the options describe; ``against`` is what holds where none is named.

    Raises TextError where there is nothing to explain, MethodError for a malformed parameter.
    """
    if (parsed.text is None) == (parsed.ids is None):
        raise TextError("Nothing to explain", "Exactly one of --text and --ids is needed.", 'Add --text "A sentence."')
    given, idle = ("ids", ["pair"]) if parsed.text is None else ("text", ["segments", "attention_mask"])
    for option in idle:
        if getattr(parsed, option) is not None:
            name = option.replace("_", "-")
            raise TextError("Idle option", f"--{name} says nothing where --{given} is given.", "Leave it out.")
    return Request(
        generation=0,
        model=parsed.model,
        method=parsed.method,
        text=parsed.text or "",
        pair=parsed.pair,
        ids=parsed.ids,
        segments=parsed.segments,
        attention_mask=parsed.attention_mask,
        parameters=tuple(registry.split_setting(setting) for setting in parsed.set),
        target=parsed.target,
        against=against if parsed.against is None else parsed.against,
        position=parsed.position,
        feed_forward_layers=layers,
        seed=parsed.seed,
    )


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


class LineParser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line, as every other error here."""

    def error(self, message: str) -> NoReturn:
        """End the program with status 2."""
        told = " ".join(message.split())
        told = told if len(told) <= LONGEST else f"{told[:LONGEST]}…"
        self.exit(2, f"headstream: {told}; {self.prog} --help tells more.\n")


def _parser(draw: Draw | None = None) -> argparse.ArgumentParser:
    parser = LineParser(
        prog="headstream",
        description="How the words of a sentence flow through a transformer into its answer. No command: the window.",
        epilog="“headstream render” writes a picture; every command has --help with examples.",
    )
    parser.add_argument("--version", action="version", version=f"Headstream {version()}")
    commands = parser.add_subparsers(required=True, metavar="explain | render | evaluate | models | methods")
    explain = commands.add_parser(
        "explain",
        help="numbers of one explanation",
        epilog=EXPLAIN_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_request_options(explain)
    explain.add_argument(
        "--input",
        type=Path,
        metavar="FILE",
        help="sentences to explain, one on each line, or a table (.tsv, .csv, .jsonl) with a column “text” or "
        "“sentence”; all come into one table",
    )
    kinds = "|".join(ending[1:] for ending in (*WRITERS, *TABLES))
    explain.add_argument("--out", type=Path, required=True, metavar=f"FILE.({kinds})", help="where to write")
    explain.add_argument(
        "--fields",
        type=lambda text: text.split(","),
        help="write only these arrays; “components” adds all. A table has “scores” where nothing is said",
    )
    explain.add_argument("--words", action="store_true", help="in a table: whole words, not the pieces the model reads")
    explain.add_argument(
        "--boundaries",
        type=_numbers,
        default=(),
        metavar="0,2,…",
        help="also write the flow between groups of layers: 0,2,4,6 takes a model's six by two (grouped_flow, …)",
    )
    explain.set_defaults(command=_explain)
    add_evaluate(commands, draw)
    for name, command, told in (
        ("models", list_models, "the bundled models"),
        ("methods", list_methods, "the methods"),
    ):
        listing = commands.add_parser(name, help=f"list {told}", epilog=f"example:\n  headstream {name} --json")
        listing.add_argument("--json", action="store_true", help="for programs")
        listing.set_defaults(command=command)
    return parser


def _explain(parsed: argparse.Namespace) -> int:
    from engine.session import Session

    kind = parsed.out.suffix.lower()
    if kind not in (*WRITERS, *TABLES):
        hint = f"Use {', '.join((*WRITERS, *TABLES))}."
        raise TextError("Unknown kind of file", f"“{parsed.out.name}” cannot be written.", hint)
    _refuse_idle(parsed, is_table=kind in TABLES)
    with file_written():
        check_place(parsed.out)
    session = Session(parsed.dtype, parsed.device)
    if kind in TABLES:
        return _explain_into_table(session, parsed)
    _explain_into_arrays(session, parsed)
    return 0


def _refuse_idle(parsed: argparse.Namespace, *, is_table: bool) -> None:
    """Options that would say nothing here. Raises TextError."""
    idle = []
    if parsed.input is not None:
        idle = [name for name in ("text", "pair", "ids", "segments", "attention_mask") if getattr(parsed, name)]
        if not is_table:
            raise TextError("One file, many sentences", "--input needs a table.", f"Use {', '.join(TABLES)}.")
    if idle:
        name = idle[0].replace("_", "-")
        raise TextError("Idle option", f"--{name} says nothing where --input is given.", "Leave it out.")
    if is_table and parsed.boundaries:
        raise TextError("Idle option", "--boundaries says nothing in a table.", "Use .npz or .json, or leave it out.")
    if parsed.words and not is_table:
        raise TextError("Idle option", "--words says nothing where arrays are written.", "Leave it out.")


def _explain_into_table(session: Session, parsed: argparse.Namespace) -> int:
    chosen = Chosen(chosen_fields(parsed.fields or ("scores",)))
    if parsed.input is None:
        explanation = _run(session, parsed, RunContext(seed=parsed.seed))
        write_one(parsed.out, explanation, chosen, whole_words=parsed.words)
        return 0

    def explain(sentence: Sentence, context: RunContext) -> Explanation:
        alone = vars(parsed) | {"text": sentence.text}
        return _run(session, argparse.Namespace(**alone), context)

    def report(sentence: Sentence, error: EngineError) -> None:
        say(f"{parsed.input.name}, line {sentence.line} is skipped: {error}")

    sentences = read_sentences(parsed.input)
    session.open(parsed.model)
    tabling = Tabling(explain, chosen, whole_words=parsed.words, seed=parsed.seed)
    path = tabling.write(parsed.out, sentences, report)
    if tabling.is_stopped:
        kept = f"; {path} holds these" if tabling.explained else ""
        say(f"stopped after {tabling.explained} of {len(sentences)} sentences{kept}.")
        return STOPPED
    if tabling.skipped:
        say(f"{tabling.explained} of {len(sentences)} sentences explained, {tabling.skipped} skipped.")
    return 0


def _explain_into_arrays(session: Session, parsed: argparse.Namespace) -> None:
    explanation = _run(session, parsed, RunContext(seed=parsed.seed))
    if parsed.boundaries and explanation.grouped is None:
        raise MethodError(
            "Idle option", f"--boundaries says nothing where --method {parsed.method} shows no flow.", "Leave it out."
        )
    arrays = _chosen(arrays_of(explanation), parsed.fields)
    with file_written():
        WRITERS[parsed.out.suffix.lower()](parsed.out, arrays)


def _run(session: Session, parsed: argparse.Namespace, context: RunContext) -> Explanation:
    layers: tuple[int, ...] = ()
    if parsed.fields and any(name.startswith("component") for name in parsed.fields):
        layers = tuple(range(session.open(parsed.model).layers))
    request = replace(request_of(parsed, Against.NOTHING, layers), boundaries=parsed.boundaries)
    return session.run(request, context)


def arrays_of(explanation: Explanation) -> dict[str, Array]:
    """All arrays of an explanation under their stable names; scalars are arrays without axes."""
    tokens = explanation.tokens
    arrays: dict[str, Array | None] = {
        "input_ids": np.array([token.id for token in tokens]),
        "tokens": np.array([token.text for token in tokens]),
        "word_index": np.array([token.word_index for token in tokens]),
        "is_special": np.array([token.is_special for token in tokens]),
        "segment": np.array([token.segment for token in tokens]),
        "logits": explanation.prediction.logits,
        "labels": np.array(explanation.prediction.labels),
        "target": np.array(explanation.target),
        "against": np.array(explanation.against),
        "targets": np.array(explanation.explained) if explanation.model.head is Head.MASKED_WORD else None,
        "scores": explanation.scores,
        "scores_all": explanation.scores_all,
        "bias": explanation.bias,
        "layer_maps": explanation.layer_maps,
        "rollout": explanation.rollout,
        "attention": explanation.attention,
    }
    made = explanation.components
    if made is not None:
        arrays |= {f"component/{name}": array for name, array in made.maps.items()}
        if made.feed_forward_layers:
            arrays |= {f"component/{name}": array for name, array in made.feed_forward.items()}
    flow, grouped = explanation.flow, explanation.grouped
    if flow is not None:
        arrays |= {"flow": flow.edge, "flow_nodes": flow.nodes, "flow_bias_in": flow.bias_in, "flow_bias": flow.bias}
    if grouped is not None:
        arrays |= {"grouped_flow": grouped.edge, "grouped_nodes": grouped.nodes}
        arrays |= {"grouped_bias_in": grouped.bias_in, "grouped_bias": grouped.bias}
    arrays |= {f"checks/{name}": np.array(value) for name, value in explanation.checks.items()}
    arrays |= {f"extra/{name}": array for name, array in explanation.extra.items()}
    arrays["meta"] = np.array(json.dumps(_meta(explanation), ensure_ascii=False))
    return {name: array for name, array in arrays.items() if array is not None}


def _meta(explanation: Explanation) -> dict[str, Any]:
    method = registry.find(explanation.request.method)
    model = explanation.model
    return {
        "program": f"Headstream {version()}",
        "model": model.name,
        "family": model.family,
        "weights_sha256": model.weights_sha256,
        "method": method.id,
        "parameters": method.parse(explanation.request.parameters),
        "citation": str(method.citation),
        "unit": explanation.unit,
        "signed": explanation.signed,
        "position": explanation.position,
        "boundaries": explanation.request.boundaries,
        "dtype": model.dtype,
        "device": model.device,
        "versions": {"numpy": np.__version__, "torch": version("torch"), "transformers": version("transformers")},
        "warnings": list(model.warnings),
        "seconds": round(explanation.seconds, 4),
    }


def _chosen(arrays: dict[str, Array], fields: list[str] | None) -> dict[str, Array]:
    """Only the fields asked for; “components” stands for all component maps on top of everything else."""
    if fields is None or fields == ["components"]:
        return arrays
    wanted = [name for name in fields if name != "components"]
    unknown = [name for name in wanted if name not in arrays]
    if unknown:
        raise TextError(
            "There is no such array", f"“{unknown[0]}” is not made here.", f"There are: {', '.join(arrays)}."
        )
    all_components = "components" in fields
    return {
        name: array
        for name, array in arrays.items()
        if name in wanted or name == "meta" or (all_components and name.startswith("component/"))
    }


def _write_npz(path: Path, arrays: dict[str, Array]) -> None:
    with draft_of(path) as draft, draft.open("wb") as stream:
        np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]


def _write_json(path: Path, arrays: dict[str, Array]) -> None:
    plain = {name: array.tolist() for name, array in arrays.items()}
    plain["meta"] = json.loads(plain["meta"])
    write_whole(path, json.dumps(plain, ensure_ascii=False).encode("utf-8"))


WRITERS = {".npz": _write_npz, ".json": _write_json}
