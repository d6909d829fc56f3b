"""What tests/tiff_pixels.bats does in Python: steps_tiff_pixels.py STEP [ARGUMENT]..."""
import sys


def fax():
    import numpy as np
    from tiff_pixels import PLAIN, UNSIGNED, write
    bits = (np.random.default_rng(1).integers(0, 40, (1, 300, 500, 1)) == 0).cumsum(axis=2).astype(np.uint8) & 1
    write("bits.tif", bits, {**PLAIN, "kind": UNSIGNED, "photometric": 0, "bits": 1})


def jpeg():
    import subprocess
    import numpy as np
    from tiff_pixels import PLAIN, UNSIGNED, write
    from tiff_table import pillow
    from vol import parse, tiff2vol
    row, column = np.mgrid[:200, :300]
    gray = (np.sin(row / 20) * 60 + np.cos(column / 13) * 60 + 120).astype(np.uint8)
    for name, array in ("gray", gray[..., None]), ("color", np.dstack([gray, gray[::-1], gray[:, ::-1]])):
        write(f"{name}.tif", array[None], {**PLAIN, "kind": UNSIGNED, "bits": 8, "photometric": 1 if name == "gray" else 2})
        for kind in ["-c", "jpeg", "-r", "64"], ["-c", "jpeg:r", "-r", "64"], ["-c", "jpeg", "-t", "-w", "64", "-l", "64"]:
            subprocess.run(["tiffcp", *kind, f"{name}.tif", "jpeg.tif"], check=True)
            status, stream, said = tiff2vol("jpeg.tif")
            wanted = pillow("jpeg.tif", [0])[0][0]
            assert status == 0 and np.array_equal(parse(stream)[0], np.squeeze(wanted)), (name, kind, said)
    subprocess.run(["tiffcp", "-c", "jpeg", "-r", "64", "gray.tif", "jpeg.tif"], check=True)
    data = bytearray(open("jpeg.tif", "rb").read())
    frame = data.find(b"\xff\xc0")
    data[frame + 5:frame + 7] = bytes([0, 40])
    open("short.tif", "wb").write(data)


def rgb():
    import numpy as np
    from tiff_pixels import PLAIN, UNSIGNED, picture, write
    from vol import parse, tiff2vol
    rng = np.random.default_rng(2)
    for photometric, samples, extra in (5, 4, []), (1, 1, []), (2, 4, [2]), (8, 3, []):
        for orientation in (1, 3):
            array = rng.integers(0, 256, (2, 30, 40, samples), np.uint8)
            form = {**PLAIN, "kind": UNSIGNED, "bits": 8, "photometric": photometric, "extra": extra, "unit": (7, 40)}
            write("upright.tif", array, form)
            write("page.tif", array, {**form, "orientation": orientation})
            wanted = picture("upright.tif")
            wanted = wanted[:, ::-1, ::-1] if orientation == 3 else wanted
            status, stream, said = tiff2vol("--rgb", "page.tif")
            assert status == 0, said
            assert np.array_equal(parse(stream), wanted), (photometric, orientation)


def ycbcr():
    import numpy as np
    from tiff_pixels import PLAIN, UNSIGNED, picture, write
    from vol import parse, tiff2vol
    rng = np.random.default_rng(4)
    meaning = {258: [8, 8, 8], 262: [6], 277: [3], 339: [1, 1, 1]}
    for across, down in (1, 1), (2, 1), (2, 2), (4, 4):
        for high in 8, 32:
            # so many bytes a row as the luminances and the fewer colors of it take on average
            bytes_a_row = 48 + 2 * 48 // across // down
            array = rng.integers(0, 256, (2, 32, bytes_a_row, 1), np.uint8)
            write("page.tif", array, {**PLAIN, "kind": UNSIGNED, "bits": 8, "unit": (high, bytes_a_row),
                                      "compression": [1, 8][high // 32], "tags": {**meaning, 256: [48], 530: [across, down]}})
            status, stream, said = tiff2vol("page.tif")
            assert status == 0, said
            assert np.array_equal(parse(stream), picture("page.tif")), (across, down, high)


def inverted_and_palette():
    import numpy as np
    from tiff_pixels import PLAIN, UNSIGNED, write
    plain = {**PLAIN, "kind": UNSIGNED, "bits": 8}
    gray = np.full((1, 4, 4, 1), 90, np.uint8)
    write("white.tif", gray, {**plain, "photometric": 0})
    table = np.arange(768).reshape(3, 256) * 5 % 65536
    write("palette.tif", gray, {**plain, "photometric": 3, "map": table})


def large_bits():
    import numpy as np
    from tiff_pixels import PLAIN, UNSIGNED, write
    large = np.tile(np.arange(4096, dtype=np.uint16), (1, 4096, 1))[..., None]
    for name, more in ("raw", {}), ("deflated", {"compression": 8}), ("turned", {"orientation": 3}):
        write(f"{name}.tif", large, {**PLAIN, "kind": UNSIGNED, "bits": 12, "unit": (4096, 4096), **more})


def inexact():
    import numpy, tifffile
    labels = numpy.zeros((5, 64, 64), "u4")
    labels[1, :, 5] = 16777217
    labels[2, 0, :2] = 2**32 - 1, 2**31
    tifffile.imwrite("deflated.tif", labels, compression="zlib")
    tifffile.imwrite("plain.tif", labels.astype("i4"), byteorder=">")
    tifffile.imwrite("double.tif", numpy.array([[1e300, -1e39, 0.1, numpy.inf]]))
    tifffile.imwrite("rgb.tif", numpy.array([[[255, 0, 51]]], "u1"), photometric="rgb")


def turned_pages():
    import numpy as np, tifffile
    for name, orientations in ("turned.tif", (1, 4, 2)), ("bottom.tif", (4, 1)), ("right.tif", (2, 1)):
        with tifffile.TiffWriter(name) as file:
            for orientation in orientations:
                file.write(np.arange(12, dtype="u1").reshape(3, 4), metadata=None, contiguous=False,
                           extratags=[(274, 3, 1, orientation, True)])


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
