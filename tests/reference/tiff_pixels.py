#!/usr/bin/python3
"""Pages of every layout, written here byte by byte, through tiff2vol: the samples must be those that
were written.

tiff_pixels.py random COUNT    depths, kinds, channels, layouts, orders, turns, palettes at random
tiff_pixels.py floats          every half, every float of 24 bits
tiff_pixels.py small FILE...   copies of small files with bytes changed: a stream, or one line
"""
import os
import struct
import subprocess
import sys
import zlib

import numpy as np
from vol import parse, tiff2vol

SEED = int(os.environ.get("SEED", 20240613))
UNSIGNED, SIGNED, FLOAT, UNTYPED = 1, 2, 3, 4
SHORT, LONG = 3, 4


# ---- writing ---------------------------------------------------------------------------------

def packed(row, bits, order):
    """One row of stored numbers as bytes."""
    if bits == 24:
        bytes_ = row.astype(">u4").view(np.uint8).reshape(-1, 4)[:, 1:]
        return (bytes_ if order == ">" else bytes_[:, ::-1]).tobytes()
    if row.dtype.kind == "f" or bits in (8, 16, 32, 64):
        return row.astype(row.dtype.newbyteorder(order)).tobytes()
    every = (row[:, None].astype(np.uint64) >> np.arange(bits, dtype=np.uint64)[::-1]) & np.uint64(1)
    return np.packbits(every.astype(np.uint8)).tobytes()


def packbits(data):
    """In literal runs, which go on from row to row, and one of repeated bytes at the end."""
    end = len(data.rstrip(data[-1:]))
    out = b"".join(bytes([len(part) - 1]) + part for part in (data[i:min(i + 128, end)] for i in range(0, end, 128)))
    for i in range(end, len(data), 128):
        count = min(128, len(data) - i)
        out += bytes([257 - count if count > 1 else 0]) + data[-1:]
    return out


def units(array, form):
    """Strips or tiles, decoded, in their order."""
    rows, columns, _ = array.shape
    high, wide = form["unit"]
    for part in np.moveaxis(array, -1, 0)[..., None] if form["separate"] else [array]:
        for top in range(0, rows, high):
            for left in range(0, columns, wide):
                piece = part[top:top + high, left:left + wide]
                if form["tiled"]:
                    fill = [(0, high - piece.shape[0]), (0, wide - piece.shape[1]), (0, 0)]
                    piece = np.pad(piece, fill, mode="edge")
                yield b"".join(packed(row.ravel(), form["bits"], form["order"]) for row in piece)


def write(path, pages, form):
    """pages: stored numbers, rows x columns x samples."""
    order = form["order"]
    out = bytearray((b"II" if order == "<" else b"MM") + struct.pack(order + "HI", 42, 0))
    link = 4
    pack = {1: bytes, 8: zlib.compress, 32773: packbits}[form["compression"]]

    def put(values, code):
        at = len(out) + len(out) % 2
        out.extend(bytes(at - len(out)) + struct.pack(f"{order}{len(values)}{code}", *values))
        return at

    for array in pages:
        rows, columns, samples = array.shape
        offsets, counts = [], []
        for unit in units(array, form):
            data = pack(unit)
            if form["fill"] == 2:
                data = np.packbits(np.unpackbits(np.frombuffer(data, np.uint8)), bitorder="little").tobytes()
            offsets.append(len(out))
            counts.append(len(data))
            out += data
        tags = {256: [columns], 257: [rows], 258: [form["bits"]] * samples, 259: [form["compression"]],
                262: [form["photometric"]], 266: [form["fill"]], 274: [form["orientation"]], 277: [samples],
                284: [2 if form["separate"] else 1], 339: [form["kind"]] * samples}
        if form["tiled"]:
            tags.update({322: [form["unit"][1]], 323: [form["unit"][0]], 324: offsets, 325: counts})
        else:
            tags.update({273: offsets, 278: [form["unit"][0]], 279: counts})
        if form["extra"]:
            tags[338] = form["extra"]
        if form["map"] is not None:
            tags[320] = form["map"].ravel().tolist()
        tags.update(form.get("tags", {}))
        entries = []
        for tag, values in sorted(tags.items()):
            code, kind = ("I", LONG) if tag in (256, 257, 273, 278, 279, 322, 323, 324, 325) else ("H", SHORT)
            size = struct.calcsize(code) * len(values)
            value = struct.pack(f"{order}{len(values)}{code}", *values).ljust(4, b"\0") if size <= 4 else \
                struct.pack(order + "I", put(values, code))
            entries.append(struct.pack(order + "HHI", tag, kind, len(values)) + value)
        at = len(out) + len(out) % 2
        out.extend(bytes(at - len(out)))
        struct.pack_into(order + "I", out, link, at)
        out += struct.pack(order + "H", len(entries)) + b"".join(entries) + bytes(4)
        link = len(out) - 4
    with open(path, "wb") as file:
        file.write(out)


