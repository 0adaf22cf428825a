"""Thousands of model folders made to do harm, each opened and asked in a process of its own kind: a soak by hand.

    python tests/bench/hostile_soak.py --cases 5000 --first 0

A folder has to end in a working model or in one EngineError. Counted as a finding: any other exception, a crash, more
than ``MOST_SECONDS`` or ``MOST_MB`` for one folder, and anything it reaches outside itself: a connection, a program, a
pickle, a file written, a file read that lies elsewhere. Ends with status 1 where there is a finding, and prints the
numbers that make them again (``--only NUMBER``).
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import resource
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import IO, Any

MOST_SECONDS, MOST_MB = 8.0, 500
HANGS = 40.0  # seconds after which nothing more is expected
ROOF_GB = 12  # of addresses, so that no folder takes the machine down
AT_ONCE = 2000  # folders of one process
TEXT = "the film was good [MASK]"
METHODS = ("decompx", "attention", "gradient_x_input")


def goods(home: Path) -> list[Path]:
    """Good folders of every family and kind of tokenizer, made in ``home``."""
    from tests.engine.models import MEAN, REFERENCE, Tiny, build
    from tests.engine.trained import KINDS, save, trained

    found = [REFERENCE / name for name in ("alti-tiny-bert", "alti-tiny-roberta", "alti-tiny-bert-mlm")]
    found += [REFERENCE / "alti-tiny-distilbert"]
    for family in ("albert", "electra", "modernbert"):
        folder = home / family
        build(Tiny(family, seed=7, extras=MEAN if family == "modernbert" else ())).save_pretrained(folder)
        found.append(folder)
    for kind in KINDS:
        folder = home / kind.replace(" ", "-")
        save(trained(kind), kind, folder)
        found.append(folder)
    return found


def reached(home: Path) -> list[str]:
    """What is reached from now on beyond what opening a model takes, as Python itself reports it."""
    seen: list[str] = []
    always = ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec", "pickle.find_class")

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event in always:
            seen.append(f"{event} {arguments!r}"[:120])
        elif event == "open" and isinstance(arguments[0], str):
            path, mode = arguments[0], str(arguments[1])
            is_written = any(sign in mode for sign in "wax+")
            is_elsewhere = path.startswith(("/etc/passwd", "/dev/zero", "/proc/self/mem")) or path.endswith(
                "secret.txt"
            )
            if (is_written and path != os.devnull and str(home) in path) or is_elsewhere:
                seen.append(f"open {path} {mode}")

    sys.addaudithook(watch)
    return seen


def peak_mb() -> float:
    """The most memory this process held since :func:`forget_peak`."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def forget_peak() -> float:
    """Begin a new peak; returns the megabytes held now."""
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    return peak_mb()


def work(home: Path, numbers: list[int]) -> None:
    """Open the folders of these numbers, and print one line for each."""
    import torch

    from tests.engine import hostile

    resource.setrlimit(resource.RLIMIT_AS, (ROOF_GB * 2**30, ROOF_GB * 2**30))
    torch.set_num_threads(1)
    good = sorted((home / "good").iterdir())
    box = home / f"box-{os.getpid()}"
    box.mkdir()
    seen = reached(box)
    ask(good[0].resolve(), 0)  # what is imported at the first time is no folder's
    for number in numbers:
        print(json.dumps({"begun": number}), flush=True)
        base = good[number % len(good)]
        folder = hostile.copy(base.resolve(), box / "model")
        told: dict[str, Any] = {"number": number, "base": base.name, "done": hostile.spoil(folder, number)}
        seen.clear()
        before, began = forget_peak(), time.perf_counter()
        told["said"], told["found"] = ask(folder, number)
        told |= {"seconds": time.perf_counter() - began, "mb": peak_mb() - before}
        told["reach"] = list(dict.fromkeys(seen))
        if (box / hostile.MARK).exists():
            told["reach"].append("code of the folder ran")
            (box / hostile.MARK).unlink()
        print(json.dumps(told), flush=True)


