#!/usr/bin/python3
"""volmath against numpy on random expressions. Usage: expression.py [SEED [ROUNDS]]"""
import os
import random
import re
import sys
import tempfile

import numpy as np
from vol import parse, run, stream

f32 = np.float32


def fill(form, parts, python=None):
    """(text for volmath, text for Python) of a form and its parts, which are such pairs."""
    return form.format(*(p[0] for p in parts)), (python or form).format(*(p[1] for p in parts))


def value(rng, depth, names):
    kind = rng.integers(13) if depth > 0 else rng.integers(2)

    def parts(n):
        return [value(rng, depth - 1, names) for _ in range(n)]
    if kind == 0:
        return 2 * (rng.choice(names),)
    if kind == 1:
        return 2 * (rng.choice(["0", "1", "2.5", ".5", "1e-3", "3", "1e30", "0.1"]),)
    if kind == 2:
        return fill("-{}" if rng.integers(2) else "abs({})", parts(1))
    if kind == 3:
        return fill(rng.choice(["sqrt", "round", "floor", "ceil", "isnan", "isfinite"]) + "({})", parts(1))
    if kind == 4:
        n = rng.integers(2, 4)
        return fill(f"{rng.choice(['min', 'max'])}({', '.join(['{}'] * n)})", parts(n))
    if kind == 5:
        return fill("({} ? {} : {})", parts(3), "where({}, {}, {})")
    if kind == 6:
        either = rng.integers(2)
        return fill("({} || {})" if either else "({} && {})", parts(2), "either({}, {})" if either else "both({}, {})")
    if kind == 7:
        return fill("!({})", parts(1), "no({})")
    if kind == 8:
        return fill("({})^2", parts(1), "({})**2")
    operator = rng.choice(["+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!="], p=[0.15] * 4 + [0.4 / 6] * 6)
    if len(operator) > 1 or operator in "<>":
        return fill(f"(({{}}) {operator} ({{}}))", parts(2))
    return fill(f"{{}} {operator} {{}}" if rng.integers(2) else f"({{}} {operator} {{}})", parts(2))


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


def of(function):
    return lambda *values: number(function(*(np.asarray(v).view(np.ndarray) for v in values)))


FUNCTIONS = {"number": number, "min": reduce_all(np.minimum), "max": reduce_all(np.maximum), "abs": np.abs,
             "sqrt": np.sqrt, "round": of(np.round), "floor": of(np.floor), "ceil": of(np.ceil), "isnan": of(np.isnan),
             "isfinite": of(np.isfinite), "where": of(lambda c, x, y: np.where(c != 0, x, y)),
             "either": of(np.logical_or), "both": of(np.logical_and), "no": of(np.logical_not)}


def evaluate(text, volumes, shape):
    text = re.sub(r"(?<![\w.])(\d*\.?\d+(?:e-?\d+)?)", r"number(\1)", text)
    names = {**FUNCTIONS, **{name: number(v) for name, v in volumes.items()}}
    with np.errstate(all="ignore"):
        return np.broadcast_to(np.asarray(eval(text, {"__builtins__": {}}, names), f32), shape)


def volume(rng, shape):
    v = rng.choice([rng.normal(0, 1, shape), rng.integers(-2, 3, shape) * 0.5, rng.random(shape)], axis=0)
    v[rng.random(shape) < 0.02] = rng.choice([np.nan, np.inf, -np.inf, 0.0])
    return v.astype(f32)


def special():
    small = np.arange(-40, 41) * 0.25
    edges = [0.0, -0.0, np.inf, -np.inf, np.nan, 1e-45, -1e-45, 1.17549435e-38, 3.4e38, -3.4e38, 88.7, 88.8, -103.9, -104,
             16777216, 16777217, -16777215, 1 - 2**-24, 1 + 2**-23, 1e-30, 1e30]
    return np.concatenate([small, edges]).astype(f32)


def same_floats(found, expected, name):
    """The same special results; all else at most one unit off, and hardly any at all."""
    expected = expected.astype(f32)
    assert (found.view(np.uint32)[np.isnan(found)] == 0x7fc00000).all(), name
    whole = ~np.isfinite(expected) | (expected == 0)
    same = (found == expected) & (np.signbit(found) == np.signbit(expected)) | np.isnan(found) & np.isnan(expected)
    near = np.abs(found.view(np.int32).astype(np.int64) - expected.view(np.int32)) <= 1
    assert (same | near & ~whole).all(), (name, found[~same], expected[~same])
    print(f"{name}: {(~same).sum()} of {same.size} are a neighbour")
    assert (~same).mean() < 5e-4, name


