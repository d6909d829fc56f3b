#!/usr/bin/python3
"""voldistance against scipy.ndimage.distance_transform_edt, rounded to float, on random small volumes:
distance.py [ROUNDS [SEED]]. Every float is compared."""
import random
import sys

import numpy as np
from scipy.ndimage import distance_transform_edt

from vol import parse, run, stream

f32 = np.float32
cases = 0
SPACINGS = [(1, 1, 1), (0.29, 0.26, 0.26), (1, 0.5, 0.25), (0.3, 0.1, 0.1), (0.1, 0.1, 0.7), (2, 3, 5), (5, 0.37, 0.37)]


def check(options, data, expected, note):
    global cases
    made = parse(run(["voldistance", *options], data)).reshape(expected.shape)
    assert np.array_equal(made, expected), (options, note, np.argwhere(made != expected)[:5],
                                            made[made != expected][:5], expected[made != expected][:5])
    cases += 1


def mask_of(random_, shape):
    """Noise of any density, balls, a few zeros; never without a 0 and a 1 where there is room."""
    rng = np.random.default_rng(random_.getrandbits(32))
    kind = random_.randrange(3)
    if kind == 0:
        mask = rng.random(shape) < random_.choice([0.02, 0.5, 0.9, 0.999])
    elif kind == 1:
        grid = np.indices(shape)
        mask = np.zeros(shape, bool)
        for _ in range(random_.randint(1, 4)):
            mask |= sum((g - rng.uniform(0, n)) ** 2 for g, n in zip(grid, shape)) < rng.uniform(0, max(shape)) ** 2
    else:
        mask = np.ones(shape, bool)
    flat = mask.reshape(-1)
    flat[rng.integers(flat.size)] = False
    if flat.size > 1 and not flat.any():
        flat[rng.permutation(np.flatnonzero(~flat))[0]] = True
        flat[np.flatnonzero(~flat)[0]] = False
    return mask


def shape_of(random_):
    return tuple(random_.randint(1, random_.choice([3, 9, 30])) for _ in range(3))


def check_mask(random_):
    mask, spacing = mask_of(random_, shape_of(random_)), random_.choice(SPACINGS)
    v = np.where(mask, random_.choice([1, -3, 1e-40, np.nan, np.inf]), random_.choice([0., -0.])).astype(f32)
    data = stream(v, spacing=spacing, unit="um")
    inside, outside = distance_transform_edt(mask, spacing), distance_transform_edt(~mask, spacing)
    check([], data, inside.astype(f32), (mask.shape, spacing))
    check(["--voxels"], data, distance_transform_edt(mask).astype(f32), mask.shape)
    most = random_.choice([0.25, 1, 3, 100]) * min(spacing)
    check(["--max", repr(most)], data, np.minimum(inside, most).astype(f32), (mask.shape, spacing))
    if mask.any():
        check(["--outside"], data, outside.astype(f32), (mask.shape, spacing))
        check(["--signed"], data, outside.astype(f32) - inside.astype(f32), (mask.shape, spacing))
        check(["--signed", "--max", f"{most!r}um"], data,
              np.minimum(outside, most).astype(f32) - np.minimum(inside, most).astype(f32), (mask.shape, spacing))


def check_channels(random_):
    channels, shape = random_.choice([1, 2, 3, 5]), shape_of(random_)
    masks = [mask_of(random_, shape) for _ in range(channels)]
    data = stream(np.stack(masks, -1).astype(f32), "vector", spacing=(2, 3, 5))
    expected = [distance_transform_edt(mask, (2, 3, 5)).astype(f32) for mask in masks]
    check([], data, np.stack(expected, -1), shape)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.getrandbits(32)
    print("seed", seed, flush=True)
    random_ = random.Random(seed)
    for _ in range(rounds):
        for test in check_mask, check_channels:
            test(random_)
    print(cases, "cases")


main()
