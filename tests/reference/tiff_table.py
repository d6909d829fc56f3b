#!/usr/bin/python3
"""A table of TIFF files: what each holds, whether tiff2vol takes it, and whether the samples are those
that others read.

tiff_table.py FOLDER...   prints the table; exit 1 when a file that is taken gives other samples, or
                          when nothing else here could read it

Samples are compared with a reader of bytes in this file (numpy and zlib, nothing else) where they are
not compressed or deflated, behind libtiff's tiffcp where they are otherwise (LZW in this file where
tiffcp fails), and with Pillow for JPEG and YCbCr.
Files that tell of several channels or frames are compared with --plain: page by page.
"""
import logging
import os
import subprocess
import sys
import warnings
import zlib

import numpy as np
import tifffile
from PIL import Image
from tiff_pixels import float24
from vol import parse, tiff2vol

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")
Image.MAX_IMAGE_PIXELS = None
WHITE_IS_ZERO, BLACK_IS_ZERO, RGB, PALETTE, CMYK, YCBCR = 0, 1, 2, 3, 5, 6
NONE, LZW, OLD_JPEG, JPEG, DEFLATE, OLD_DEFLATE = 1, 5, 6, 7, 8, 32946


# ---- stored numbers --------------------------------------------------------------------------

def numbers(data, count, bits, kind, order):
    """The first `count` samples of a row."""
    if kind == 3 and bits in (16, 32, 64):
        return np.frombuffer(data, f"{order}f{bits // 8}", count)
    if bits in (8, 16, 32, 64):
        return np.frombuffer(data, f"{order}{'i' if kind == 2 else 'u'}{bits // 8}", count)
    if bits == 24:
        bytes_ = np.frombuffer(data, np.uint8, 3 * count).reshape(count, 3).astype(np.uint32)
        low, middle, high = bytes_.T if order == "<" else bytes_.T[::-1]
        value = low | middle << 8 | high << 16
        return float24(value) if kind == 3 else value
    if kind != 1:
        raise ValueError(f"{bits} bits of kind {kind}")
    every_bit = np.unpackbits(np.frombuffer(data, np.uint8))[:count * bits].reshape(count, bits)
    return every_bit.astype(np.uint64) @ (1 << np.arange(bits, dtype=np.uint64)[::-1])


def lzw(data):
    """TIFF 6.0, section 13: codes of 9 to 12 bits, the highest bit first; 256 clears, 257 ends."""
    out, table, before, held, count, width = bytearray(), [], None, 0, 0, 9
    for byte in data:
        held, count = held << 8 | byte, count + 8
        if count < width:
            continue
        count -= width
        code, held = held >> count, held & ((1 << count) - 1)
        if code == 257:
            break
        if code == 256:
            table, before, width = [bytes([i]) for i in range(256)] + [b"", b""], None, 9
            continue
        word = table[code] if code < len(table) else before + before[:1]
        if before is not None:
            table.append(before + word[:1])
        out += word
        before = word
        width = 9 + (len(table) >= 511) + (len(table) >= 1023) + (len(table) >= 2047)
    return bytes(out)


def value_of(page, name, otherwise):
    tag = page.tags.get(name)
    value = tag.value if tag else otherwise
    return int(value[0] if isinstance(value, tuple) else value)


