#!/usr/bin/python3
"""TIFF files made byte by byte, without any TIFF library.

tiff_made.py refused    writes files that tiff2vol must refuse; prints "NAME<tab>MESSAGE" for each,
                        MESSAGE being a shell pattern of what stands behind "tiff2vol: NAME: "
tiff_made.py taken      long.tif and large.tif: deflated pages behind which more was compressed
tiff_made.py run SIZE   imagej_run.tif and big_run.tif: one directory, 600 planes of SIZE x SIZE
                        bytes behind it, sparse; every sample of plane N is N % 251"""
import struct
import sys
import zlib

SHORT, LONG, LONG8 = 3, 4, 16
LITTLE = b"II*\0"


def directory(tags, following=0, order="<"):
    """Tags as (tag, type, count, value or offset)."""
    out = struct.pack(order + "H", len(tags))
    for tag, kind, count, value in sorted(tags, key=lambda entry: entry[0]):
        out += struct.pack(order + "HHI", tag, kind, count)
        out += value if isinstance(value, bytes) else struct.pack(order + "I", value)
    return out + struct.pack(order + "I", following)


def gray(columns, rows, offset, count, bits=8, compression=1, **more):
    """Tags of a gray page of one strip; more: tag number -> value, as t262=2; None drops a tag."""
    values = {256: columns, 257: rows, 258: bits, 259: compression, 262: 1, 273: offset, 277: 1,
              278: rows, 279: count}
    values.update({int(name[1:]): value for name, value in more.items()})
    return [(tag, LONG, 1, value) for tag, value in values.items() if value is not None]


def page(columns=4, rows=4, data=bytes(range(64)), offset=200, count=16, **more):
    head = LITTLE + struct.pack("<I", 8) + directory(gray(columns, rows, offset, count, **more))
    return head.ljust(offset, b"\0") + data


def chain(offsets):
    """Directories whose links go to the numbers given (None: the end)."""
    size = len(directory(gray(4, 4, 0, 16)))
    data = 8 + size * len(offsets)
    out = LITTLE + struct.pack("<I", 8)
    for link in offsets:
        out += directory(gray(4, 4, data, 16), 0 if link is None else 8 + link * size)
    return out + bytes(range(64))


def described(text, pages=1, data=64, columns=4, rows=4):
    """Pages of 4 x 4 bytes with a description, which all share the first of the data."""
    text = text.encode() + b"\0"
    size = len(directory(gray(4, 4, 0, 16) + [(270, 2, 1, 0)]))
    at = 8 + pages * size
    out = LITTLE + struct.pack("<I", 8)
    for i in range(pages):
        tags = gray(columns, rows, at + len(text), columns * rows)
        tags.append((270, 2, len(text), at))
        out += directory(tags, 8 + (i + 1) * size if i + 1 < pages else 0)
    return out + text + bytes(i % 256 for i in range(data))


def two_pages(first, second):
    size = len(directory(gray(4, 4, 0, 16, **first)))
    at = 8 + size + len(directory(gray(4, 4, 0, 16, **second)))
    return (LITTLE + struct.pack("<I", 8) + directory(gray(4, 4, at, 16, **first), 8 + size) +
            directory(gray(4, 4, at, 16, **second)) + bytes(64))


def deflated(columns, rows, more=0, damage=0):
    """A deflated page; more: bytes that do not belong to it; damage: to the checksum."""
    data = bytearray(zlib.compress(bytes(i * i % 251 for i in range(columns * rows + more))))
    data[-1] ^= damage
    return page(columns, rows, bytes(data), count=len(data), compression=8)