# ---- what comes out --------------------------------------------------------------------------

def turned(array, orientation):
    array = array[:, :, ::-1] if orientation in (2, 3) else array
    return array[:, ::-1] if orientation in (3, 4) else array


def expected(array, form, raw):
    array = turned(array, form["orientation"])
    bits, kind = form["bits"], form["kind"]
    with np.errstate(over="ignore"):
        if raw or kind == FLOAT:
            return array.astype(np.float32)
    if form["map"] is not None:
        table = form["map"].astype(float) * (257 if form["map"].max() < 256 else 1)
        colors = np.moveaxis(table[:, array[..., 0].astype(int)], 0, -1)
        return (colors * (1 / 65535)).astype(np.float32)
    if kind == SIGNED:
        return np.maximum((array * (1 / (2.0 ** (bits - 1) - 1))).astype(np.float32), np.float32(-1))
    if form["photometric"] == 0:
        array = np.array(2 ** bits - 1, array.dtype) - array
    return (array.astype(np.float64) * (1 / (2.0 ** bits - 1))).astype(np.float32)


def depths(rng):
    bits = int(rng.choice([*range(1, 17), 20, 24, 24, 31, 32, 64]))
    kinds = [UNSIGNED, UNSIGNED, UNTYPED] + [SIGNED] * (bits in (8, 16, 32, 64)) + [FLOAT] * (bits in (16, 32, 64))
    return bits, int(rng.choice(kinds))


def numbers(rng, bits, kind, shape):
    if kind == FLOAT:
        array = rng.normal(0, 100, shape).astype(f"f{bits // 8}")
        array.flat[:2] = np.nan, -np.inf
        return array
    array = np.frombuffer(rng.bytes(8 * int(np.prod(shape))), np.uint64).reshape(shape) >> np.uint64(64 - bits)
    array = array.copy()
    array.flat[-1] = 2 ** bits - 1
    unsigned = array.astype("u1" if bits <= 8 else "u2" if bits <= 16 else "u4" if bits <= 32 else "u8")
    return unsigned.view(unsigned.dtype.str.replace("u", "i")) if kind == SIGNED else unsigned


def choose(rng):
    bits, kind = depths(rng)
    rows, columns = int(rng.integers(1, 40)), int(rng.integers(1, 40))
    if rng.integers(12) == 0:
        rows, columns = 300, 1000
    photometric = int(rng.choice([0, 1, 2, 3] if kind in (UNSIGNED, UNTYPED) else [1, 2]))
    samples, extra, table = 1, [], None
    if photometric == 1:
        samples = int(rng.choice([1, 1, 2, 3, 4, 7]))
        extra = [0] * (samples - 1)
    elif photometric == 2:
        samples = int(rng.choice([3, 3, 4, 5]))
        extra = [[], [2], [1, 0]][samples - 3]
    elif photometric == 3:
        bits = bits if bits <= 16 else 8
        table = rng.integers(0, 256 if rng.integers(3) == 0 else 65536, (3, 2 ** bits))
        table[0, 0] = table[0].max() + (table[0].max() < 65535)  # no gray ramp
    tiled = bool(rng.integers(3) == 0)
    unit = (16 * int(rng.integers(1, 4)), 16 * int(rng.integers(1, 4))) if tiled else (int(rng.integers(1, rows + 3)), columns)
    form = {"bits": bits, "kind": kind, "order": "<>"[rng.integers(2)], "photometric": photometric, "extra": extra,
            "map": table, "tiled": tiled, "unit": unit, "separate": samples > 1 and bool(rng.integers(2)),
            "compression": int(rng.choice([1, 8, 32773])), "fill": int(rng.choice([1, 1, 1, 2])),
            "orientation": int(rng.choice([1, 1, 2, 3, 4]))}
    return form, (int(rng.integers(1, 4)), rows, columns, samples)


