#!/usr/bin/python3
"""vol2png against scikit-image: every kind of picture, decoded by Pillow. Prints its seed."""
import io
import os
import sys
import warnings

import numpy as np
from PIL import Image
from skimage.util import montage
import vol
from vol import levels as expected
from vol import stream

SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 20240611
warnings.simplefilter("ignore")
Image.MAX_IMAGE_PIXELS = None


def run(arguments, data, piped=True):
    if piped:
        return vol.run(["vol2png"] + arguments, data)
    with open("in.nrrd", "wb") as f:
        f.write(data)
    return vol.run(["vol2png"] + arguments + ["in.nrrd"])


def decode(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    return np.array(image), image


def windows(v):
    """Options, and the window that they stand for."""
    some = v[np.isfinite(v)]
    low, high = float(some.min()), float(some.max())
    middle = (low + high) / 2
    yield ["--window", "%r,%r" % (low, middle)], (low, middle)
    yield ["-w", "%r,%r" % (middle, middle)], (middle, middle)
    if not np.isinf(v).any():
        yield [], (low, high)
        yield ["--window", "minmax"], (low, high)
        p = tuple(float(x) for x in np.percentile(v[~np.isnan(v)], (0.5, 99.5)))
        yield ["--window=percentile:0.5,99.5"], p


def volumes(rng):
    yield "uniform", rng.random((5, 17, 23)).astype("f4")
    yield "levels", (rng.integers(0, 65536, (3, 40, 30)) * (1 / 65535)).astype("f4")
    yield "wild", (rng.normal(size=(4, 9, 11)) * 10.0 ** rng.integers(-20, 20)).astype("f4")
    nan = rng.normal(size=(3, 20, 10)).astype("f4")
    nan[rng.random(nan.shape) < .2] = np.nan
    yield "NaN", nan
    yield "constant", np.full((2, 3, 4), 7, "f4")
    yield "one", np.full((1, 1, 1), -3, "f4")
    infinite = rng.random((2, 6, 5)).astype("f4")
    infinite[0, 1, 2], infinite[1, 3, 4] = np.inf, -np.inf
    yield "infinite", infinite
    yield "long rows", rng.random((2, 3, 150001)).astype("f4")
    yield "many rows", rng.random((2, 70000, 2)).astype("f4")


def check_sheets(rng):
    for name, v in volumes(rng):
        for turn, (options, (low, high)) in enumerate(windows(v)):
            for depth in 8, 16:
                run(options + ["--depth", str(depth), "-o", "sheet-%03d.png"], stream(v), turn % 2 == 0)
                for i, plane in enumerate(v):
                    with open("sheet-%03d.png" % i, "rb") as f:
                        got, _ = decode(f.read())
                    want = expected(plane, low, high, depth)
                    assert got.shape == want.shape and (got == want).all(), (name, options, depth, i)
                    os.remove("sheet-%03d.png" % i)
    v = rng.random((7, 5, 6)).astype("f4")
    run(["-o", "%d%%.png", "--step", "3", "-w", "0,1"], stream(v))
    assert sorted(f for f in os.listdir() if f.endswith("%.png")) == ["0%.png", "3%.png", "6%.png"]
    got, _ = decode(open("6%.png", "rb").read())
    assert (got == expected(v[6], 0, 1)).all()


def check_stream_window(rng):
    v = rng.random((1, 8, 9)).astype("f4")
    got, image = decode(run([], stream(v, window="0.25 0.5")))
    assert (got == expected(v[0], 0.25, 0.5)).all()
    assert image.text["window"] == "0.25 0.5 from the stream"
    got, image = decode(run(["-w", "0.1,1"], stream(v, window="0.25 0.5")))
    assert (got == expected(v[0], 0.1, 1)).all()
    assert image.text["window"] == "0.1 1 as given"
    _, image = decode(run([], stream(np.full((1, 2, 2), np.nan))))
    assert image.text["window"] == "0 1 no sample is a number"


def own(picture):
    return expected(picture, float(np.nanmin(picture)), float(np.nanmax(picture)))


def check_view(rng):
    for shape in (6, 7, 8), (1, 5, 3), (9, 1, 1), (300, 200, 3):
        v = rng.random(shape).astype("f4")
        low, high = float(v.min()), float(v.max())
        for axis, name in enumerate(("plane", "row", "column")):
            n = shape[axis]
            for index in "mid", 0, n - 1, -1, -n, None:
                options = ["-a", name] + ([] if index is None else ["-n", str(index)])
                picture = np.take(v, n // 2 if index in ("mid", None) else index, axis)
                got, _ = decode(run(options, stream(v), index != 0))
                assert got.shape == picture.shape, (got.shape, picture.shape)
                assert (got == expected(picture, low, high)).all(), (shape, name, index)
            got, _ = decode(run(["-a", name, "-w", "plane"], stream(v)))
            assert (got == own(np.take(v, n // 2, axis))).all(), (shape, name, "own window")
    got, _ = decode(run(["-n", "2"], stream(rng.random((4, 5, 6)))))
    assert got.shape == (5, 6)


def check_aspect(rng):
    v = rng.random((4, 5, 6)).astype("f4")
    for spacing, unit in ((2, 1, 1), "um"), ((0.29, 0.26, 0.26), None), ((1, 3.5, 2), "mm"):
        finest = min(spacing)
        size = [round(n * s / finest) for n, s in zip(v.shape, spacing)]
        for axis, name in enumerate(("plane", "row", "column")):
            drawn = [a for a in range(3) if a != axis]
            own_finest = min(spacing[a] for a in drawn)
            rows, columns = (round(v.shape[a] * spacing[a] / own_finest) for a in drawn)
            picture = expected(np.take(v, v.shape[axis] // 2, axis), 0, 1)
            got, _ = decode(run(["-a", name, "--aspect", "spacing", "-w", "0,1"],
                                stream(v, spacing=spacing, unit=unit)))
            want = picture[nearest(picture.shape[0], rows)][:, nearest(picture.shape[1], columns)]
            assert got.shape == want.shape and (got == want).all(), (spacing, name)
        got, _ = decode(run(["--views", "-w", "0,1"], stream(v, spacing=spacing, unit=unit)))
        for axis in range(3):
            a, b = (i for i in range(3) if i != axis)
            picture = expected(np.take(v, v.shape[axis] // 2, axis), 0, 1)
            assert holds(got, picture[nearest(v.shape[a], size[a])][:, nearest(v.shape[b], size[b])])
    zoomed, _ = decode(run(["-a", "row", "--zoom", "3", "-w", "0,1"], stream(v)))
    assert (zoomed == np.kron(expected(v[:, 2], 0, 1), np.ones((3, 3), int))).all()


def nearest(n, pixels):
    """Which of n samples each of so many pixels shows: the one that its middle lies on."""
    return ((np.arange(pixels) + .5) * n / pixels).astype(int)


def holds(picture, part):
    """Whether the part stands somewhere in the picture."""
    rows, columns = part.shape[:2]
    height, width = picture.shape[0] - rows + 1, picture.shape[1] - columns + 1
    starts = np.ones((height, width), bool)
    for x in range(min(columns, 4)):
        same = picture[:height, x:x + width] == part[0, x]
        starts &= same if same.ndim == 2 else same.all(2)
    for y, x in np.argwhere(starts):
        if (picture[y, x:x + columns] == part[0]).all() and (picture[y:y + rows, x:x + columns] == part).all():
            return True
    return False


def check_views(rng):
    v = rng.random((10, 12, 14)).astype("f4")
    low, high = float(v.min()), float(v.max())
    for options, (p, r, c) in ([], (5, 6, 7)), (["-n", "0,-1,mid"], (0, 11, 7)), (["--index=9,0,13"], (9, 0, 13)):
        for depth in 8, 16:
            got, image = decode(run(["--views", "--depth", str(depth)] + options, stream(v)))
            for picture in v[p], v[:, r], v[:, :, c]:
                assert holds(got, expected(picture, low, high, depth)), options
            assert got[0, 0] == got[-1, -1] == (1 << depth) - 1
            assert f"plane {p}, row {r}, column {c}" in image.text["Description"]
    got, _ = decode(run(["--views", "--window", "plane"], stream(v)))
    assert all(holds(got, own(picture)) for picture in (v[5], v[:, 6], v[:, :, 7]))
    wide = rng.random((3, 4, 70001)).astype("f4")  # rows longer than a block
    got, _ = decode(run(["--views", "-w", "0,1"], stream(wide)))
    assert holds(got, expected(wide[:, 2], 0, 1)) and holds(got, expected(wide[:, :, 35000], 0, 1))


def check_montage(rng):
    for shape, grid, step, gap, depth in (((30, 12, 14), (5, 6), 1, 4, 8), ((7, 2, 3), None, 1, 0, 8),
                                          ((60, 5, 9), (5, 6), 2, 3, 16), ((9, 8, 7), (2, 2), 2, 1, 8),
                                          ((5, 8, 7), (4, 4), 1, 2, 16), ((3, 600, 700), (2, 2), 1, 5, 8),
                                          ((2, 3, 70001), (2, 1), 1, 4, 8), ((4, 1500, 1600), (2, 2), 1, 4, 16)):
        v = rng.random(shape).astype("f4")
        low, high = float(v.min()), float(v.max())
        grid_text = "%dx%d" % grid if grid else "auto"
        planes = v[::step] if not grid else v[::step][:grid[0] * grid[1]]
        options = ["-m", grid_text, "--step", str(step), "--gap", str(gap), "--depth", str(depth)]
        want = montage(expected(planes, low, high, depth), fill=(1 << depth) - 1, padding_width=gap,
                       grid_shape=grid)
        got, _ = decode(run(options, stream(v), depth == 8))
        assert got.shape == want.shape and (got == want).all(), (shape, grid, step)
        if depth == 8:
            each = np.array([own(p) for p in planes])
            got, _ = decode(run(options + ["-w", "plane"], stream(v)))
            assert (got == montage(each, fill=255, padding_width=gap, grid_shape=grid)).all(), shape
    v = rng.random((4, 30, 40)).astype("f4")
    plain, _ = decode(run(["-m", "2x2", "-w", "0,1"], stream(v)))
    labelled, _ = decode(run(["-m", "2x2", "--numbers", "-w", "0,1"], stream(v)))
    different = plain != labelled
    assert different[:, :44].any() and different[:34].any() and not different[25:34, 20:44].any()


def check_colours(rng):
    try:
        import matplotlib
        maps = {n: matplotlib.colormaps[n](np.arange(256), bytes=True)[:, :3] for n in ("viridis", "magma", "inferno")}
    except ImportError:
        maps = {}
    v = rng.random((6, 40, 50)).astype("f4")
    gray = expected(v, 0, 1)
    for name in "gray", "viridis", "magma", "inferno", "fire", "ice":
        got, image = decode(run(["--cmap", name, "-a", "plane", "-w", "0,1"], stream(v)))
        assert image.mode == ("L" if name == "gray" else "P") and (got == gray[3]).all(), name
        if name == "gray":
            continue
        palette = np.array(image.getpalette()).reshape(-1, 3)
        assert len(palette) == 256
        if name in maps:
            assert (palette == maps[name]).all(), name
        got, image = decode(run(["--cmap", name, "--views", "-w", "0,1"], stream(v)))
        assert image.mode == "RGB" and (got[0, 0] == 255).all()
        assert all(holds(got, palette[p]) for p in (gray[3], gray[:, 20], gray[:, :, 25])), name
        got, image = decode(run(["--cmap", name, "-m", "2x3", "--gap", "2", "-w", "0,1"], stream(v)))
        want = montage(palette[gray], fill=(255,) * 3, padding_width=2, grid_shape=(2, 3), channel_axis=3)
        assert (got == want).all(), name


def check_channels(rng):
    for kind, channels, mode in ("RGB-color", 3, "RGB"), ("RGBA-color", 4, "RGBA"):
        for shape in (2, 5, 6), (1, 2, 30001):
            v = (rng.random(shape + (channels,)) * 1.2 - .1).astype("f4")
            want = expected(v, 0.2, 0.7)
            if channels == 4:
                want[..., 3] = expected(v[..., 3], 0, 1)
            got, image = decode(run(["-a", "plane", "-n", "-1", "-w", "0.2,0.7"], stream(v, kind)))
            assert image.mode == mode and (got == want[-1]).all()
            got, image = decode(run(["-a", "row"], stream(v, kind)))
            assert (got == expected(v[:, shape[1] // 2], 0, 1)).all()
            assert image.text["window"] == "0 1 colours"
            got, _ = decode(run(["-m", "2x1", "--gap", "0", "-w", "0.2,0.7"], stream(v, kind)))
            assert (got[:shape[1]] == want[0]).all()
            got, _ = decode(run(["--views", "-w", "0.2,0.7"], stream(v, kind)))
            assert (got[0, 0] == 255).all() and holds(got, want[:, :, shape[2] // 2])
            for c in range(channels):
                got, _ = decode(run(["-c", str(c), "-a", "column", "-n", "1", "-w", "0,1"], stream(v, kind)))
                assert (got == expected(v[:, :, 1, c], 0, 1)).all()
        if channels == 3:
            v = rng.random((3, 4, 5, 3)).astype("f4")
            run(["-w", "plane", "-o", "own%d.png"], stream(v, kind))
            assert all((decode(open("own%d.png" % i, "rb").read())[0] == own(v[i])).all() for i in range(3))
    v = rng.random((2, 5, 6, 7)).astype("f4")
    got, _ = decode(run(["-c", "6", "-n", "1", "-w", "minmax"], stream(v, "vector")))
    assert (got == expected(v[1, ..., 6], float(v[..., 6].min()), float(v[..., 6].max()))).all()
    v = rng.random((1, 50, 60, 3)).astype("f4")
    for level in 0, 1, 6, 9:
        got, _ = decode(run(["--level", str(level), "--depth", "8"], stream(v, "RGB-color")))
        assert (got == expected(v[0], 0, 1)).all()


def chunk(data, kind):
    at = 8
    while at < len(data):
        size = int.from_bytes(data[at:at + 4], "big")
        if data[at + 4:at + 8] == kind:
            return data[at + 8:at + 8 + size]
        at += 12 + size
    return None


def physical(data):
    body = chunk(data, b"pHYs")
    return body and (int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big"), body[8])


def check_size(rng):
    v = rng.random((2, 3, 4)).astype("f4")
    um = stream(v, spacing=(0.5, 0.25, 0.125), unit="um")
    assert physical(run(["-a", "plane"], um)) == (8000000, 4000000, 1)
    assert physical(run(["-a", "row"], um)) == (8000000, 2000000, 1)
    assert physical(run(["-a", "column"], um)) == (4000000, 2000000, 1)
    assert physical(run(["-a", "column", "--zoom", "2"], um)) == (8000000, 4000000, 1)
    assert physical(run(["--views"], um)) == (8000000, 8000000, 1)
    assert physical(run(["-m", "auto", "--aspect", "spacing"], um)) == (8000000, 8000000, 1)
    assert physical(run(["--views", "--aspect", "voxel"], um)) is None
    assert physical(run(["-a", "row"], stream(v, spacing=(3, 1, 2)))) == (500000 * 3 // 3 * 2, 666667, 0)
    assert physical(run(["-a", "plane"], stream(v, spacing=(3, 2, 2)))) == (1, 1, 0)
    assert physical(run(["-a", "plane"], stream(v, spacing=(1, 1e-6, 1e-6), unit="nm"))) == (1, 1, 0)
    assert physical(run(["-a", "plane"], stream(v))) is None


def check_stacks(rng):
    import tifffile
    folder = os.environ["DATA"]
    files = [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".tif")]
    done = 0
    for name in files:
        try:
            v = tifffile.imread(name)
        except ValueError:  # a compression that this tifffile has no module for
            continue
        if v.ndim != 3 or v.dtype not in ("uint8", "uint16", "float32") or v.size > 2e7:
            continue
        full = 1 if v.dtype.kind == "f" else np.iinfo(v.dtype).max
        v = (v * (1 / full)).astype("f4")
        low, high = float(v.min()), float(v.max())
        data = stream(v)
        run(["-o", "stack%d.png"], data)
        for i in range(len(v)):
            assert (decode(open("stack%d.png" % i, "rb").read())[0] == expected(v[i], low, high)).all(), name
            os.remove("stack%d.png" % i)
        for axis, word in enumerate(("plane", "row", "column")):
            got, _ = decode(run(["-a", word, "-w", "percentile:0.5,99.5"], data))
            want = expected(np.take(v, v.shape[axis] // 2, axis), *map(float, np.percentile(v, (0.5, 99.5))))
            assert (got == want).all(), (name, word)
        square = int(np.ceil(np.sqrt(len(v))))
        got, _ = decode(run(["-m", f"{square}x{square}", "--gap", "4"], data))
        assert (got == montage(expected(v, low, high), fill=255, padding_width=4)).all(), name
        done += 1
    assert done > 0
    print(done, "stacks")


checks = {name[6:]: check for name, check in globals().items() if name.startswith("check_")}
print("seed", SEED)
checks[sys.argv[1]](np.random.default_rng(SEED))