def refused():
    imagej = "ImageJ=1.53t\n"
    return {
        "empty.tif": (b"", "is empty, expected a TIFF file"),
        "png.tif": (b"\x89PNG\r\n\x1a\n", "is not a TIFF file: it begins with bytes 89 50, expected *"),
        "version.tif": (b"II\x2c\0" + bytes(8), "is not a TIFF file: version 44, expected 42 or 43"),
        "header.tif": (b"II*\0\x08", "its header is cut off or broken"),
        "big_header.tif": (b"II+\0\x04" + bytes(20), "its header is cut off or broken"),
        "no_pages.tif": (LITTLE + bytes(4), "has no pages"),
        "outside.tif": (LITTLE + struct.pack("<I", 9999), "page 0: its directory lies at byte 9999, the file has 8"),
        "no_entries.tif": (LITTLE + struct.pack("<I", 8) + bytes(6), "page 0: its directory has 0 entries, expected *"),
        "cut.tif": (page()[:60], "page 0: its directory of 9 entries at byte 8 goes beyond the file's 60 bytes"),
        "circle_1.tif": (chain([0]), "its chain of pages has no end *"),
        "circle_2.tif": (chain([1, 0]), "its chain of pages has no end *"),
        "circle_tail.tif": (chain([*range(1, 100), 40]), "its chain of pages has no end *"),
        "zero.tif": (page(columns=0), "page 0: *"),
        "huge.tif": (page(0xffffffff, 0xffffffff), "page 0: *"),
        "huge_zstd.tif": (page(0x7fffffff, 0x7fffffff, compression=50000), "page 0: *"),
        "bomb_lzw.tif": (page(100000, 100000, compression=5), "page 0: claims 10000000000 bytes of samples, which its 16 compressed bytes can't hold"),
        "bomb_tile.tif": (page(100000, 100000, compression=50000, t278=None, t273=None, t279=None, t322=1 << 20, t323=1 << 20, t324=200, t325=16), "page 0: a row of its tiles takes 1048576 MiB *"),
        "short.tif": (page(40, 40), "page 0: strip 0 (* bytes from byte 200 on) lies beyond the end of the file"),
        "white.tif": (page(t262=0, t339=2), "page 0: int8 samples whose white is zero have no black *"),
        "cmyk.tif": (page(1, 4, t262=5, t277=4), "page 0: PhotometricInterpretation 5 (CMYK or other inks): *"),
        "ycbcr.tif": (page(20, 20, t262=6, t277=3), "page 0: strip 0 (* bytes from byte 200 on) lies beyond the end of the file"),
        "palette.tif": (page(t262=3), "page 0: its ColorMap is missing or broken (--raw takes the indices)"),
        "alpha.tif": (page(2, 4, t262=0, t277=2), "page 0: 2 samples a pixel, PhotometricInterpretation 0 (white is zero): taken is 1 (--raw takes all as channels)"),
        "bits_12.tif": (page(bits=12, t339=2), "page 0: 12-bit samples (signed): taken are *"),
        "half.tif": (page(t339=3), "page 0: 8-bit samples (float): taken are *"),
        "mask.tif": (page(bits=1, t262=4), "page 0: PhotometricInterpretation 4 (a mask): taken are *"),
        "logluv.tif": (page(t262=32845, t277=3), "page 0: PhotometricInterpretation 32845 (LogLuv, *): taken are *; --rgb makes 8-bit RGB of it"),
        "bits_packed.tif": (page(9, 9, bits=7), "page 0: strip 0 (* bytes from byte 200 on) lies beyond the end of the file"),
        "complex.tif": (page(2, 2, bits=64, count=32, t339=6), "page 0: 64-bit samples (complex float): taken are *"),
        "turned.tif": (page(t274=6), "page 0: Orientation 6 (rows and columns change places): taken are 1 to 4 (--raw and --rgb *)"),
        "unknown_codec.tif": (page(compression=50013), "page 0: Compression 50013 (unknown) is not one that *"),
        "damaged.tif": (deflated(64, 64, damage=1), "page 0: can't be decoded (row 0): *"),
        "damaged_long.tif": (deflated(64, 64, 640, 1), "page 0: can't be decoded (row 0): its data does not agree with its checksum"),
        "damaged_longer.tif": (deflated(1100, 1000, 64000, damage=1), "page 0: can't be decoded (row 999): its data does not agree with its checksum"),
        "damaged_large.tif": (deflated(1100, 1000, damage=1), "page 0: can't be decoded (row 999): *"),
        "differ.tif": (two_pages({}, {"t257": 2}), "page 1 is 2 x 4 uint8, page 0 is 4 x 4 uint8: planes of one volume are alike (choose those that are with --series 0 to 1)"),
        "differ_depth.tif": (two_pages({}, {"t258": 7}), "page 1 is 4 x 4 uint7, page 0 is 4 x 4 uint8: *"),
        "differ_type.tif": (two_pages({}, {"t339": 2}), "page 1 is 4 x 4 int8, page 0 is 4 x 4 uint8: *"),
        "lsm.tif": (page(t34412=0), "its LSM tag has 0 bytes, expected 92 or more"),
        "ome.tif": (described('<?xml version="1.0"?><OME xmlns="x">'), "its OME-XML is broken in line 1: no element found*"),
        "scanimage.tif": (described("SI.hChannels = 1"), "is a ScanImage file whose order of pages is not read *"),
        "images_cut.tif": (described(imagej + "images=60\nslices=60\n", data=59 * 16), "its description tells of 60 images of 16 bytes from byte *, the file ends at byte *"),
        "images_more.tif": (described(imagej + "images=3\nslices=3\n", pages=2), "its description tells of 3 images, it has 2 pages; *"),
        "images_odd.tif": (described(imagej + "images=4\nchannels=3\nslices=2\n", pages=4), "its ImageJ description has images=4 but channels=3 slices=2 frames=1; *"),
        "images_nan.tif": (described(imagej + "images=many\n"), 'its ImageJ description has "images=many", expected a whole number*'),
        "images_huge.tif": (described(imagej + "channels=2147483647\nframes=2147483647\n"), "its ImageJ description has channels=2147483647 frames=2147483647*"),
        "channels.tif": (described(imagej + "images=6\nchannels=2\nslices=3\n", pages=6), "holds 2 channels x 3 planes x 1 frames: choose one with --channel 0 to 1, or all with --channels all *"),
        "frames.tif": (described(imagej + "images=6\nframes=2\nslices=3\n", pages=6), "holds 1 channels x 3 planes x 2 frames: choose one with --frame 0 to 1 *"),
        "calibrated.tif": (described(imagej + "images=2\nslices=2\ncf=0\nc0=-32768.0\nc1=1.0\n", pages=2), "its numbers are calibrated (cf=0 c0=-32768.0 c1=1.0): *--raw *"),
        "shape.tif": (described('{"shape": [2, 3, 4, 4]}', pages=6), "its description has axes besides rows and columns *"),
        "shape_cut.tif": (described('{"shape": [60, 4, 4]}'), "its description tells of 60 images of 16 bytes *"),
    }