def ask(folder: Path, number: int) -> tuple[str, str]:
    """How opening a folder and asking it ended, and what must not have happened."""
    from engine.context import RunContext
    from engine.contract import Request
    from engine.errors import EngineError
    from engine.session import Session

    try:
        session = Session("float32", "cpu")
        info = session.open(str(folder))
        asked: dict[str, Any] = {"text": TEXT} if info.has_tokenizer else {"ids": (5, 6, 7, 8)}
        method = METHODS[number % len(METHODS)]
        if method not in info.unavailable:
            session.run(Request(0, str(folder), method, **asked), RunContext())
    except EngineError as error:
        is_fine = len(str(error).splitlines()) == 1 and len(str(error)) < 1500 and error.hint
        return "refused", "" if is_fine else f"a long message: {str(error)[:300]!a}"
    except BaseException:  # noqa: BLE001 - whatever it is, it is the finding
        return "", traceback.format_exc()[-1800:]
    return "read", ""


class Worker:
    """A process that opens folders, and what it prints."""

    def __init__(self, home: Path, numbers: list[int]) -> None:
        root = str(Path(__file__).resolve().parents[2])
        environment = os.environ | {
            "PYTHONPATH": root, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "OMP_NUM_THREADS": "1",
        }  # fmt: skip
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--work", str(home), "--numbers", ",".join(map(str, numbers))],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root,
        )  # fmt: skip
        self.lines: queue.Queue[str | None] = queue.Queue()
        self.errors: list[str] = []
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True).start()
        threading.Thread(
            target=lambda stream: self.errors.extend(stream), args=(self.process.stderr,), daemon=True
        ).start()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self.lines.put(line)
        self.lines.put(None)


class Soak:
    """Opens the folders of all numbers, and counts what came of them."""

    def __init__(self, home: Path, log: Path | None) -> None:
        self._home, self._log = home, log
        self.said: Counter[str] = Counter()
        self.findings = 0
        self.slowest = self.largest = (0.0, -1)

    def run(self, numbers: list[int]) -> None:
        """Open them, in a new process after every crash."""
        left = list(numbers)
        while left:
            worker = Worker(self._home, left[:AT_ONCE])
            broken = self._listen(worker, left)
            code = worker.process.wait()
            if broken is not None:
                left.remove(broken)
                self.said["broke"] += 1
                self._find(f"{broken}: the process ended with {code} {''.join(worker.errors)[-600:]}")
            elif code:
                raise SystemExit("".join(worker.errors)[-3000:])

    def _listen(self, worker: Worker, left: list[int]) -> int | None:
        """Take down what a worker tells; returns the number it broke or hung at."""
        current = None
        while True:
            try:
                line = worker.lines.get(timeout=HANGS if current is not None else 3 * HANGS)
            except queue.Empty:
                worker.process.kill()
                return current
            if line is None:
                return current
            told = json.loads(line)
            if "begun" in told:
                current = told["begun"]
            else:
                left.remove(told["number"])
                current = None
                self._take_down(told)

    def _take_down(self, told: dict[str, Any]) -> None:
        self.said[told["said"] or "broke"] += 1
        self.slowest = max(self.slowest, (told["seconds"], told["number"]))
        self.largest = max(self.largest, (told["mb"], told["number"]))
        why = [told["found"], *told["reach"]]
        why.append(f"{told['seconds']:.1f} s" if told["seconds"] > MOST_SECONDS else "")
        why.append(f"{told['mb']:.0f} MB" if told["mb"] > MOST_MB else "")
        if any(why):
            self._find(f"{told['number']} {told['base']} [{told['done'][:160]}] {' '.join(filter(None, why))}")

    def _find(self, text: str) -> None:
        self.findings += 1
        print(text, flush=True)
        if self._log is not None:
            with self._log.open("a", encoding="utf-8") as file:
                file.write(text + "\n")


def main() -> int:
    """Soak, or be one of its workers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--only", type=lambda text: [int(part) for part in text.split(",")])
    parser.add_argument("--log", type=Path)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--numbers", type=lambda text: [int(part) for part in text.split(",")])
    given = parser.parse_args()
    if given.work is not None:
        work(given.work, given.numbers)
        return 0
    with tempfile.TemporaryDirectory(prefix="headstream-hostile-") as folder:
        home = Path(folder)
        (home / "good").mkdir()
        for path in goods(home / "made"):
            (home / "good" / path.name).symlink_to(path)
        numbers = given.only or list(range(given.first, given.first + given.cases))
        soak = Soak(home, given.log)
        soak.run(numbers)
    print(f"{len(numbers)} folders: {dict(soak.said)}; {soak.findings} findings")
    print(f"slowest {soak.slowest[0]:.2f} s (number {soak.slowest[1]})")
    print(f"most memory {soak.largest[0]:.0f} MB (number {soak.largest[1]})")
    return 1 if soak.findings else 0


if __name__ == "__main__":
    sys.exit(main())
