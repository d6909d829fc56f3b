#!/usr/bin/python3
"""tiff2vol against tifffile and img_as_float.

volumes FILE...  stacks of one channel, sample for sample
flavours         files made here: types, byte orders, layouts, compressions, random slices
mutants FILE...  damaged copies of files: one line and exit 1, or a stream, in good time
"""
import itertools
import logging
import os
import subprocess
import sys

import numpy as np
import tifffile
from skimage import img_as_float
from vol import parse, tiff2vol

SEED = int(os.environ.get("SEED", 20240607))
logging.disable(logging.CRITICAL)


def expected(array):
    """float32 of img_as_float's double, which leaves floats as they are."""
    with np.errstate(over="ignore"):
        return (array if array.dtype.kind == "f" else img_as_float(array)).astype(np.float32)


def check(what, array, *arguments, scale=expected, **more):
    status, stream, said = tiff2vol(*arguments, **more)
    if status != 0:
        sys.exit(f"{what}: refused: {said}")
    got, wanted = parse(stream), scale(array)
    if got.shape != wanted.shape or not np.array_equal(got, wanted, equal_nan=True):
        sys.exit(f"{what}: {got.shape} and {wanted.shape}, samples differ")


def volumes(paths):
    for path in paths:
        with tifffile.TiffFile(path) as tiff:
            array = np.stack([page.asarray() for page in tiff.pages])
        check(os.path.basename(path), array, path)


def samples(rng, dtype, shape):
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        array = rng.normal(0, 10, shape).astype(dtype)
        array.flat[:3] = np.nan, np.inf, -0.0
        return array
    info = np.iinfo(dtype)
    array = rng.integers(info.min, info.max, shape, dtype, endpoint=True)
    array.flat[:2] = info.min, info.max
    return array


def write_flavours(rng):
    """Yields what, array (planes, rows, columns[, channels]), file."""
    types = "u1 i1 u2 i2 u4 i4 u8 i8 f4 f8".split()
    layouts = {"strip": {}, "rows": {"rowsperstrip": 1}, "strips": {"rowsperstrip": 7},
               "tiles": {"tile": (16, 32)}, "tile": {"tile": (64, 64)}}
    for dtype, order, (layout, how) in itertools.product(types, "<>", layouts.items()):
        array = samples(rng, dtype, (3, 37, 41))
        file = "flavour.tif"
        tifffile.imwrite(file, array, byteorder=order, photometric="minisblack", metadata=None,
                         bigtiff=bool(rng.integers(2)), **how,
                         compression=[None, "zlib"][rng.integers(2)])
        yield f"{dtype} {order} {layout}", array, file
    colors = itertools.product("u1 u2 f4".split(), (3, 4), ("contig", "separate"),
                               ("strip", "strips", "tiles"), "<>", (None, "zlib"))
    for dtype, channels, planar, layout, order, compression in colors:
        array = samples(rng, dtype, (2, 37, 41, channels))
        stored = array if planar == "contig" else np.moveaxis(array, -1, 1)
        tifffile.imwrite("color.tif", stored, byteorder=order, photometric="rgb", metadata=None,
                         planarconfig=planar, extrasamples=["unassalpha"][:channels - 3],
                         compression=compression, **layouts[layout])
        yield f"{dtype} {channels} {planar} {layout} {order} {compression}", array, "color.tif"


def write_recoded(rng):
    """What tifffile does not compress, libtiff's tiffcp does."""
    schemes = ["lzw", "lzw:2", "zip:2", "packbits", "zstd", "zstd:2", "lzma"]
    layouts = [["-r", "5"], ["-r", "1000"], ["-t", "-w", "32", "-l", "16"]]
    ends = [["-L"], ["-B"]]
    for dtype, scheme, layout, end in itertools.product("u1 u2 i4 f4".split(), schemes, layouts,
                                                        ends):
        scheme = scheme.replace(":2", ":3") if dtype == "f4" else scheme
        if end == ["-B"] and scheme.endswith(":3"):
            continue  # tiffcp 4.5 writes these wrongly: it can't read them back either
        array = samples(rng, dtype, (2, 300, 900) if rng.integers(8) == 0 else (2, 30, 50))
        tifffile.imwrite("plain.tif", array, photometric="minisblack", metadata=None)
        command = ["tiffcp", *end, "-c", scheme, *layout, "plain.tif", "recoded.tif"]
        if subprocess.run(command, capture_output=True).returncode == 0:
            yield " ".join(command), array, "recoded.tif"


def flavours():
    rng = np.random.default_rng(SEED)
    count = 0
    for what, array, file in itertools.chain(write_flavours(rng), write_recoded(rng)):
        what = f"seed {SEED}: {what}"
        if rng.integers(2):
            check(what, array, file)
        else:
            begin, step = int(rng.integers(2)), int(rng.integers(1, 3))
            part = slice(begin, None, step)
            check(what + f" [{begin}::{step}]", array[part], f"-p{begin}::{step}", file)
        if rng.integers(10) == 0:
            check(what + " raw", array, "--raw", file, scale=lambda a: a.astype(np.float32))
        if rng.integers(10) == 0:
            with open(file, "rb") as pipe:
                check(what + " piped", array, "-", input=pipe.read())
        count += 1
    print(f"{count} flavours")


def mutants(paths):
    rng = np.random.default_rng(SEED)
    refused = count = 0
    for path in paths:
        whole = open(path, "rb").read()
        for _ in range(40):
            bytes_ = bytearray(whole)
            if rng.integers(4) == 0:
                bytes_ = bytes_[:rng.integers(len(bytes_))]
            for _ in range(rng.integers(1, 6)):
                if bytes_:
                    bytes_[rng.integers(len(bytes_))] = rng.integers(256)
            with open("mutant.tif", "wb") as file:
                file.write(bytes_)
            status, stream, said = tiff2vol("mutant.tif", timeout=20)
            lines = said.splitlines()  # notices, and a refusal
            well = all(line.startswith("tiff2vol: ") for line in lines) and len(lines) <= 4
            if status not in (0, 1) or not well or (status == 1 and not lines):
                sys.exit(f"seed {SEED}: mutant of {path}: exit {status}, said {said!r}")
            refused += status
            count += 1
    print(f"{count} mutants, {refused} refused")


if __name__ == "__main__":
    if sys.argv[1] == "volumes":
        volumes(sys.argv[2:])
    elif sys.argv[1] == "flavours":
        flavours()
    else:
        mutants(sys.argv[2:])