def run(size):
    """Beyond 4 GB ImageJ writes one directory, and all planes behind it."""
    planes = 600
    text = f"ImageJ=1.53t\nimages={planes}\nslices={planes}\nunit=um\nspacing=2\n".encode() + b"\0"
    for name, big in ("imagej_run.tif", False), ("big_run.tif", True):
        at = 512
        tags = gray(size, size, at, size * size) + [(270, 2, len(text), 256)]
        if big:
            out = b"II+\0" + struct.pack("<HHQQ", 8, 0, 16, len(tags))
            for tag, kind, count, value in sorted(tags):
                out += struct.pack("<HHQQ", tag, LONG8 if kind == LONG else kind, count, value)
            out += bytes(8)
        else:
            out = LITTLE + struct.pack("<I", 8) + directory(tags)
        with open(name, "wb") as file:
            file.write(out.ljust(256, b"\0") + text)
            for plane in (0, 1, planes - 1):
                file.seek(at + plane * size * size)
                file.write(bytes([plane % 251]) * (size * size))


if __name__ == "__main__":
    if sys.argv[1] == "run":
        run(int(sys.argv[2]))
    elif sys.argv[1] == "taken":
        for name, columns, rows in ("long.tif", 64, 64), ("large.tif", 1100, 1000):
            with open(name, "wb") as file:
                file.write(deflated(columns, rows, 640))
    else:
        for name, (content, message) in refused().items():
            with open(name, "wb") as file:
                file.write(content)
            print(f"{name}\t{message}")
