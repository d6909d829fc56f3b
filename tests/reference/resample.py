#!/usr/bin/python3
"""volresample against scikit-image's resize() on random small volumes: resample.py [ROUNDS [SEED]]

Every float is compared, NaN too. clip=False: what --smooth rounds beyond the range of the input stays."""
import random
import sys

import numpy as np
from skimage.transform import resize

from vol import parse, run, stream

f32 = np.float32
cases = 0


def samples(random_, shape):
    rng = np.random.default_rng(random_.getrandbits(32))
    v = random_.choice([lambda: rng.normal(0, 1, shape), lambda: rng.integers(0, 256, shape) / 255,
                        lambda: np.exp(rng.normal(0, 20, shape)), lambda: np.full(shape, rng.random())])()
    return v.astype(f32)


def triple(values):
    return ",".join(map(str, values))


def check(options, data, expected, note):
    global cases
    made = parse(run(["volresample", *options], data))
    assert made.shape == expected.shape, (options, note, made.shape, expected.shape)
    assert np.array_equal(made, expected, equal_nan=True), (options, note, np.argwhere(made != expected)[:5])
    cases += 1


def shape_of(random_):
    return tuple(random_.randint(1, random_.choice([4, 9, 40])) for _ in range(3))


def resized(v, size, order=1, **more):
    return resize(v, size, order=order, mode="edge", clip=False, preserve_range=True,
                  **{"anti_aliasing": False, **more}).astype(f32)


def check_size(random_):
    v = samples(random_, shape_of(random_))
    if random_.random() < 0.2:
        v[np.random.default_rng(1).random(v.shape) < 0.1] = random_.choice([np.nan, np.inf, -0.])
    size = shape_of(random_)
    if random_.random() < 0.3:
        size = (size[0], *v.shape[1:])
    data = stream(v)
    with np.errstate(all="ignore"):
        check(["--size", triple(size)], data, resized(v, size), v.shape)
    check(["--size", triple(size), "--nearest"], data, resized(v, size, 0), v.shape)
    if np.isfinite(v).all():
        check(["--size", triple(size), "--smooth"], data, resized(v, size, anti_aliasing=True), v.shape)


def check_spacing(random_):
    v = samples(random_, shape_of(random_))
    spacing = random_.choice([(0.29, 0.26, 0.26), (1, 0.5, 0.25), (0.3, 0.1, 0.1)])
    data = stream(v, spacing=spacing, unit="um")
    target = random_.choice([0.2, 0.26, 0.5, 1.3])
    size = [max(1, round(round(n * s / target, 9))) for n, s in zip(v.shape, spacing)]
    check(["--spacing", f"{target}um"], data, resized(v, size), spacing)
    check(["--spacing", target], data, resized(v, size), spacing)
    size = [max(1, round(round(n * s / min(spacing), 9))) for n, s in zip(v.shape, spacing)]
    check(["--isotropic"], data, resized(v, size), spacing)


def check_channels(random_):
    channels = random_.choice([1, 2, 3, 5])
    v = samples(random_, (*shape_of(random_), channels))
    size = shape_of(random_)
    for more, order in ([], 1), (["--nearest"], 0):
        expected = np.stack([resized(v[..., c], size, order) for c in range(channels)], -1)
        check(["--size", triple(size), *more], stream(v, "vector"), expected, v.shape)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.getrandbits(32)
    print("seed", seed, flush=True)
    random_ = random.Random(seed)
    for _ in range(rounds):
        for test in check_size, check_spacing, check_channels:
            test(random_)
    print(cases, "cases")


main()
