#!/usr/bin/python3
"""Volumes to measure on: seeded, cell-like, noisy; balls of several brightness on a dim ground.

volumes.py FOLDER NAME...            makes what is not there yet of
  tiny     32 x 32 x 32 uint16
  small    60 x 256 x 256 float64, all values apart, as a computed stack has them
  medium   256 x 1024 x 1024 uint16, a camera of 12 bits stretched over the full range

Each is NAME.tif, one strip a page, and NAME.nrrd, float32 in 0..1. tiny and medium also are
NAME_z.tif, deflated at level 6 in strips of 64 rows, and NAME.pgm, all planes one below the other;
small also is NAME_32.tif, float32. Planes are made one by one, so that memory stays small."""
import functools
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from files import Tiff, nrrd, pgm

SEED = 20240501
SIZES = {"tiny": (32, 32, 32), "small": (60, 256, 256), "medium": (256, 1024, 1024)}


def stretched(a, axis, size):
    """Linear interpolation along an axis to another size."""
    at = np.clip((np.arange(size) + 0.5) * a.shape[axis] / size - 0.5, 0, a.shape[axis] - 1)
    low = at.astype(int)
    high = np.minimum(low + 1, a.shape[axis] - 1)
    shape = [1] * a.ndim
    shape[axis] = size
    part = (at - low).astype(np.float32).reshape(shape)
    return a.take(low, axis) * (1 - part) + a.take(high, axis) * part


def blurred(a, sigma):
    """Gaussian blur along all axes."""
    for axis in range(a.ndim):
        reach = int(3 * sigma + 0.5)
        weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
        pad = [(reach, reach) if i == axis else (0, 0) for i in range(a.ndim)]
        wide, blur = np.pad(a, pad, mode="edge"), np.zeros_like(a)
        for i, weight in enumerate(weights / weights.sum()):
            blur += np.float32(weight) * wide.take(range(i, i + a.shape[axis]), axis)
        a = blur
    return a


def put_ball(v, rng, radii):
    """A flat ellipsoid somewhere in v; the brighter of two stays."""
    across = rng.uniform(*radii)
    r = np.array([across * rng.uniform(0.3, 0.6), across, across])
    centre = rng.uniform(0, v.shape)
    low = np.maximum(0, centre - r - 1).astype(int)
    high = np.minimum(v.shape, centre + r + 2).astype(int)
    box = tuple(slice(a, b) for a, b in zip(low, high))
    grid = np.ogrid[box]
    inside = sum(((g - c) / s) ** 2 for g, c, s in zip(grid, centre, r)) < 1
    v[box] = np.maximum(v[box], np.float32(rng.uniform(0.25, 1)) * inside)


@functools.lru_cache
def scene(shape, balls, radii):
    """The volume before noise, in 0..0.98."""
    rng = np.random.default_rng(SEED)
    v = np.zeros(shape, np.float32)
    for _ in range(balls):
        put_ball(v, rng, radii)
    texture = blurred(rng.standard_normal(shape, dtype=np.float32), 1.5)
    v = blurred(v, 1.0) * (1 + 0.5 * texture / np.abs(texture).max())
    ground = rng.random([max(1, n // 16) for n in shape], dtype=np.float32)
    for axis, size in enumerate(shape):
        ground = stretched(ground, axis, size)
    return np.clip(0.72 * v + 0.06 + 0.05 * ground, 0, 0.98)


def noisy(plane, number, spread):
    """With noise of that spread, and of every 1000 samples one that is all black or all white."""
    rng = np.random.default_rng((SEED, number))
    noise = rng.standard_normal(plane.shape, dtype=plane.dtype)
    plane = np.clip(plane + noise * spread, 0, 1)
    odd = rng.integers(0, plane.size, max(2, plane.size // 1000))
    plane.flat[odd] = np.arange(odd.size) % 2
    return plane


def computed_planes(shape):
    """The small volume's planes: double, hardly two samples alike."""
    for k, plane in enumerate(scene(shape, 70, (12, 26))):
        yield noisy(plane.astype(np.float64), k, 0.015)


def camera_planes(shape):
    """Planes of any size from one scene of 64 x 256 x 256: 12 bits stretched over 16."""
    base = scene((64, 256, 256), 420, (8, 18))
    planes, rows, columns = shape
    for k in range(planes):
        at = min(k * 64 / planes, 62.999)
        low, part = int(at), np.float32(at % 1)
        plane = base[low] * (1 - part) + base[low + 1] * part
        plane = stretched(stretched(plane, 0, rows), 1, columns)
        plane = noisy(plane, k, 0.006 + 0.02 * np.sqrt(plane))
        yield np.rint(np.rint(plane * 4095) * (65535 / 4095)).astype(np.uint16)


def make(folder, kinds, planes):
    """kinds: file name -> what makes its writer of an open file. Files appear when whole."""
    os.makedirs(folder, exist_ok=True)
    paths = [os.path.join(folder, name) for name in kinds]
    files = [open(path + ".part", "wb") for path in paths]
    writers = [writer(file) for writer, file in zip(kinds.values(), files)]
    with ThreadPoolExecutor() as pool:
        for plane in planes:
            for writer in writers:
                writer.put(plane, pool)
    for path, file in zip(paths, files):
        file.close()
        os.rename(path + ".part", path)


def kinds_of(name, shape):
    if name == "small":
        return {"small.tif": lambda f: Tiff(f, shape, np.float64),
                "small_32.tif": lambda f: Tiff(f, shape, np.float32),
                "small.nrrd": lambda f: nrrd(f, shape, 1.0)}
    kinds = {name + ".tif": lambda f: Tiff(f, shape, np.uint16),
             name + ".nrrd": lambda f: nrrd(f, shape, 65535.0)}
    if name != "stack":
        kinds[name + "_z.tif"] = lambda f: Tiff(f, shape, np.uint16, deflated=True)
        kinds[name + ".pgm"] = lambda f: pgm(f, shape)
    return kinds


def volume(folder, name):
    """Makes the volume unless all of its files are there."""
    shape = SIZES[name]
    kinds = kinds_of(name, shape)
    if all(os.path.exists(os.path.join(folder, file)) for file in kinds):
        return
    print(f"making {name} in {folder}", file=sys.stderr, flush=True)
    make(folder, kinds, computed_planes(shape) if name == "small" else camera_planes(shape))


def stack(folder, planes, side):
    """stack.tif and stack.nrrd of any size, always anew."""
    shape = (planes, side, side)
    make(folder, kinds_of("stack", shape), camera_planes(shape))


if __name__ == "__main__":
    for volume_name in sys.argv[2:]:
        volume(sys.argv[1], volume_name)
