#!/usr/bin/python3
"""TIFF files outside the rules, written here byte by byte, without any TIFF library.

tiff_damage.py types        the same page with counts of every integer type, and resolutions of every
                            type of numbers: TYPES/*.tif, whose volumes must be equal
tiff_damage.py made         single files of the kinds that tests/tiff_damage.bats names"""
import os
import random
import struct
import sys

BYTE, ASCII, SHORT, LONG, RATIONAL, SBYTE, SSHORT, SLONG, SRATIONAL, FLOAT, DOUBLE, LONG8, SLONG8 = (
    1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 16, 17)
CODES = {BYTE: "B", ASCII: "B", SHORT: "H", LONG: "I", SBYTE: "b", SSHORT: "h", SLONG: "i", FLOAT: "f",
         DOUBLE: "d", LONG8: "Q", SLONG8: "q"}


def packed(kind, values, order):
    if kind in (RATIONAL, SRATIONAL):
        code = "I" if kind == RATIONAL else "i"
        return b"".join(struct.pack(f"{order}2{code}", round(value * 1000), 1000) for value in values)
    return struct.pack(f"{order}{len(values)}{CODES[kind]}", *values)


def tiff(pages, data, big=False, order="<", link=0):
    """pages: lists of (tag, type, values); a value that is a string "data+N" becomes the offset of byte N of
    the data, "here+N" is kept as N. link: of the last directory."""
    count, entry, wide, word = ("Q", 20, 8, "Q") if big else ("H", 12, 4, "I")
    head = 16 if big else 8
    sizes = [struct.calcsize("=" + count) + entry * len(page) + wide for page in pages]
    spill = head + sum(sizes)
    lengths = [len(packed(kind, [0 if isinstance(v, str) else v for v in values], order))
               for page in pages for _, kind, values in page]
    start = spill + sum(length + length % 2 for length in lengths if length > wide)
    out = (b"II" if order == "<" else b"MM") + (struct.pack(order + "HHHQ", 43, 8, 0, head) if big else
                                                 struct.pack(order + "HI", 42, head))
    extra = b""
    for i, page in enumerate(pages):
        out += struct.pack(order + count, len(page))
        for tag, kind, values in sorted(page):
            values = [start + int(v[5:]) if isinstance(v, str) else v for v in values]
            raw = packed(kind, values, order)
            out += struct.pack(f"{order}HH{word}", tag, kind, len(values))
            if len(raw) > wide:
                out += struct.pack(order + word, spill + len(extra))
                extra += raw + bytes(len(raw) % 2)
            else:
                out += raw.ljust(wide, b"\0")
        last = i + 1 == len(pages)
        out += struct.pack(order + word, link if last else head + sum(sizes[:i + 1]))
    return out + extra + data


def text(tag, words):
    return (tag, ASCII, list(words.encode() + b"\0"))


