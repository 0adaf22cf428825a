"""Peak memory of a fresh process that opens one model and answers one request, beside one that only runs the model."""

from __future__ import annotations

import argparse
import resource

import torch

from engine.context import RunContext
from engine.contract import Request
from engine.registry import split_setting
from engine.session import Session


def main() -> None:
    """Print the peak resident size in MB after one run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("method", help="a method's id, or “plain” for the model alone")
    parser.add_argument("length", type=int)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    given = parser.parse_args()
    parameters = tuple(split_setting(setting) for setting in given.set)
    session = Session("float32", "cpu")
    network = session._open(given.model).model
    ids = tuple(1000 + number for number in range(given.length))
    if given.method == "plain":
        with torch.no_grad():
            network(torch.tensor([ids]))
    else:
        request = Request(1, given.model, given.method, ids=ids, parameters=parameters, components=False)
        session.run(request, RunContext())
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6:.0f}")


if __name__ == "__main__":
    main()
