"""Files by vol2tiff against tifffile, Pillow and libtiff: samples, axes, spacing."""

import itertools
import json
import os
import subprocess
import sys
import warnings

import numpy as np
import PIL.Image
import skimage
import tifffile
from vol import attempt, stream

warnings.simplefilter("ignore")
seed = int.from_bytes(os.urandom(4), "little")
random = np.random.default_rng(seed)
failures = 0
SPACING = 0.29, 0.065, 0.26  # of planes, rows, columns


def check(what, ok):
    global failures
    if not ok:
        failures += 1
        print(f"seed {seed}: {what}")


def stored(volume, kind):
    """As the file should hold it: channels that are no colours before rows."""
    if volume.ndim == 4 and kind == "vector":
        volume = np.moveaxis(volume, 3, 1)
    return volume.squeeze()


def convert(volume, kind, type_):
    if type_ == "uint8":
        volume = skimage.img_as_ubyte(volume)
    elif type_ == "uint16":
        volume = skimage.img_as_uint(volume)
    return stored(volume, kind)


def spacing_imagej(file):
    page, said = file.pages[0], file.imagej_metadata
    across, down = page.tags["XResolution"].value, page.tags["YResolution"].value
    return [said["spacing"], down[1] / down[0], across[1] / across[0], said["unit"]]


def spacing_ome(file):
    pixels = tifffile.xml2dict(file.ome_metadata)["OME"]["Image"]["Pixels"]
    units = {pixels["PhysicalSize%sUnit" % axis] for axis in "XYZ"}
    unit = "um" if units == {"\u00b5m"} else str(units)
    return [pixels["PhysicalSize" + axis] for axis in "ZYX"] + [unit]


def read_samples(name):
    try:
        return tifffile.imread(name)
    except ValueError:  # a codec that this tifffile lacks: libtiff has it
        subprocess.run(["tiffcp", "-c", "none", name, "plain.tif"], check=True, stderr=subprocess.DEVNULL)
        with tifffile.TiffFile(name) as file, tifffile.TiffFile("plain.tif") as plain:
            pages = np.stack([page.asarray() for page in plain.pages])
            return pages.reshape(file.series[0].shape)


def read_pillow(name):
    frames = []
    with PIL.Image.open(name) as picture:
        for number in range(picture.n_frames):
            picture.seek(number)
            frames.append(np.array(picture))
    return np.stack(frames).squeeze()


def check_file(name, expected, axes, dialect, gray):
    with tifffile.TiffFile(name) as file:
        series = file.series[0]
        check(f"{name}: series {series.kind}", series.kind == dialect)
        check(f"{name}: axes {series.axes}", series.axes == axes)
        space = spacing_imagej(file) if dialect == "imagej" else spacing_ome(file)
        check(f"{name}: spacing {space}", space == [0.29, 0.065, 0.26, "um"])
        if dialect == "imagej":
            info = file.imagej_metadata["Info"]
            check(f"{name}: {info}", "history: volgamma -g 0.5\nhistory: vol2tiff" in info)
        else:
            notes = tifffile.xml2dict(file.ome_metadata)["OME"]["StructuredAnnotations"]["MapAnnotation"]
            check(f"{name}: {json.dumps(notes)}", "tiff2vol a.tif\\nvolgamma -g 0.5\\nvol2tiff" in json.dumps(notes))
    found = read_samples(name)
    check(f"{name}: samples", found.dtype == expected.dtype and np.array_equal(found, expected))
    if gray and "zstd" not in name:
        check(f"{name}: samples by Pillow", np.array_equal(read_pillow(name), expected))


def check_all(kind, channels, axes, *packings):
    planes, rows, columns = random.integers(2, 4), random.integers(2, 500), random.integers(2, 300)
    shape = (planes, rows, columns) + ((channels,) if channels else ())
    volume = random.random(shape, dtype="f4")
    volume.ravel()[:5] = 0, 1, 0.5, 0.001, 1 - 2**-24
    with open("in.nrrd", "wb") as file:
        file.write(stream(volume, kind, SPACING, "microns", history="tiff2vol a.tif\\nvolgamma -g 0.5"))
    axes = [axis for axis, size in zip(axes, stored(volume, kind).shape + (0,) * 9)]
    for type_, dialect, how in itertools.product(
        ("uint8", "uint16", "float32"), ("imagej", "ome"), packings
    ):
        name = f"{kind or 'gray'}-{type_}-{dialect}-{how}.tif"
        command = ["vol2tiff", "--type", type_, "--dialect", dialect, "--compress", how, "in.nrrd", "-o", name]
        status, _, said = attempt(command)
        if how == "zstd" and "knows no zstd" in said:
            continue
        check(f"{name}: {said}", status == 0)
        if status == 0:
            check_file(name, convert(volume, kind, type_), "".join(axes), dialect, not kind)
            os.remove(name)


check_all(None, 0, "ZYX", "none", "deflate", "lzw", "zstd")
check_all("vector", 2, "ZCYX", "none", "deflate")
check_all("vector", 11, "ZCYX", "none", "lzw")
check_all("RGB-color", 3, "ZYXS", "none", "deflate")
check_all("RGBA-color", 4, "ZYXS", "none", "lzw")
sys.exit(failures > 0)
