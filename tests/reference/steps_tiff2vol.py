"""What tests/tiff2vol.bats does in Python: steps_tiff2vol.py STEP [ARGUMENT]..."""
import sys


def several_files(*arguments):
    import tifffile
    planes = tifffile.imread(arguments[0])
    for i, plane in enumerate(planes):
        tifffile.imwrite(f"p{i:02}.tif", plane, metadata=None, byteorder="<>"[i % 2],
                         compression=[None, "zlib"][i % 3 == 0])
    tifffile.imwrite("first.tif", planes[:10])
    tifffile.imwrite("rest.tif", planes[10:])
    tifffile.imwrite("other.tif", planes[:2, :30], metadata=None)


def hyperstacks():
    import os
    import numpy as np, tifffile
    from tiff2vol import check
    from vol import tiff2vol
    rng = np.random.default_rng(3)
    stack = rng.integers(0, 65536, (4, 5, 3, 17, 19), np.uint16)        # frames planes channels rows columns
    tifffile.imwrite("tzc.tif", stack, imagej=True, metadata={"axes": "TZCYX"})
    for frame in range(4):
        for channel in range(3):
            check("hyperstack", stack[frame, :, channel], f"-c{channel}", "--frame", frame, "tzc.tif")
    check("slices", stack[2, 1::2, 1], "-c1", "--frame=2", "-p1::2", "tzc.tif")
    check("plain", stack.reshape(60, 17, 19), "--plain", "tzc.tif")
    for words, said in ((["-c3", "--frame=0"], "--channel 3: the file has channels 0 to 2"), (["-c0", "--frame=4"], "--frame 0 to 3"),
                        (["-c0"], "--frame 0 to 3"), ([], "--channel 0 to 2")):
        status, _, message = tiff2vol(*words, "tzc.tif")
        assert status == 1 and said in message, message
    status, _, message = tiff2vol("-c", 1, "--frame", 0, os.environ["DATA"] + "/mri_head_27x226x186_u8.tif")
    assert status == 1 and "no channels but 0" in message, message
    assert tiff2vol("--plain", "-c1", "tzc.tif")[0] == 2


    def header(description, resolution=(4, 5), **more):
        tifffile.imwrite("unit.tif", stack[0, :3, 0], metadata=None, resolution=resolution, photometric="minisblack",
                         description=("ImageJ=1.53t\nimages=3\nslices=3\n" + description).encode("latin1"), **more)
        return tiff2vol("unit.tif")[1].partition(b"\n\n")[0].decode().split("\n")

    steps = "space directions: (0.25,0,0) (0,0.2,0) (0,0,2.5)"
    for unit in "\\u00B5m", "\xb5m", "um", "micron", "microns", "micrometer", "\xc2\xb5m":
        got = header(f"unit={unit}\nspacing=2.5\n")
        assert steps in got and 'space units: "microns" "microns" "microns"' in got, (unit, got)
    got = header("unit=nm\nyunit=nm\nzunit=mm\nspacing=2.5\n")
    assert steps in got and 'space units: "nm" "nm" "mm"' in got, got
    assert 'space units: "cm" "cm" ""' in header("spacing=2.5\n", resolutionunit=3)
    assert steps in header("spacing=2.5\n", resolutionunit=1)
    for nothing in header("unit=pixel\n", (1, 1), resolutionunit=1), header("", (1, 1), resolutionunit=1), \
            header("", (72, 72), resolutionunit=2):
        assert not any(line.startswith(("space directions", "spacings", "space units")) for line in nothing), nothing


def damaged_pages():
    import numpy as np, subprocess, tifffile
    planes = np.random.default_rng(5).integers(0, 256, (6, 40, 50), np.uint8)
    tifffile.imwrite("whole.tif", planes, metadata=None)
    for scheme in "zip", "lzw", "zstd":
        subprocess.run(["tiffcp", "-c", scheme, "whole.tif", f"{scheme}.tif"], check=True)
        with tifffile.TiffFile(f"{scheme}.tif") as tiff:
            page = tiff.pages[4]
            begin = page.dataoffsets[0]
        with open(f"{scheme}.tif", "r+b") as file:
            file.seek(begin)
            file.write(bytes(64))


def damaged_strip():
    import numpy as np, tifffile
    planes = np.random.default_rng(8).integers(0, 4096, (2, 1000, 900), np.uint16)
    tifffile.imwrite("whole.tif", planes, metadata=None)
    tifffile.imwrite("large.tif", planes, metadata=None, compression="zlib", rowsperstrip=1000)
    with tifffile.TiffFile("large.tif") as tiff, open("large.tif", "rb") as file:
        page = tiff.pages[1]
        data = bytearray(file.read())
    for name, at in ("middle", page.databytecounts[0] // 2), ("sum", page.databytecounts[0] - 1):
        damaged = bytearray(data)
        damaged[page.dataoffsets[0] + at] ^= 255
        open(name + ".tif", "wb").write(damaged)


def large_layouts():
    import numpy as np, tifffile
    plane = np.arange(1 << 20, dtype=np.uint16).reshape(1024, 1024)
    large = np.tile(plane, (8, 8))
    tifffile.imwrite("medium.tif", np.broadcast_to(plane, (32, 1024, 1024)), metadata=None)
    tifffile.imwrite("strip.tif", large, metadata=None)
    tifffile.imwrite("strips.tif", large, metadata=None, compression="zlib", rowsperstrip=64)
    tifffile.imwrite("one.tif", large, metadata=None, compression="zlib", rowsperstrip=8192)
    tifffile.imwrite("tiles.tif", large, metadata=None, compression="zlib", tile=(512, 512))
    tifffile.imwrite("raw_tiles.tif", large, metadata=None, tile=(1024, 1024))
    tifffile.imwrite("few.tif", np.zeros((2100, 16, 16), np.uint8), metadata=None, compression="zlib")
    tifffile.imwrite("many.tif", np.zeros((8100, 16, 16), np.uint8), metadata=None, compression="zlib")


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
