"""What tests/threads.bats does in Python: steps_threads.py STEP [ARGUMENT]..."""
import sys


def noise():
    import numpy as np, tifffile
    planes = np.random.default_rng(5).integers(0, 256, (6, 90, 500), np.uint8)
    tifffile.imwrite("whole.tif", planes, metadata=None)


def damage(*arguments):
    import shutil, tifffile
    shutil.copy(arguments[0], arguments[1])
    page, strip = map(int, arguments[2:])
    with tifffile.TiffFile(arguments[0]) as tiff, open(arguments[1], "r+b") as file:
        file.seek(tiff.pages[page].dataoffsets[strip])
        file.write(bytes(64))


def channels():
    import numpy as np, tifffile
    stack = np.random.default_rng(6).integers(0, 65536, (7, 3, 60, 80), np.uint16)
    tifffile.imwrite("plain.tif", stack, imagej=True, metadata={"axes": "ZCYX"})


def strips_without_tables():
    import struct, tifffile
    data = bytearray(open("tables.tif", "rb").read())
    with tifffile.TiffFile("tables.tif") as tiff:
        for page in tiff.pages:
            tables = bytes(page.tags[347].value)
            strips = [bytes(data[a:a + n]) for a, n in zip(page.dataoffsets, page.databytecounts)]
            strips[0] = tables[:-2] + strips[0][2:]
            offsets = []
            for strip in strips:
                offsets.append(len(data))
                data += strip
            for tag, values in (273, offsets), (279, [len(strip) for strip in strips]):
                tag = page.tags[tag]
                code = {3: "H", 4: "I", 16: "Q"}[tag.dtype]
                struct.pack_into(f"<{len(values)}{code}", data, tag.valueoffset, *values)
            struct.pack_into("<H", data, page.tags[347].offset, 348) # an entry that decoders do not see
    open("bare.tif", "wb").write(data)


def large_strips():
    import numpy as np, tifffile
    plane = np.arange(1 << 20, dtype=np.uint32).reshape(1024, 1024)
    for name, dtype, rows in ("narrow", np.uint16, 8), ("usual", np.uint16, 64), ("high", np.uint16, 256), \
            ("wide", np.float64, 64), ("half", np.uint16, 512), ("whole", np.uint16, 1024):
        tifffile.imwrite(name + ".tif", np.broadcast_to(plane.astype(dtype), (20, 1024, 1024)), metadata=None,
                         compression=("zlib", 1), rowsperstrip=rows)


def buffers():
    import numpy as np, tifffile
    tifffile.imwrite("in.tif", np.arange(12 << 18, dtype=np.uint16).reshape(12, 512, 512), metadata=None,
                     compression="zlib", rowsperstrip=512)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