def read(page, order):
    """Rows x columns x samples of a page."""
    unpack = {NONE: bytes, LZW: lzw, DEFLATE: zlib.decompress, OLD_DEFLATE: zlib.decompress}
    unpack = unpack[value_of(page, "Compression", 1)]
    predictor = value_of(page, "Predictor", 1) if unpack is not bytes else 1
    if predictor > 2:
        raise ValueError("predictor 3")
    rows, columns = value_of(page, "ImageLength", 0), value_of(page, "ImageWidth", 0)
    samples, bits = value_of(page, "SamplesPerPixel", 1), value_of(page, "BitsPerSample", 1)
    kind = value_of(page, "SampleFormat", 1)
    separate = samples > 1 and value_of(page, "PlanarConfiguration", 1) == 2
    high = min(value_of(page, "TileLength", value_of(page, "RowsPerStrip", rows)), rows if not page.is_tiled else 1 << 32)
    wide = value_of(page, "TileWidth", columns)
    side_by_side = 1 if separate else samples
    row_bytes = (wide * side_by_side * bits + 7) // 8
    across, down = -(-columns // wide), -(-rows // high)
    out = None
    file = page.parent.filehandle
    for i, (offset, length) in enumerate(zip(page.dataoffsets, page.databytecounts)):
        channel, place = divmod(i, across * down)
        top, left = place // across * high, place % across * wide
        file.seek(offset)
        data = unpack(file.read(length if unpack is not bytes else row_bytes * high))
        if value_of(page, "FillOrder", 1) == 2:
            data = np.packbits(np.unpackbits(np.frombuffer(data, np.uint8)), bitorder="little").tobytes()
        for row in range(min(high, rows - top)):
            part = data[row * row_bytes:(row + 1) * row_bytes]
            if predictor == 2:
                differences = numbers(part, wide * side_by_side, bits, 1, order).reshape(wide, side_by_side)
                part = np.cumsum(differences, axis=0, dtype=differences.dtype.newbyteorder("="))
                part = part.astype(differences.dtype).tobytes()
            part = numbers(part, wide * side_by_side, bits, kind, order).reshape(wide, side_by_side)
            if out is None:
                out = np.zeros((rows, columns, samples), part.dtype.newbyteorder("="))
            to = slice(channel, channel + 1) if separate else slice(None)
            out[top + row, left:left + wide, to] = part[:columns - left]
    return out


def stored(path, scratch="plain.tif"):
    """Every page as stored, and the name of who read it."""
    with tifffile.TiffFile(path) as tiff:
        schemes = {value_of(page, "Compression", 1) for page in tiff.pages}
        if schemes <= {NONE, DEFLATE, OLD_DEFLATE} and all(value_of(page, "Predictor", 1) < 3 for page in tiff.pages):
            return [read(page, tiff.byteorder) for page in tiff.pages], "bytes"
    command = ["tiffcp", "-c", "none", "-s", "-f", "msb2lsb", path, scratch]
    done = subprocess.run(command, capture_output=True)
    source = scratch if done.returncode == 0 else path
    with tifffile.TiffFile(source) as tiff:
        return [read(page, tiff.byteorder) for page in tiff.pages], "tiffcp" if source == scratch else "bytes"


# ---- what they stand for ---------------------------------------------------------------------

def colors(page):
    table = np.array(page.tags["ColorMap"].value).reshape(3, -1)
    return table * 257 if table.max() < 256 else table


def is_ramp(table):
    even = np.linspace(0, 65535, table.shape[1])
    return np.array_equal(table[0], table[1]) and np.array_equal(table[0], table[2]) and \
        np.abs(table[0] - even).max() <= 514 and (np.diff(table[0]) >= 0).all()


def meaning(page, array):
    """As floats, the full scale 1."""
    bits, photometric = value_of(page, "BitsPerSample", 1), value_of(page, "PhotometricInterpretation", 1)
    if value_of(page, "SampleFormat", 1) == 3:
        array = array.astype(np.float32)
    elif photometric == PALETTE and not is_ramp(colors(page)):
        array = (np.moveaxis(colors(page)[:, array[..., 0].astype(int)], 0, -1) * (1 / 65535)).astype(np.float32)
    elif value_of(page, "SampleFormat", 1) == 2:
        array = np.maximum((array * (1 / (2.0 ** (bits - 1) - 1))).astype(np.float32), -1)
    else:
        if photometric == WHITE_IS_ZERO:
            array = np.array(2 ** bits - 1, array.dtype) - array
        array = (array.astype(np.float64) * (1 / (2.0 ** bits - 1))).astype(np.float32)
    orientation = value_of(page, "Orientation", 1)
    array = array[:, ::-1] if orientation in (2, 3) else array
    return array[::-1] if orientation in (3, 4) else array


def is_plane(page):
    """Neither a smaller copy of another page nor a mask."""
    return value_of(page, "NewSubfileType", 0) & 5 == 0


def pillow(path, numbers):
    pages = []
    with Image.open(path) as image:
        for i in numbers:
            image.seek(i)
            pages.append(np.atleast_3d(np.asarray(image)))
    return [(page * (1 / 255)).astype(np.float32) for page in pages], "Pillow"


def expected(path):
    with tifffile.TiffFile(path) as tiff:
        first = tiff.pages[0]
        scheme = value_of(first, "Compression", 1)
        if value_of(first, "PhotometricInterpretation", 1) == YCBCR or scheme in (OLD_JPEG, JPEG):
            return pillow(path, [i for i, page in enumerate(tiff.pages) if is_plane(page)])
        pages, who = stored(path)
        return [meaning(page, array) for page, array in zip(tiff.pages, pages)], who


# ---- the table -------------------------------------------------------------------------------

def contents(path):
    try:
        with tifffile.TiffFile(path) as tiff:
            page = tiff.pages[0]
            kind = {2: "int", 3: "float"}.get(value_of(page, "SampleFormat", 1), "uint")
            size = "x".join(str(value_of(page, name, 1)) for name in ("ImageLength", "ImageWidth", "SamplesPerPixel"))
            return (f"{len(tiff.pages)} x {size} {kind}{value_of(page, 'BitsPerSample', 1)} "
                    f"{getattr(page.photometric, 'name', page.photometric)} "
                    f"{getattr(page.compression, 'name', page.compression)}")
    except Exception as error:
        return f"tifffile: {type(error).__name__}"


def compare(path, stream):
    """In words, and whether all is well."""
    got = parse(stream)
    try:
        pages, who = expected(path)
    except Exception as error:
        return f"TAKEN, NOT COMPARED: {type(error).__name__}: {error}", False
    wanted = np.stack(pages)
    wanted = wanted[..., 0] if wanted.shape[-1] == 1 and got.ndim == 3 else wanted
    if got.shape != wanted.shape:
        return f"DIFFERS from {who}: {got.shape}, not {wanted.shape}", False
    if not np.array_equal(got, wanted, equal_nan=True):
        return f"DIFFERS from {who} in {np.count_nonzero(got != wanted)} samples of {got.size}", False
    return f"taken; equals {who}", True


def verdict(path):
    status, stream, said = tiff2vol(path)
    if status == 0:
        words, well = compare(path, stream)
        if well:
            return words, True
    plain, plain_stream, plain_said = tiff2vol("--plain", path)
    if plain == 0 and (status != 0 or plain_stream.partition(b"\n\n")[2] != stream.partition(b"\n\n")[2]):
        plain_words, well = compare(path, plain_stream)
        first = "taken" if status == 0 else "refused: " + said.partition(": ")[2].strip().replace(path + ": ", "")
        return f"{first} [--plain: {plain_words}]", well
    if status == 0:
        return words, False
    if status != 1 or said.count("\n") != 1:
        return f"FAILED: exit {status}: {said!r}", False
    return "refused: " + said.strip().replace(f"tiff2vol: {path}: ", ""), True


def main(folders):
    wrong = 0
    print("file | contents | verdict\n---|---|---")
    for folder in folders:
        for name in sorted(os.listdir(folder)):
            words, well = verdict(os.path.join(folder, name))
            wrong += not well
            print(f"{name} | {contents(os.path.join(folder, name))} | {words}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
