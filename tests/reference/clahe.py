#!/usr/bin/python3
"""volclahe against scikit-image's equalize_adapthist. Usage: clahe.py [SEED [ROUNDS]]"""
import random
import sys
import tempfile

import numpy as np
from skimage.exposure import equalize_adapthist
from skimage.exposure._adapthist import _clahe
from vol import parse, run, stream

f32 = np.float32
MAX = 16383


def volume(rng, most):
    shape = rng.integers(1, most, 3)
    if shape[2] in (3, 4):  # scikit-image takes it for colour
        shape[2] += 2
    kind = rng.integers(7)
    v = rng.random(shape)
    if kind == 1:
        v = rng.integers(0, 256, shape) * (1 / 255)
    elif kind == 2:
        v = rng.integers(0, 65536, shape) * (1 / 65535)
    elif kind == 3:
        v = np.full(shape, rng.random())
    elif kind == 4:
        v = v * 2 - 1
    elif kind == 5:
        v = v ** 8
    elif kind == 6:
        v = rng.integers(0, 2, shape) * 0.5
    return v.astype(f32)


def options(rng, shape):
    kernel = [int(rng.integers(1, 2 * n + 3)) for n in shape]
    clip = float(rng.choice([0, 0.002, 0.01, 0.03, 0.5, 1]))
    bins = int(rng.choice([7, 100, 128, 200, 256, 256, 300, 1000]))
    return kernel, clip, bins


def check(rng):
    v = volume(rng, int(rng.choice([8, 25])))
    kernel, clip, bins = options(rng, v.shape)
    words = ["volclahe", "--clip-limit", repr(clip), "-b", str(bins)]
    if rng.integers(4) == 0:
        kernel = None
    else:
        words += ["--kernel", ",".join(map(str, kernel))]
    found = parse(run(words, stream(v)))
    expected = equalize_adapthist(v, kernel, clip, bins)
    assert (found == expected.astype(f32)).all(), (v.shape, kernel, clip, bins, v.dtype, expected.dtype)


def check_range(rng):
    v = volume(rng, 20)
    kernel, clip, bins = options(rng, v.shape)
    low, high = sorted(float(round(x, 3)) for x in rng.uniform(-0.5, 1.5, 2))
    if low == high:
        high += 1
    levels = np.rint(np.clip((v.astype(float) - low) / (high - low), 0, 1) * MAX).astype(np.uint16)
    limit = clip
    found = parse(run(["volclahe", "--kernel", ",".join(map(str, kernel)), "--clip-limit", repr(clip), "-b", str(bins),
                       "--range", f"{low!r},{high!r}"], stream(v)))
    expected = _clahe(levels, kernel, limit, bins).astype(f32) / f32(MAX)
    assert (found == expected).all(), (v.shape, kernel, clip, bins, low, high)


def check_many_tiles(rng):
    """Histograms that are counted in bands of tiles, whose maps are kept in a file."""
    v = rng.random((int(rng.integers(1, 6)), int(rng.integers(20, 50)), 90)).astype(f32)
    kernel = [int(rng.integers(1, 4)), int(rng.integers(5, 12)), 1]
    words = ["volclahe", "-b", "16384", "--kernel", ",".join(map(str, kernel))]
    found = parse(run(words, stream(v)))
    assert (found == equalize_adapthist(v, kernel, nbins=16384).astype(f32)).all(), (v.shape, kernel)


def stand_in(full, layer, after):
    """The nearest layer in which anything is counted; of two that of the cell's side."""
    return min(np.flatnonzero(full), key=lambda i: (abs(i - layer), i < layer if after else i > layer))


def check_empty_layers(rng):
    """Layers of NaN part those around them; layers outside a mask are mapped as the nearest ones. Each channel has its
    own."""
    kernel, n, channels = int(rng.choice([2, 4, 8])), int(rng.integers(1, 9)), int(rng.integers(1, 4))
    full = rng.random((n, channels)) < 0.5
    counted = np.broadcast_to(np.repeat(full, kernel, 0)[:, None, None], (n * kernel, 8, 8, channels))
    v = rng.random(counted.shape).astype(f32)
    words = ["volclahe", "--quiet", "--range", "0,1", "--kernel", f"{kernel},4,4"]

    def equalize(v, mask=None):
        if mask is None:
            return parse(run(words, stream(v, "vector"))).reshape(v.shape)
        with tempfile.NamedTemporaryFile(suffix=".nrrd") as file:
            file.write(stream(mask.astype(f32), "vector"))
            file.flush()
            return parse(run([*words, "--mask", file.name], stream(v, "vector"))).reshape(v.shape)

    holed, masked = equalize(np.where(counted, v, f32(np.nan))), equalize(v, counted)
    assert (np.isnan(holed) == ~counted).all() and (masked[counted] == holed[counted]).all(), full
    for c in range(channels):
        ends = np.flatnonzero(np.diff(full[:, c], prepend=False, append=False))
        alone = {}
        for first, end in zip(ends[::2], ends[1::2]):
            planes = np.arange(first * kernel, end * kernel)
            part = equalize(np.ascontiguousarray(v[planes][..., c:c + 1]))
            assert (holed[planes][..., c:c + 1] == part).all(), (full, c)
            only = np.zeros((*v.shape[:3], 1), f32)
            only[planes] = 1
            alone.update(dict.fromkeys(range(first, end), equalize(np.ascontiguousarray(v[..., c:c + 1]), only)))
        for z in range(n * kernel if alone else 0):
            after = min((z + kernel // 2) // kernel, n - 1)
            before = max((z + kernel // 2) // kernel - 1, 0)
            a, b = (alone[stand_in(full[:, c], layer, i)] for i, layer in enumerate((after, before)))
            if a is b:
                assert (masked[z, ..., c] == a[z, ..., 0]).all(), (full, c, z, kernel)


def check_channels(rng):
    v = rng.random((*rng.integers(5, 20, 3), 3)).astype(f32)
    words = ["volclahe", "--kernel", "3,4,5", "--range", "0,1"]
    found = parse(run(words, stream(v, "vector")))
    for c in range(3):
        alone = parse(run(words, stream(np.ascontiguousarray(v[..., c]))))
        assert (found[..., c] == alone).all()


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.randrange(1 << 32)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 150
    print("seed", seed)
    rng = np.random.default_rng(seed)
    for _ in range(rounds):
        check(rng)
    for _ in range(rounds // 3):
        check_range(rng)
    for _ in range(3):
        check_many_tiles(rng)
        check_empty_layers(rng)
        check_channels(rng)


main()