def check(what, array, form, *arguments):
    raw = "--raw" in arguments
    status, stream, said = tiff2vol(*arguments, "made.tif")
    if status != 0:
        sys.exit(f"{what}: refused: {said}")
    got, wanted = parse(stream), expected(array, form, raw)
    if wanted.shape[-1] == 1:
        wanted = wanted[..., 0]
    if got.shape != wanted.shape or not np.array_equal(got, wanted, equal_nan=True):
        sys.exit(f"{what}: {got.shape} and {wanted.shape}, samples differ")


def random(count):
    rng = np.random.default_rng(SEED)
    for number in range(count):
        form, shape = choose(rng)
        array = numbers(rng, form["bits"], form["kind"], shape)
        write("made.tif", array, form)
        shown = {name: value for name, value in form.items() if name != "map"}
        raw = ["--raw"] * int(rng.integers(6) == 0)
        check(f"seed {SEED}: file {number}: {shape} {shown} {raw}", array, form, *raw)
    print(f"{count} files")


def picture(path):
    """What libtiff's tiff2rgba makes of every page, without alpha."""
    subprocess.run(["tiff2rgba", "-c", "none", path, "rgba.tif"], check=True, capture_output=True)
    drawn = parse(tiff2vol("--raw", "rgba.tif")[1])[..., :3].astype(np.float64)
    return (drawn * (1 / 255)).astype(np.float32)


# ---- small floats ----------------------------------------------------------------------------

PLAIN = {"kind": FLOAT, "order": ">", "photometric": 1, "extra": [], "map": None, "tiled": False, "unit": (99, 4096),
         "separate": False, "compression": 1, "fill": 1, "orientation": 1}


def float24(bits):
    """1 sign, 7 exponent, 16 fraction."""
    sign, exponent, fraction = bits >> 23, (bits >> 16 & 127).astype(int), (bits & 65535).astype(float)
    value = np.where(exponent == 0, np.ldexp(fraction, -62 - 16), np.ldexp(1 + fraction / 65536, exponent - 63))
    value = np.where(exponent == 127, np.where(fraction == 0, np.inf, np.nan), value)
    return np.where(sign == 1, -value, value).astype(np.float32)


def floats():
    every = np.arange(65536, dtype=np.uint16).view(np.float16).reshape(1, 16, 4096, 1)
    for order in "<>":
        form = {**PLAIN, "bits": 16, "order": order}
        write("made.tif", every, form)
        check(f"half {order}", every, form)
    stored = np.arange(1 << 24, dtype=np.uint32).reshape(1, 4096, 4096, 1)
    value = float24(stored)
    for order in "<>":
        form = {**PLAIN, "bits": 24, "order": order}
        write("made.tif", stored, form)
        check(f"24 bits {order}", value, form)
    print("all halves, all floats of 24 bits")


# ---- damage ----------------------------------------------------------------------------------

def damage(paths):
    rng = np.random.default_rng(SEED)
    refused = count = 0
    for path in paths:
        whole = open(path, "rb").read()
        for _ in range(int(os.environ.get("MUTANTS", 3))):
            copy = bytearray(whole)
            for _ in range(rng.integers(1, 6)):
                copy[rng.integers(len(copy))] = rng.integers(256)
            with open("mutant.tif", "wb") as file:
                file.write(copy)
            taking = ["--plain", "--rgb"][:1 + int(rng.integers(4) == 0)]
            status, _, said = tiff2vol(*taking, "mutant.tif", timeout=60)
            lines = said.splitlines()  # notices, and a refusal
            well = all(line.startswith("tiff2vol: ") for line in lines) and len(lines) <= 4
            if status not in (0, 1) or not well or (status == 1 and not lines):
                os.rename("mutant.tif", "culprit.tif")
                sys.exit(f"seed {SEED}: mutant of {path}: exit {status}, said {said[-2000:]!r}")
            refused += status
            count += 1
    print(f"{count} mutants, {refused} refused")


if __name__ == "__main__":
    if sys.argv[1] == "random":
        random(int(sys.argv[2]))
    elif sys.argv[1] == "floats":
        floats()
    else:
        damage(sys.argv[2:])
