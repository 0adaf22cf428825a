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
HANGS = 30.0  # seconds after which nothing more is expected
ROOF_GB = 12  # of addresses, so that no folder takes the machine down
TEXT = "the film was good [MASK]"


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
            is_elsewhere = path.startswith(("/etc/passwd", "/dev/zero", "/proc/self/mem")) or path.endswith("secret.txt")
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

    from engine import loading
    from engine.context import RunContext
    from engine.contract import Request
    from engine.errors import EngineError
    from engine.session import Session
    from tests.engine import hostile

    resource.setrlimit(resource.RLIMIT_AS, (ROOF_GB * 2**30, ROOF_GB * 2**30))
    torch.set_num_threads(1)
    good = sorted(path for path in (home / "good").iterdir())
    seen: list[str] | None = None
    for number in numbers:
        print(json.dumps({"begun": number}), flush=True)
        box = home / f"box-{os.getpid()}"
        box.mkdir(exist_ok=True)
        base = good[number % len(good)]
        folder = hostile.copy(base.resolve(), box / "model")
        done = hostile.spoil(folder, number)
        seen = reached(box) if seen is None else seen
        seen.clear()
        before, began = forget_peak(), time.perf_counter()
        said = found = ""
        try:
            session = Session("float32", "cpu")
            info = session.open(str(folder))
            asked = {"text": TEXT} if info.has_tokenizer else {"ids": (5, 6, 7, 8)}
            method = ("decompx", "attention", "gradient_x_input")[number % 3]
            if method not in {m for m in info.unavailable}:
                session.run(Request(0, str(folder), method, **asked), RunContext())
            said = "read"
        except EngineError as error:
            said = "refused"
            if len(str(error).splitlines()) != 1 or len(str(error)) > 1500 or not error.hint:
                found = f"a long message: {str(error)[:300]!a}"
        except BaseException:  # noqa: BLE001 - whatever it is, it is the finding
            found = traceback.format_exc()[-1800:]
        seconds, more = time.perf_counter() - began, peak_mb() - before
        reach = list(dict.fromkeys(seen))
        seen.clear()
        if (box / hostile.MARK).exists():
            reach.append("code of the folder ran")
            (box / hostile.MARK).unlink()
        print(
            json.dumps(
                {"number": number, "base": base.name, "done": done, "said": said, "found": found,
                 "seconds": seconds, "mb": more, "reach": reach}
            ),
            flush=True,
        )  # fmt: skip
    del loading


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
        threading.Thread(target=lambda stream: self.errors.extend(stream), args=(self.process.stderr,), daemon=True).start()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self.lines.put(line)
        self.lines.put(None)


def soak(home: Path, numbers: list[int], log: Path | None) -> int:
    """Open the folders of all numbers; returns how many findings there were."""
    said: Counter[str] = Counter()
    findings, left, slowest, largest = 0, list(numbers), (0.0, -1), (0.0, -1)
    while left:
        worker, current = Worker(home, left[:2000]), None
        while True:
            try:
                line = worker.lines.get(timeout=HANGS * 3 if current is None else HANGS)
            except queue.Empty:
                worker.process.kill()
                line, hung = None, True
            else:
                hung = False
            if line is None:
                break
            told = json.loads(line)
            if "begun" in told:
                current = told["begun"]
                continue
            left.remove(told["number"])
            current = None
            said[told["said"] or "broke"] += 1
            slowest = max(slowest, (told["seconds"], told["number"]))
            largest = max(largest, (told["mb"], told["number"]))
            why = told["found"] or ", ".join(told["reach"])
            if told["seconds"] > MOST_SECONDS:
                why += f" {told['seconds']:.1f} s"
            if told["mb"] > MOST_MB:
                why += f" {told['mb']:.0f} MB"
            if why:
                findings += 1
                report(log, f"{told['number']} {told['base']} [{told['done'][:160]}] {why}")
        code = worker.process.wait()
        if current is not None:
            findings += 1
            said["broke"] += 1
            left.remove(current)
            report(log, f"{current}: {'hung' if hung else f'ended with {code}'} {''.join(worker.errors)[-600:]}")
        elif code:
            raise SystemExit("".join(worker.errors)[-3000:])
    print(f"{len(numbers)} folders: {dict(said)}; {findings} findings")
    print(f"slowest {slowest[0]:.2f} s (number {slowest[1]}), most memory {largest[0]:.0f} MB (number {largest[1]})")
    return findings


def report(log: Path | None, text: str) -> None:
    """Say it, and write it down where wanted."""
    print(text, flush=True)
    if log is not None:
        with log.open("a", encoding="utf-8") as file:
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
        return 1 if soak(home, numbers, given.log) else 0


if __name__ == "__main__":
    sys.exit(main())
