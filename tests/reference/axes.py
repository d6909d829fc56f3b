#!/usr/bin/python3
"""volaxes against numpy's transpose and flip, samples and places. Usage: axes.py [SEED [ROUNDS]]"""
import itertools
import random
import re
import sys

import numpy as np
from vol import parse, run, stream

NAMES = ["plane", "row", "column"]


def place(data, index):
    """Where a sample of a stream lies in the world."""
    head = data.partition(b"\n\n")[0].decode()
    steps = [np.array([float(x) for x in v.split(",")]) for v in
             re.search(r"space directions: (.*)", head)[1].replace("none ", "").replace("(", "").replace(")", "").split()]
    origin = re.search(r"space origin: \((.*)\)", head)
    start = np.array([float(x) for x in origin[1].split(",")]) if origin else np.zeros(3)
    return start + sum(i * step for i, step in zip(index, steps[::-1]))


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(1 << 32)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 120
    print("seed", seed)
    rng = np.random.default_rng(seed)
    orders = list(itertools.permutations(range(3)))
    for i in range(rounds):
        channels = int(rng.choice([1, 1, 3]))
        shape = tuple(rng.integers(1, 40, 3)) + ((channels,) if channels > 1 else ())
        v = rng.normal(size=shape).astype("f4")
        data = stream(v, "vector", spacing=(2, 0.5, 0.25)).replace(b"endian", b"space origin: (7,-3,11)\nendian")
        order, flips = orders[i % 6], [axis for axis in range(3) if rng.integers(2)]
        words = ["volaxes", "--order", ",".join(NAMES[a] for a in order)]
        if flips:
            words += ["--flip", ",".join(NAMES[a] for a in flips)]
        out = run(words, data)
        expected = np.flip(v, flips).transpose(*order, *range(3, v.ndim))
        found = parse(out)
        assert found.shape == expected.shape and (found == expected).all(), (words, shape)
        for _ in range(3):
            index = [int(rng.integers(n)) for n in v.shape[:3]]
            flipped = [v.shape[a] - 1 - k if a in flips else k for a, k in enumerate(index)]
            moved = [flipped[a] for a in order]
            assert np.allclose(place(data, index), place(out, moved), atol=1e-9), words


main()
