"""Small files of every format that the programs read."""
import gzip
import os
import subprocess

import numpy as np
import tifffile


def make_inputs(folder, programs):
    def run(*command, out=None):
        with open(out or os.devnull, "wb") as to:
            subprocess.run([os.path.join(programs, command[0]) if command[0].startswith(("vol", "tiff2vol")) else
                            command[0], *command[1:]], cwd=folder, stdout=to, check=True,
                           stderr=subprocess.DEVNULL)

    def nrrd(name, array, *more, kind="RGB-color"):
        kinds = [f"kinds: {kind} domain domain domain"] if array.ndim == 4 else []
        sizes = " ".join(map(str, array.shape[::-1]))
        lines = ["NRRD0004", "type: float", f"dimension: {array.ndim}", f"sizes: {sizes}", *kinds, "endian: little",
                 "encoding: raw", *more, "", ""]
        with open(os.path.join(folder, name), "wb") as file:
            file.write("\n".join(lines).encode() + array.astype("<f4").tobytes())

    rng = np.random.default_rng(1)
    plane, row, column = np.mgrid[:24, :60, :64]
    gray = ((np.sin(plane / 5) + np.sin(row / 9) * np.cos(column / 7) + 2) / 4 * 255).astype(np.uint8)
    nrrd("gray.nrrd", (gray / np.float32(255)), "spacings: 1 1 2", "units: \"um\" \"um\" \"um\"")
    nrrd("float.nrrd", rng.random((30, 64, 64)))
    nrrd("color.nrrd", rng.integers(0, 256, (12, 40, 48, 3)) / 255)
    nrrd("mask.nrrd", gray > 99)
    nrrd("stains.nrrd", np.stack([gray / 255, gray[::-1] / 999], -1), kind="vector")
    nrrd("notes.nrrd", gray[:6] / 255, "a note:=caf\xe9 \u00b5m", "history:=volgamma -g 2", "window:=0 1")
    with open(os.path.join(folder, "gzip.nrrd"), "wb") as file:
        head = "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 64 60 24\nencoding: gzip\n\n"
        file.write(head.encode() + gzip.compress(gray.tobytes()))
    run("volstats", "stains.nrrd", out=f"{folder}/stains.stats")
    run("volstats", "gray.nrrd", out=f"{folder}/gray.stats")
    run("volstats", "-q", "0.5,1,99,99.5", "float.nrrd", out=f"{folder}/float.stats")

    def tiff(name, array, **options):
        tifffile.imwrite(os.path.join(folder, name), array, **options)

    tiff("cells.tif", gray[:6].astype(np.uint16) * 200)
    tiff("imagej.tif", gray[:6], imagej=True, resolution=(2.0, 2.0), metadata={"spacing": 3, "unit": "um", "axes": "ZYX"})
    tiff("hyperstack.tif", gray[:12].reshape(3, 4, 60, 64), imagej=True, metadata={"axes": "ZCYX"})
    tiff("palette.tif", gray[0], photometric="palette", colormap=rng.integers(0, 65536, (3, 256)).astype(np.uint16))
    tiff("float.tif", gray[:4].astype(np.float64) / 255)
    run("vol2tiff", "--dialect", "ome", "--type", "uint8", "gray.nrrd", "-o", "ome.tif")
    run("vol2tiff", "--compress", "deflate", "--type", "uint16", "notes.nrrd", "-o", "deflate.tif")
    run("tiffcp", "-c", "zip:2", "cells.tif", "predictor.tif")
    run("tiffcp", "-c", "lzw", "cells.tif", "lzw.tif")
    run("tiffcp", "-c", "packbits", "imagej.tif", "packbits.tif")
    run("tiffcp", "-c", "lzw", "-t", "-w", "32", "-l", "32", "cells.tif", "tiles.tif")
    run("tiffcp", "-c", "jpeg", "imagej.tif", "jpeg.tif")
    tiff("rgb.tif", np.dstack([gray[0], gray[1], gray[2]]), photometric="rgb")
    run("tiffcp", "-c", "jpeg", "-r", "16", "rgb.tif", "ycbcr.tif")
    tiff("bits.tif", gray[:2] > 128, photometric="miniswhite")
    run("tiffcp", "-c", "g4", "bits.tif", "fax.tif")
    os.mkdir(f"{folder}/one")
    for i in range(3):
        tiff(f"one/p{i}.tif", gray[i])
    uuids = [f"urn:uuid:0000000{i}-0000-4000-8000-000000000000" for i in range(2)]
    for i in range(2):
        data = "".join(f'<TiffData FirstZ="{z}" IFD="{z % 3}" PlaneCount="1"><UUID FileName="set_{z // 3}.ome.tif">'
                       f'{uuids[z // 3]}</UUID></TiffData>' for z in range(6))
        tiff(f"set_{i}.ome.tif", gray[3 * i:3 * i + 3], photometric="minisblack", metadata=None, description=(
            f'<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="{uuids[i]}">'
            f'<Image ID="Image:0"><Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint8" SizeX="64" SizeY="60" '
            f'SizeZ="6" SizeC="1" SizeT="1"><Channel ID="Channel:0" SamplesPerPixel="1"/>{data}</Pixels></Image></OME>'))