def gray(rows, columns, at, bits=8, kind=LONG, strips=1, **more):
    size = rows * columns * bits // 8 // strips
    tags = {256: [columns], 257: [rows], 258: [bits], 259: [1], 262: [1],
            273: [f"data+{at + i * size}" for i in range(strips)], 277: [1], 278: [rows // strips],
            279: [size] * strips}
    tags.update({int(name[1:]): value for name, value in more.items()})
    kind = kind if callable(kind) else lambda tag, values, fixed=kind: fixed
    return [(tag, kind(tag, values), values) for tag, values in tags.items() if values is not None]


def integer_type(values, big):
    """A random one that holds the values."""
    highest = max(v if isinstance(v, int) else 65535 for v in values)
    limits = {BYTE: 255, SBYTE: 127, SHORT: 65535, SSHORT: 32767, LONG: 1 << 32, SLONG: 1 << 31}
    if big:
        limits.update({LONG8: 1 << 64, SLONG8: 1 << 63})
    is_offset = any(isinstance(v, str) for v in values)
    return random.choice([t for t, limit in limits.items() if highest <= limit and not (is_offset and limit < 65536)])


def types():
    os.makedirs("TYPES", exist_ok=True)
    random.seed(7)
    data = bytes(i * 7 % 251 for i in range(6 * 20 * 24))
    words = "ImageJ=1.53t\nimages=6\nchannels=2\nslices=3\nunit=um\nspacing=2\n"
    for i in range(60):
        big, order = i % 2 == 1, "<>"[i // 2 % 2]
        pages = []
        for page in range(7):
            tags = gray(20, 24, min(page, 5) * 480, strips=2, kind=lambda tag, values: integer_type(values, big),
                        t254=[int(page == 6)])
            if page == 6:  # a reduced copy
                tags = [(tag, kind, [10] if tag == 257 else [5] if tag == 278 else [120, 120] if tag == 279 else values)
                        for tag, kind, values in tags]
            if page == 0:
                tags.append(text(270, words))
                tags.append((282, random.choice([RATIONAL, SRATIONAL, FLOAT, DOUBLE]), [4]))
                tags.append((283, random.choice([RATIONAL, SRATIONAL, FLOAT, DOUBLE, SHORT, SLONG]), [4]))
                tags.append((296, random.choice([SHORT, LONG, BYTE]), [1]))
            pages.append(tags)
        with open(f"TYPES/{i:02}.tif", "wb") as file:
            file.write(tiff(pages, data, big, order))


def made():
    data = bytes(i * 7 % 251 for i in range(4096))
    page = lambda **more: gray(8, 6, 0, **more)
    files = {
        "plain.tif": tiff([page()], data),
        "wide_row.tif": tiff([page(t256=[1 << 31], t273=[0], t279=[0])], data),
        "fill_order_0.tif": tiff([page(t266=[0])], data),
        "planar_0.tif": tiff([page(t284=[0])], data),
        "sample_format_0.tif": tiff([page(t339=[0])], data),
        "orientation_9.tif": tiff([page(t274=[9])], data),
        "turned.tif": tiff([page(t274=[6])], data),
        "cfa.tif": tiff([page(t262=[32803])], data),
        "linear_raw.tif": tiff([gray(8, 2, 0, t262=[34892], t277=[3], t279=[48])], data),
        "mask_only.tif": tiff([page(t262=[4], t254=[4])], data),
        "cielab.tif": tiff([gray(8, 2, 0, t262=[8], t277=[3], t279=[48])], data),
        "complex.tif": tiff([gray(8, 6, 0, bits=64, t339=[6])], data),
        "int12.tif": tiff([gray(8, 6, 0, bits=12, t279=[72], t339=[2])], data),
        "two_masks.tif": tiff([page(), gray(8, 6, 48, t254=[4]), gray(8, 6, 96), gray(8, 6, 48, t254=[4])], data),
        "same_size.tif": tiff([page(), gray(8, 6, 48, t254=[1])], data),
        "two_reduced.tif": tiff([gray(4, 3, 0, t254=[1]), page(t254=[1]), gray(8, 6, 48, t254=[1])], data),
        "empty_strip.tif": tiff([gray(8, 6, 0, strips=2, t273=["data+0", 0], t279=[24, 0])], data),
        "loop.tif": tiff([page(), gray(8, 6, 48)], data, link=8),
        "garbage_link.tif": tiff([page(), gray(8, 6, 48)], data, link=9),
        "text_outside.tif": tiff([page() + [(270, ASCII, [65] * 400)]], data),
        "resolution_outside.tif": tiff([page() + [text(270, "ImageJ=1.53t\nunit=um\n"), (282, RATIONAL, [4])]], data),
        "axes.tif": tiff([gray(8, 6, 48 * i) + ([text(270, "ImageJ=1.53t\nimages=6\nchannels=3\nframes=2\n")] if i == 0 else [])
                          for i in range(6)], data),
        "half_known.tif": tiff([page() + [text(270, "ImageJ=1.53t\nunit=um\n"), (282, RATIONAL, [4]), (283, RATIONAL, [4])]], data),
        "bits3.tif": tiff([gray(20, 16, 0, t258=[1, 1, 1], t277=[3], t279=[120])], data),
    }
    for name, tag in ("text_outside.tif", 270), ("resolution_outside.tif", 282):
        content = bytearray(files[name])
        for at in range(10, len(content), 12):
            if struct.unpack_from("<H", content, at)[0] == tag:
                struct.pack_into("<I", content, at + 8, 1 << 30)
                break
        files[name] = bytes(content)
    for name, content in files.items():
        with open(name, "wb") as file:
            file.write(content)


if __name__ == "__main__":
    {"types": types, "made": made}[sys.argv[1]]()