def functions(rng):
    many = rng.integers(0, 1 << 32, 1000000, dtype=np.uint32).view(f32)
    middle = rng.normal(0, 10, 1000000).astype(f32)
    with np.errstate(all="ignore"):
        for name, v in [("many", many), ("middle", middle), ("near 1", (1 + rng.normal(0, 1e-3, 100000)).astype(f32)), ("special", special())]:
            double = v.astype("f8")
            for text, expected in [("log(a)", np.log(double)), ("exp(a)", np.exp(double)), ("2 ^ a", 2 ** double),
                                   ("abs(a) ^ 2.2", np.abs(double) ** f32(2.2)), ("a ^ 3", double ** 3), ("a ^ -1", 1 / v),
                                   ("a ^ 2", v * v), ("pow(max(a, 0), .5)", np.sqrt(np.maximum(v, 0)))]:
                found = parse(run(["volmath", text], stream(v.reshape(1, 1, -1)))).ravel()
                same_floats(found, expected, f"{text}, {name}")
        x, y = (m.ravel() for m in np.meshgrid(special(), special()))
        for name, x, y in [("special", x, y), ("middle", np.abs(middle), np.roll(middle, 1)), ("many", many, np.roll(middle, 2))]:
            with tempfile.TemporaryDirectory() as folder:
                for letter, v in [("x", x), ("y", y)]:
                    with open(os.path.join(folder, letter), "wb") as file:
                        file.write(stream(v.reshape(1, 1, -1)))
                found = parse(run(["volmath", "a ^ b", os.path.join(folder, "x"), os.path.join(folder, "y")])).ravel()
            same_floats(found, np.power(x.astype("f8"), y.astype("f8")), f"a ^ b, {name}")


def broadcast(rng):
    small = [rng.integers(1, 8, 4) for _ in range(60)] + [np.array([3, 5, 1, 1]), np.array([70, 900, 50, 3])]
    large = [(np.array([3, 1100, 1000, 1]), axes) for axes in ([0], [3], [1])]
    large += [(np.array([2, 600000, 2, 1]), [2]), (np.array([2, 600000, 1, 2]), [3]), (np.array([1200000, 1, 1, 3]), [3])]
    large += [(np.array([4, 2, 700, 900]), [1]), (np.array([2, 2, 2, 1 << 20]), [1]), (np.array([1 << 19, 1, 2, 3]), [2])]
    cases = [(shape, np.flatnonzero(rng.integers(0, 2, 4))) for shape in small for _ in range(3)] + large
    for shape, axes in cases:
        narrow = shape.copy()
        narrow[axes] = 1
        pair = [rng.normal(0, 1, shape).astype(f32), rng.normal(0, 1, narrow).astype(f32)]
        expected = pair[0] - pair[1]
        order = [0, 1] if rng.integers(2) else [1, 0]
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for i in order:
                v = pair[i][..., 0] if pair[i].shape[3] == 1 and rng.integers(2) else pair[i]
                paths.append(os.path.join(folder, "ab"[len(paths)]))
                with open(paths[-1], "wb") as file:
                    file.write(stream(v, "vector"))
            text = "a - b" if order[0] == 0 else "b - a"
            threads = ["-j", str(rng.integers(1, 4))]
            found = run(["volmath", *threads, text, *paths])
            assert (parse(found).reshape(shape) == expected).all(), (shape, narrow)
            for i in range(2):  # one of them from a pipe
                with open(paths[i], "rb") as file:
                    piped = [*paths[:i], "-", *paths[i + 1:]]
                    again = run(["volmath", *threads, text, *piped], file.read())
                    assert (parse(again) == parse(found)).all(), (shape, narrow, i)


def main():
    if sys.argv[1:] == ["broadcast"]:
        return broadcast(np.random.default_rng())
    if sys.argv[1:] == ["functions"]:
        return functions(np.random.default_rng(1))
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(1 << 32)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    print("seed", seed)
    rng = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            shape = rng.integers(1, 14, 3)
            volumes = {name: volume(rng, shape) for name in "abc"}
            text, python = fill("{} + 0 * (a + b + c)", [value(rng, 4, list("abc"))])
            paths = []
            for name, v in volumes.items():
                paths.append(os.path.join(folder, name))
                with open(paths[-1], "wb") as file:
                    file.write(stream(v))
            if len(text) > 400:
                continue
            found = parse(run(["volmath", "--", text, *paths]))
            expected = evaluate(python, volumes, shape)
            same = (found == expected) | (np.isnan(found) & np.isnan(expected))
            assert same.all(), (text, found[~same][:3], expected[~same][:3])
            assert (found.view(np.uint32)[np.isnan(found)] == 0x7fc00000).all(), text


main()
