"""``explain`` into a table: the rows of one sentence, or of every sentence of a file, one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from engine.context import RunContext
from engine.contract import Explanation
from engine.errors import Cancelled, EngineError, MethodError, TextError
from engine.interruption import stopped_by_keys
from engine.rows import COLUMNS, Chosen, Line, Place, rows_of
from engine.sentences import Sentence
from engine.tables import write_table
from engine.words import rows
from engine.writing import check_place, move_whole, reason

Explain = Callable[[Sentence, RunContext], Explanation]
PARTIAL = ".partial"  # stands before the ending of a table that was broken off


class Tabling:
    """Makes a table sentence by sentence: only one explanation stands at a time.

    ``explained`` and ``skipped`` count sentences, ``is_stopped`` tells that Ctrl+C broke it off.
    """

    def __init__(self, explain: Explain, chosen: Chosen, *, whole_words: bool, seed: int) -> None:
        self._explain = explain
        self._chosen = chosen
        self._whole_words = whole_words
        self._context = RunContext(seed=seed)
        self._seed = seed
        self.explained = 0
        self.skipped = 0
        self.is_stopped = False

    def write(self, path: Path, sentences: Sequence[Sentence], report: Callable[[Sentence, EngineError], None]) -> Path:
        """Write the table of all sentences; returns where it is.

        A sentence that cannot be explained is handed to ``report`` and left out. The file stands at ``path`` only when
        every sentence had its turn; what was done before Ctrl+C stands beside it, whole sentences only. Raises
        EngineError where none could be explained or the table cannot be written.
        """
        with file_written():
            path = check_place(path)
            beside = path.with_suffix(PARTIAL + path.suffix)
            check_place(beside)
        with stopped_by_keys(self._stop):
            _write(beside, self._lines(sentences, report))
        if not self.explained:
            beside.unlink()
            if self.is_stopped:
                return path
            raise TextError("Nothing was explained", "None of the sentences could be.", "See the lines above.")
        if self.is_stopped:
            return beside
        with file_written():
            move_whole(beside, path)
        return path

    def _lines(self, sentences: Sequence[Sentence], report: Callable[[Sentence, EngineError], None]) -> Iterator[Line]:
        for number, sentence in enumerate(sentences, 1):
            if self.is_stopped:
                return
            self._context = RunContext(seed=self._seed)
            try:
                explanation = self._explain(sentence, self._context)
            except Cancelled:
                return
            except EngineError as error:
                if isinstance(error, MethodError) and not self.explained:
                    raise  # it will be no better with the next sentence
                report(sentence, error)
                self.skipped += 1
                continue
            self.explained += 1
            yield from lines_of(explanation, self._chosen, Place(number, sentence.label), whole_words=self._whole_words)

    def _stop(self) -> None:
        self.is_stopped = True
        self._context.cancel()


@contextmanager
def file_written() -> Iterator[None]:
    """Raises TextError with what to do where the block cannot write its file."""
    try:
        yield
    except OSError as error:
        raise TextError("The file cannot be written", reason(error), "Choose another place with --out.") from error


def write_one(path: Path, explanation: Explanation, chosen: Chosen, *, whole_words: bool) -> None:
    """The table of one explanation. Raises EngineError where it cannot be written."""
    _write(path, lines_of(explanation, chosen, Place(), whole_words=whole_words))


def lines_of(explanation: Explanation, chosen: Chosen, place: Place, *, whole_words: bool) -> Iterator[Line]:
    """The rows of one explanation, of its words or of every token by itself."""
    merged = rows(explanation.request, explanation.tokens, whole_words=True) if whole_words else None
    return rows_of(explanation, chosen, merged, place)


def _write(path: Path, lines: Iterable[Line]) -> None:
    with file_written():
        write_table(path, COLUMNS, lines)
