#!/usr/bin/python3
"""volmath against numpy on random expressions. Usage: expression.py [SEED [ROUNDS]]"""
import os
import random
import sys
import tempfile

import numpy as np
from vol import parse, run, stream

f32 = np.float32


def value(rng, depth, names):
    kind = rng.integers(9) if depth > 0 else rng.integers(2)
    if kind == 0:
        return rng.choice(names)
    if kind == 1:
        return rng.choice(["0", "1", "2.5", ".5", "1e-3", "3", "1e30", "0.1"])
    if kind == 2:
        return f"-{value(rng, depth - 1, names)}" if rng.integers(2) else f"abs({value(rng, depth - 1, names)})"
    if kind == 3:
        return f"sqrt({value(rng, depth - 1, names)})"
    if kind == 4:
        return f"{rng.choice(['min', 'max'])}({', '.join(value(rng, depth - 1, names) for _ in range(rng.integers(2, 4)))})"
    operator = rng.choice(["+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!="], p=[0.15] * 4 + [0.4 / 6] * 6)
    parts = [value(rng, depth - 1, names) for _ in range(2)]
    if len(operator) > 1 or operator in "<>":
        return f"(({parts[0]}) {operator} ({parts[1]}))"
    return f"{parts[0]} {operator} {parts[1]}" if rng.integers(2) else f"({parts[0]} {operator} {parts[1]})"


class Number(np.ndarray):
    """Float32 whose comparisons are float32 too."""

    def __array_ufunc__(self, ufunc, method, *inputs, **more):
        inputs = [np.asarray(i, f32).view(np.ndarray) for i in inputs]
        return np.asarray(getattr(ufunc, method)(*inputs, **more), f32).view(Number)


def number(x):
    return np.asarray(x, f32).view(Number)


def reduce_all(function):
    def all_of(*values):
        result = values[0]
        for v in values[1:]:
            result = number(function(result, v))
        return result
    return all_of


def evaluate(text, volumes):
    import re
    text = re.sub(r"(?<![\w.])(\d*\.?\d+(?:e-?\d+)?)", r"number(\1)", text)
    names = {"number": number, "min": reduce_all(np.minimum), "max": reduce_all(np.maximum),
             "abs": np.abs, "sqrt": np.sqrt, **{name: number(v) for name, v in volumes.items()}}
    with np.errstate(all="ignore"):
        return np.broadcast_to(np.asarray(eval(text, {"__builtins__": {}}, names), f32), volumes["a"].shape)


def volume(rng, shape):
    v = rng.choice([rng.normal(0, 1, shape), rng.integers(-2, 3, shape) * 0.5, rng.random(shape)], axis=0)
    v[rng.random(shape) < 0.02] = rng.choice([np.nan, np.inf, -np.inf, 0.0])
    return v.astype(f32)


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(1 << 32)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    print("seed", seed)
    rng = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            shape = rng.integers(1, 14, 3)
            volumes = {name: volume(rng, shape) for name in "abc"}
            text = f"{value(rng, 5, list('abc'))} + 0 * (a + b + c)"
            paths = []
            for name, v in volumes.items():
                paths.append(os.path.join(folder, name))
                with open(paths[-1], "wb") as file:
                    file.write(stream(v))
            if len(text) > 400:
                continue
            found = parse(run(["volmath", "--", text, *paths]))
            expected = evaluate(text, volumes)
            same = (found == expected) | (np.isnan(found) & np.isnan(expected))
            assert same.all(), (text, found[~same][:3], expected[~same][:3])
            assert (found.view(np.uint32)[np.isnan(found)] == 0x7fc00000).all(), text


main()
