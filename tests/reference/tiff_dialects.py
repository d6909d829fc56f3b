#!/usr/bin/python3
"""tiff2vol and volinfo on what microscopes' programs write, against tifffile.

tiff_dialects.py NAME    one of the checks below"""
import json
import os
import struct
import sys

import numpy as np
import tifffile
from tiff2vol import SEED, check
from vol import run, tiff2vol

rng = np.random.default_rng(SEED)


def full(array, axes):
    """frames, channels, planes, rows, columns[, samples]"""
    for letter in "TCZ":
        if letter not in axes:
            array, axes = array[None], letter + axes
    order = "TCZYX" + ("S" if "S" in axes else "")
    return array.transpose([axes.index(letter) for letter in order])


def check_all(what, array, *files, named=None):
    """Every channel of every frame, and all channels at once."""
    frames, channels = array.shape[:2]
    for frame in range(frames):
        words = ["--frame", frame] if frames > 1 else []
        for channel in range(channels):
            choice = named[channel] if named else channel
            check(f"{what} {frame} {channel}", array[frame, channel], *words,
                  *(["-c", choice] if channels > 1 else []), *files)
        if channels > 1 and array.ndim == 5:
            check(f"{what} {frame} all", np.moveaxis(array[frame], 0, -1), *words,
                  "--channels=all", *files)
    if channels > 1 or frames > 1:
        refused(what, "choose one with --" + ("channel" if channels > 1 else "frame"), *files)


def refused(what, words, *arguments):
    status, stream, said = tiff2vol(*arguments)
    if status != 1 or stream or words not in said or said.count("\n") != 1:
        sys.exit(f"{what}: exit {status}, {len(stream)} bytes, said {said!r}, expected {words!r}")


def header(*arguments):
    status, stream, said = tiff2vol(*arguments)
    if status:
        sys.exit(f"{arguments}: {said}")
    return stream.partition(b"\n\n")[0].decode().split("\n")


def told(file):
    return json.loads(run(["volinfo", "--json", file]))


def some(shape, dtype="u2"):
    if np.dtype(dtype).kind == "f":
        return rng.normal(0, 1, shape).astype(dtype)
    info = np.iinfo(dtype)
    return rng.integers(info.min, info.max, shape, dtype, endpoint=True)


def ome():
    """Random axes in random order, as tifffile writes and reads them."""
    for turn in range(40):
        axes = list("TCZ")
        rng.shuffle(axes)
        axes = "".join(axes[:rng.integers(4)]) + "YX"
        shape = [int(rng.integers(2, 5)) for _ in axes[:-2]] + [17, 19]
        array = some(shape, ["u1", "u2", "i2", "f4"][rng.integers(4)])
        names = [f"dye {i}" for i in range(shape[axes.index("C")])] if "C" in axes else None
        metadata = {"axes": axes, "PhysicalSizeX": 0.25, "PhysicalSizeXUnit": "µm",
                    "PhysicalSizeZ": 1500, "PhysicalSizeZUnit": "nm"}
        if names:
            metadata["Channel"] = {"Name": names}
        tifffile.imwrite("r.ome.tif", array, metadata=metadata, byteorder="<>"[rng.integers(2)],
                         bigtiff=bool(rng.integers(2)), photometric="minisblack",
                         compression=[None, "zlib"][rng.integers(2)])
        series = tifffile.TiffFile("r.ome.tif").series[0]
        whole = full(series.asarray(), series.axes)
        check_all(f"seed {SEED} turn {turn} {axes}", whole, "r.ome.tif",
                  named=names if rng.integers(2) else None)
        about = told("r.ome.tif")["series"][0]
        assert about["shape"] == [whole.shape[2], 17, 19], about
        assert about["channels"] == whole.shape[1] and about["frames"] == whole.shape[0], about
        assert about["spacing"] == [1500, None, 0.25] and about["unit"] == ["nm", "", "um"], about
        assert about["spacing_from"] == ["OME PhysicalSizeZ", "", "OME PhysicalSizeX"], about
        assert about["channel_names"] == (names or about["channel_names"]), about


def ome_colors():
    colors = some((3, 20, 30, 3), "u1")
    tifffile.imwrite("rgb.ome.tif", colors, photometric="rgb", metadata={"axes": "ZYXS"})
    check("RGB", colors, "rgb.ome.tif")
    check("green", colors[..., 1], "-c1", "rgb.ome.tif")
    several = some((2, 3, 20, 30, 3), "u1")
    tifffile.imwrite("crgb.ome.tif", several, photometric="rgb", metadata={"axes": "CZYXS"})
    check("second RGB channel", several[1], "-c1", "crgb.ome.tif")
    refused("RGB channels", "--channel 0 to 1", "crgb.ome.tif")
    refused("RGB channels", "3 samples a pixel each", "--channels=all", "crgb.ome.tif")


def ome_series():
    first, second = some((3, 20, 30)), some((2, 4, 10, 12), "u1")
    with tifffile.TiffWriter("two.ome.tif", ome=True) as tiff:
        tiff.write(first, metadata={"axes": "ZYX", "Name": "large"}, photometric="minisblack")
        tiff.write(second, metadata={"axes": "CZYX"}, photometric="minisblack")
    refused("two series", "--series 0 to 1 (0 'large' 3 x 20 x 30, 1 ", "two.ome.tif")
    refused("two series", "--series 0 to 1", "--series=2", "two.ome.tif")
    check("first", first, "--series=0", "two.ome.tif")
    check("second", second[1], "--series=1", "-c1", "two.ome.tif")
    check("plain", first[1:2], "--plain", "--series=0", "-p1", "two.ome.tif")
    pyramid = some((3, 64, 64))
    with tifffile.TiffWriter("pyramid.ome.tif", ome=True) as tiff:
        tiff.write(pyramid, subifds=2, metadata={"axes": "ZYX"}, tile=(16, 16))
        tiff.write(pyramid[:, ::2, ::2], subfiletype=1, tile=(16, 16))
        tiff.write(pyramid[:, ::4, ::4], subfiletype=1, tile=(16, 16))
    check("pyramid", pyramid, "pyramid.ome.tif")


def xml(sizes, data, order="XYZCT", more="", root="", pixels="", kind="uint16"):
    return (f'<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/'
            f'Schemas/OME/2016-06" {root}><Image ID="Image:0"><Pixels ID="Pixels:0" '
            f'DimensionOrder="{order}" Type="{kind}" SizeX="12" SizeY="10" SizeC="{sizes[0]}" '
            f'SizeZ="{sizes[1]}" SizeT="{sizes[2]}" {pixels}>{more}{data}</Pixels></Image></OME>')


def write(file, pages, description, **more):
    tifffile.imwrite(file, pages, metadata=None, photometric="minisblack",
                     description=description.encode() if isinstance(description, str)
                     else description, **more)


def ome_places():
    """TiffData in every form."""
    pages = some((6, 10, 12))
    forms = {
        "<TiffData/>": [0, 1, 2, 3, 4, 5],
        "": [0, 1, 2, 3, 4, 5],
        '<TiffData IFD="0" PlaneCount="6"/>': [0, 1, 2, 3, 4, 5],
        '<TiffData IFD="3" PlaneCount="3"/><TiffData FirstC="1" PlaneCount="3"/>': [3, 4, 5, 0, 1, 2],
        '<TiffData IFD="3" NumPlanes="3"/><TiffData FirstC="1" NumPlanes="3"/>': [3, 4, 5, 0, 1, 2],
        "".join(f'<TiffData IFD="{5 - i}" FirstZ="{i % 3}" FirstC="{i // 3}"/>' for i in range(6)):
            [5, 4, 3, 2, 1, 0],
        "".join(f'<TiffData IFD="{i}" FirstZ="{i % 3}" FirstC="{i // 3}"><UUID FileName="p.tif">'
                f'urn:uuid:1</UUID></TiffData>' for i in range(6)): [0, 1, 2, 3, 4, 5],
    }
    for data, order in forms.items():
        write("p.tif", pages, xml((2, 3, 1), data))
        check_all(data, pages[order].reshape(1, 2, 3, 10, 12), "p.tif")
    write("p.tif", pages, xml((2, 3, 1), "<TiffData/>", "XYCZT"))
    check_all("XYCZT", pages.reshape(3, 2, 10, 12).swapaxes(0, 1)[None], "p.tif")
    write("p.tif", pages, xml((1, 2, 3), '<TiffData FirstT="0"/>', "XYTZC"))
    check_all("XYTZC", pages.reshape(2, 3, 10, 12).swapaxes(0, 1)[:, None], "p.tif")
    # renamed: the file's own UUID tells
    data = '<TiffData PlaneCount="6"><UUID FileName="old.tif"> urn:uuid:7 </UUID></TiffData>'
    write("new.tif", pages, xml((1, 6, 1), data, root='UUID="urn:uuid:7"'))
    check("renamed", pages, "new.tif")
    write("p.tif", pages, xml((1, 6, 1), "<TiffData/>", kind="int16"))
    refused("type", "tells of samples of type int16, its pages have uint16", "p.tif")
    write("p.tif", pages[:, :9], xml((1, 6, 1), "<TiffData/>"))
    refused("size", "tells of 10 rows x 12 columns, its pages have 9 x 12", "p.tif")
    for data, words in {
        '<TiffData PlaneCount="7"/>': "tells of more pages than images",
        '<TiffData IFD="4" PlaneCount="6"/>': "has 6 pages, the OME-XML of p.tif refers to page 6",
        '<TiffData FirstZ="6"/>': "begins with plane 6 of 6",
        '<TiffData PlaneCount="5"/>': "tells of no page for 1 images, the first of them channel 0, plane 5",
        '<TiffData/><TiffData IFD="1"/>': "two pages for channel 0, plane 0, frame 0",
        '<TiffData IFD="x"/>': 'has IFD="x", expected a whole number',
        # another folder is never looked into: a single file is this one, renamed
        '<TiffData IFD="0"><UUID FileName="../q.tif">u</UUID></TiffData>': "tells of no page for 5 images",
        '<TiffData IFD="0"><UUID FileName="/etc/passwd">u</UUID></TiffData>': "tells of no page for 5 images",
        '<TiffData IFD="0"><UUID FileName="..">u</UUID></TiffData>': "expected a file in the same folder",
        '<TiffData IFD="0"><UUID>u</UUID></TiffData>': "tells of no page for 5 images",
        '<TiffData IFD="0"/><TiffData FirstZ="1"><UUID>u</UUID></TiffData>': "refers to a file only as 'u'",
        '<TiffData IFD="0"/><TiffData FirstZ="1"><UUID FileName="/etc/passwd"/></TiffData>': "passwd: is missing",
        '<BinData Length="3">AAA</BinData>': "does not keep its samples in TIFF pages",
        "<MetadataOnly/>": "does not keep its samples in TIFF pages",
    }.items():
        write("p.tif", pages, xml((1, 6, 1), data))
        refused(data, words, "p.tif")


def ome_old():
    """Schemas of 2003 to 2008."""
    pages = some((6, 10, 12))
    write("o.tif", pages, '<?xml version="1.0"?><OME:OME xmlns:OME="a"><OME:Image ID="i"><OME:LogicalChannel ID="l" '
          'Name="DAPI" SamplesPerPixel="1"/><OME:LogicalChannel ID="m" Name="GFP" SamplesPerPixel="1"/><OME:Pixels '
          'ID="p" DimensionOrder="XYZCT" PixelType="uint16" SizeX="12" SizeY="10" SizeZ="3" SizeC="2" SizeT="1">'
          '<OME:TiffData IFD="0" NumPlanes="6"/></OME:Pixels></OME:Image></OME:OME>')
    check_all("old", pages.reshape(1, 2, 3, 10, 12), "o.tif", named=["DAPI", "GFP"])
    refused("names", "--channel 0 to 1 (0 DAPI, 1 GFP)", "o.tif")
    refused("names", "has channels 0 to 1 (0 DAPI, 1 GFP)", "-c", "gfp", "o.tif")


def ome_units():
    pages = some((6, 10, 12))
    cases = {
        'PhysicalSizeX="0.5" PhysicalSizeY="0.25" PhysicalSizeZ="2"': ([2, 0.25, 0.5], ["um"] * 3),
        'PhysicalSizeX="0.5" PhysicalSizeXUnit="mm"': ([None, None, 0.5], ["", "", "mm"]),
        'PhysicalSizeX="0.5" PhysicalSizeXUnit="µm"': ([None, None, 0.5], ["", "", "um"]),
        'PhysicalSizeX="0.5" PhysicalSizeXUnit="&#956;m"': ([None, None, 0.5], ["", "", "um"]),
        'PhysicalSizeX="1" PhysicalSizeXUnit="pixel"': ([None, None, None], ["", "", ""]),
        'PhysicalSizeX="3" PhysicalSizeXUnit="reference frame"': ([None, None, 3], ["", "", ""]),
        'PhysicalSizeX="0" PhysicalSizeY="nan" PhysicalSizeZ="-1"': ([None] * 3, ["", "", ""]),
    }
    for pixels, (spacing, unit) in cases.items():
        for encoding in "utf8", "latin1":
            write("u.tif", pages, xml((1, 6, 1), "<TiffData/>", pixels=pixels).encode(encoding))
            about = told("u.tif")["series"][0]
            assert about["spacing"] == spacing and about["unit"] == unit, (pixels, about)
            check(pixels, pages, "u.tif")


def ome_set():
    """Several files, as Bio-Formats and Micro-Manager write them."""
    pages = some((2, 2, 3, 10, 12))  # frames, channels, planes: a file a channel and frame
    names = {(t, c): f"set_T{t}_C{c}.ome.tif" for t in range(2) for c in range(2)}
    data = "".join(f'<TiffData IFD="{z}" FirstZ="{z}" FirstC="{c}" FirstT="{t}" PlaneCount="1">'
                   f'<UUID FileName="{name}">urn:uuid:{t}{c}</UUID></TiffData>'
                   for (t, c), name in names.items() for z in range(3))
    for (t, c), name in names.items():
        write(name, pages[t, c], xml((2, 3, 2), data, root=f'UUID="urn:uuid:{t}{c}"'))
    for name in names.values():
        check_all("set by " + name, pages, name)
    check("all its files", pages[1, 0], "-c0", "--frame=1", *names.values())
    os.mkdir("folder")
    for name in names.values():
        os.rename(name, "folder/" + name)
    check("its folder", np.moveaxis(pages[1], 0, -1), "--channels=all", "--frame=1", "folder")
    os.chdir("folder")
    os.remove(names[1, 1])
    check("not needed", pages[1, 0], "-c0", "--frame=1", names[0, 0])
    refused("missing", f"{names[1, 1]}: is missing, a part of the OME-TIFF", "-c1", "--frame=1", names[0, 0])
    refused("missing", f"{names[1, 1]}: is missing", "--channels=all", "--frame=1", names[0, 0])
    both = np.stack([pages[1, 0], np.zeros_like(pages[1, 0])], -1)
    check("missing zero", both, "--missing=zero", "--channels=all", "--frame=1", names[0, 0])
    with open(names[0, 0], "rb") as file:
        status, _, said = tiff2vol("-c1", "--frame=1", "-", input=file.read())
    assert status == 1 and "can't be found from a pipe" in said, said
    # the description in a file of its own
    binary = ('<OME xmlns="x" UUID="urn:uuid:{}"><BinaryOnly MetadataFile="{}" UUID="urn:uuid:9"/>'
              '</OME>')
    with open("set.companion.ome", "w") as file:
        file.write(xml((2, 3, 2), data, root='UUID="urn:uuid:9"'))
    for (t, c), name in names.items():
        write(name, pages[t, c], binary.format(f"{t}{c}", "set.companion.ome"))
    for name in names.values():
        check_all("companion of " + name, pages, name)
    write(names[0, 1], pages[0, 1], binary.format("01", names[0, 0]))
    refused("two steps", "refers to yet another file", "-c0", "--frame=0", names[0, 1])
    write(names[0, 1], pages[0, 1], binary.format("01", "none.xml"))
    refused("no companion", "none.xml: No such file", "-c0", "--frame=0", names[0, 1])


def ome_hostile():
    pages = some((1, 10, 12))
    good = xml((1, 1, 1), "<TiffData/>")
    for what, (text, words) in {
        "entity": (good.replace("<OME", '<!DOCTYPE a [<!ENTITY b "c">]><OME', 1), "document type"),
        "laughs": (good.replace("<OME", '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><OME', 1), "document type"),
        "deep": (good.replace("<Image", "<a>" * 200 + "</a>" * 200 + "<Image"), "more than 100 deep"),
        "tag": (good.replace("<Image", f'<a b="{"c" * 3000000}"/><Image'), "a tag of more than 1048576 bytes"),
        "images": (good.replace("</OME>", '<Image ID="i"/>' * 5000 + "</OME>"), "an Image without Pixels"),
        "cut": (good[:200], "is broken in line 1"),
        "order": (good.replace("XYZCT", "XYZZT"), 'has DimensionOrder="XYZZT"'),
        "huge": (good.replace('SizeZ="1"', 'SizeZ="2147483647"'), "more than 16777216 images"),
        "larger": (good.replace('SizeZ="1"', 'SizeZ="99999999999"'), 'has SizeZ="99999999999"'),
        "none": (good.replace('SizeC="1"', ""), "without SizeC"),
    }.items():
        write("h.tif", pages, text)
        refused(what, words, "h.tif")
    # long is not hostile
    write("h.tif", pages, good.replace("</OME>", "<Plane/>" * 500000 + "</OME>"))
    check("long", pages, "h.tif")


def imagej():
    """Calibrated numbers, steps, what is left out."""
    planes = some((3, 10, 12))
    text = "ImageJ=1.53t\nimages=3\nslices=3\n"
    write("i.tif", planes, text + "cf=0\nc0=-32768.0\nc1=1.0\nvunit=Gray Value\n")
    signed = (planes.astype("i4") - 32768).astype("i2")
    check("16 bits signed", signed, "i.tif")
    assert "source type:=int16" in header("i.tif")
    check("as stored", planes, "--raw", "i.tif", scale=lambda a: a.astype("f4"))
    check("measured", signed, "--calibrated", "i.tif", scale=lambda a: a.astype("f4"))
    write("o.tif", planes, "")
    refused("signed and not", "o.tif: is calibrated otherwise than i.tif", "i.tif", "o.tif")
    check("both as stored", np.concatenate([planes, planes]), "--raw", "i.tif", "o.tif",
          scale=lambda a: a.astype("f4"))
    tint = np.zeros((3, 256), "u2")
    tint[1] = np.arange(256) * 257
    small = some((3, 10, 12), "u1")
    tifffile.imwrite("tint.tif", small, metadata=None, photometric="palette", colormap=tint, description=text)
    write("gray.tif", small, "")
    check("tinted, then gray", np.concatenate([small, small]), "tint.tif", "gray.tif")
    check("gray, then tinted", np.concatenate([small, small]), "gray.tif", "tint.tif")
    write("i.tif", planes, text + "cf=0\nc0=-5.5\nc1=0.25\n")
    refused("density", "--calibrated applies that", "i.tif")
    check("density", planes, "--calibrated", "i.tif",
          scale=lambda a: (a.astype("f8") * 0.25 - 5.5).astype("f4"))
    write("i.tif", planes, text + "cf=3\nc0=1\nc1=2\n")
    refused("exponential", "no straight line", "--calibrated", "i.tif")
    write("i.tif", planes, text + "cf=20\n")
    check("no calibration", planes, "i.tif")
    for lines, spacing, unit in (
            ("spacing=-2\nunit=um\n", [2, 0.2, 0.25], ["um"] * 3),
            ("unit=um\nyunit=mm\nzunit=nm\nspacing=2\n", [2, 0.2, 0.25], ["nm", "mm", "um"]),
            ("unit=um\n", [None, 0.2, 0.25], ["", "um", "um"]),
            ("spacing=2\n", [2, 0.2, 0.25], ["", "", ""]),
            ("spacing=x\n", [None, 0.2, 0.25], ["", "", ""])):
        write("i.tif", planes, text + lines, resolution=(4, 5), resolutionunit=1)
        about = told("i.tif")["series"][0]
        assert about["spacing"] == spacing and about["unit"] == unit, (lines, about)
    hyper = some((2, 3, 4, 10, 12), "f4")
    tifffile.imwrite("h.tif", hyper, imagej=True, metadata={"axes": "TZCYX"})
    check_all("hyperstack", hyper.swapaxes(1, 2), "h.tif")


def shapes():
    """tifffile's own descriptions."""
    for axes in "ZYX", "CYX", "TYX", "IYX", "TZYX", "ZCYX", "CTZYX", "TZCYX":
        shape = [int(n) for n in rng.integers(2, 5, len(axes) - 2)] + [10, 12]
        array = some(shape)
        tifffile.imwrite("s.tif", array, metadata={"axes": axes}, photometric="minisblack")
        check_all(axes, full(array, axes.replace("I", "Z")), "s.tif")
    # keys that are also values
    tifffile.imwrite("s.tif", some((2, 3, 10, 12)), photometric="minisblack",
                     metadata={"of": "shape", "axes": "CZYX", "by": {"axes": "TQYX", "shape": [1, 12]}})
    assert [told("s.tif")["series"][0][key] for key in ("shape", "channels")] == [[3, 10, 12], 2]
    array = some((2, 3, 10, 12))
    tifffile.imwrite("s.tif", array, photometric="minisblack")
    refused("no axes", "does not say which are planes", "s.tif")
    tifffile.imwrite("s.tif", array, photometric="minisblack", metadata={"axes": "QZYX"})
    refused("unknown axis", "does not say which are planes", "s.tif")
    check("told", array[:, 1], "--plain", "--order=channel:3,plane", "-c1", "s.tif")
    check("told", array[1], "--plain", "--order=plane:3,frame", "--frame=1", "s.tif")
    check("told", np.moveaxis(array, 1, -1), "--plain", "--order=channel:3,plane", "--channels=all", "s.tif")
    refused("told wrongly", "6 pages can't be laid out so", "--plain", "--order=channel:4,plane", "-c0", "s.tif")
    for words in "channel:2,channel", "plane,channel", "row", "", "channel:0,plane", "plane,":
        assert tiff2vol("--order", words, "s.tif")[0] == 2, words


def groups():
    """Pages that differ."""
    with tifffile.TiffWriter("g.tif") as tiff:
        large, small = some((2, 20, 30)), some((3, 10, 12), "u1")
        tiff.write(large[0], metadata=None)
        for page in small:
            tiff.write(page, metadata=None)
        tiff.write(large[1], metadata=None)
    refused("groups", "(choose those that are with --series 0 to 1)", "g.tif")
    check("large", large, "--series=0", "g.tif")
    check("small", small, "--series=1", "g.tif")
    assert [s["shape"] for s in told("g.tif")["series"]] == [[2, 20, 30], [3, 10, 12]]
    with tifffile.TiffWriter("t.tif") as tiff:
        for page in large:
            tiff.write(page, metadata=None)
            tiff.write(page[::2, ::2], metadata=None, subfiletype=1)
    check("thumbnails", large, "t.tif")


def folder():
    planes = some((12, 10, 12))
    os.mkdir("planes")
    for i, plane in enumerate(planes):
        write(f"planes/slice{i}.{['tif', 'TIFF'][i % 2]}", plane, "")
    open("planes/notes.txt", "w").close()
    open("planes/.hidden.tif", "w").close()
    check("folder", planes, "planes")
    check("folder", planes, "planes/")
    check("twice", np.concatenate([planes, planes[:1]]), "planes", "planes/slice0.tif")


def lsm():
    """Zeiss: channels as samples of a page, thumbnails between."""
    for frames, planes, channels, kind in (1, 4, 2, 0), (3, 1, 3, 3), (2, 3, 2, 6), (1, 5, 1, 0):
        stack = some((frames, planes, channels, 10, 12))
        info = struct.pack("<IiiiiiiiiiddddddHH", 0x0400494C, 500, 12, 10, planes, channels, frames, 2, 4, 4,
                           2e-7, 3e-7, 1.5e-6, 0, 0, 0, kind, 0).ljust(500, b"\0")
        with tifffile.TiffWriter("z.lsm", byteorder="<") as tiff:
            for i, page in enumerate(stack.reshape(-1, channels, 10, 12)):
                more = {"extratags": [(34412, 1, 500, info, True)]} if i == 0 else {}
                if channels > 1:
                    more["planarconfig"] = "separate"
                tiff.write(page if channels > 1 else page[0], metadata=None, contiguous=False,
                           photometric="rgb" if channels == 3 else "minisblack", **more)
                tiff.write(page[0, ::3, ::3].astype("u1"), metadata=None, subfiletype=1, contiguous=False)
        check_all(f"LSM {frames} {planes} {channels}", stack.swapaxes(1, 2), "z.lsm")
        if channels == 2:  # as Zeiss has it
            with open("z.lsm", "r+b") as file:
                data = bytearray(file.read())
                at, = struct.unpack_from("<I", data, 4)
                large = True
                while at:
                    count, = struct.unpack_from("<H", data, at)
                    for entry in range(at + 2, at + 2 + 12 * count, 12):
                        if struct.unpack_from("<H", data, entry)[0] == 262:
                            data[entry + 8] = 2 if large else 1
                    large = not large
                    at, = struct.unpack_from("<I", data, at + 2 + 12 * count)
                file.seek(0)
                file.write(data)
            check_all("LSM, two colors", stack.swapaxes(1, 2), "z.lsm")
        about = told("z.lsm")["series"][0]
        assert about["spacing"] == [1.5, 0.3, 0.2] or np.allclose(about["spacing"], [1.5, 0.3, 0.2]), about
        assert about["unit"] == ["um"] * 3 and about["channels"] == channels, about


def stk():
    """MetaMorph: one directory for all planes."""
    planes = some((5, 10, 12))
    at = 1000
    tags = [(256, 4, 1, 12), (257, 4, 1, 10), (258, 3, 1, 16), (259, 3, 1, 1), (262, 3, 1, 1),
            (273, 4, 1, at), (277, 3, 1, 1), (278, 4, 1, 10), (279, 4, 1, 240),
            (33628, 4, 4, 600), (33629, 5, 5, 300), (33630, 5, 5, 500)]
    def build(waves=(525,) * 5, distances=(3,) * 5, calibrated=1):
        out = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags))
        out += b"".join(struct.pack("<HHII", *tag) for tag in tags) + bytes(4)
        out = out.ljust(300, b"\0") + b"".join(struct.pack("<6I", d, 2, 2450000, i, 0, 0) for i, d in enumerate(distances))
        out = out.ljust(500, b"\0") + b"".join(struct.pack("<II", wave, 1) for wave in waves)
        out = out.ljust(600, b"\0") + struct.pack("<8I", 3, calibrated, 4, 700, 5, 708, 6, 716)
        out = out.ljust(700, b"\0") + struct.pack("<IIII", 1, 8, 1, 4) + struct.pack("<I", 3) + b"um\0"
        return out.ljust(at, b"\0") + planes.astype("<u2").tobytes()
    open("m.stk", "wb").write(build())
    check("STK", planes, "m.stk")
    about = told("m.stk")["series"][0]
    assert about["spacing"] == [1.5, 0.25, 0.125] and about["unit"] == ["um"] * 3, about
    open("m.stk", "wb").write(build(calibrated=0))
    assert told("m.stk")["series"][0]["spacing"][1:] == [None, None]
    open("m.stk", "wb").write(build())
    series = tifffile.TiffFile("m.stk").series[0]
    assert series.shape == (5, 10, 12) and np.array_equal(series.asarray(), planes)
    open("m.stk", "wb").write(build()[:-1])
    refused("cut", "tells of 5 images of 240 bytes", "m.stk")
    open("m.stk", "wb").write(build(waves=(525, 600, 525, 600, 525)))
    refused("waves", "differ in wavelength", "m.stk")
    open("m.stk", "wb").write(build(distances=(0, 1, 2, 3, 4)))
    assert told("m.stk")["series"][0]["spacing"][0] is None


def foreign():
    plane = some((1, 10, 12))
    for tag, name in (65420, "Hamamatsu NDPI"), (34361, "Olympus FluoView"):
        write("f.tif", plane, "", extratags=[(tag, 4, 1, 1, True)])
        refused(name, f"is a {name} file (tag {tag})", "f.tif")
        check(name, plane, "--plain", "f.tif")
    for text in "SI.VERSION_MAJOR = 5", "SI.hChannels.channelSave = 1\nSI.hStackManager.numSlices = 3\nSI.hStackManager.framesPerSlice = 2":
        write("f.tif", plane, text)
        refused(text, "a ScanImage file whose order of pages is not read", "f.tif")
    for text in "state.configName = 1", "scanimage.SI4 = 1":
        write("f.tif", plane, text)
        refused(text, "how its description orders planes", "f.tif")


def scanimage():
    text = ("SI.VERSION_MAJOR = '2020'\nSI.hChannels.channelSave = [1;4]\n"
            "SI.hRoiManager.imagingFovUm = [-30 -20;30 -20;30 20;-30 20]\n"
            "SI.hStackManager.framesPerSlice = {}\nSI.hStackManager.numSlices = {}\n"
            "SI.hStackManager.numVolumes = {}\nSI.hStackManager.stackZStepSize = -2.5\n")
    pages = some((2, 3, 2, 10, 12), "i2")  # volumes, slices, channels
    flat = pages.reshape(-1, 10, 12)
    write("s.tif", flat, "frameNumbers = 1\n", software=text.format(1, 3, 2))
    check_all("volumes", pages.swapaxes(1, 2), "s.tif")
    about = told("s.tif")["series"][0]
    assert about["spacing"] == [2.5, 4, 5] and about["unit"] == ["um"] * 3, about
    write("s.tif", flat, text.format(6, 1, 1))
    check_all("frames", flat.reshape(6, 2, 1, 10, 12), "s.tif")
    write("s.tif", flat, text.format(1, 4, 2))
    refused("stopped early", "tells of 16 images, it has 12 pages", "-c0", "--frame=0", "s.tif")


def micromanager():
    plane = some((1, 10, 12))
    page = json.dumps({"Width": 12, "Unit of": "PixelSizeUm", "PixelSizeUm": 0.25, "Binning": "1"}).encode() + b"\0"
    write("m.tif", plane, "", extratags=[(51123, 2, len(page), page, True)])
    about = told("m.tif")
    assert about["dialect"] == "Micro-Manager", about
    assert about["series"][0]["spacing"] == [None, 0.25, 0.25], about
    check("one page", plane, "m.tif")
    # what ImageJ saved again has it in its Info alone; not where the picture was resized since
    about = {"Width": 12, "Height": 10, "µ": 1, "PixelSizeUm": 0.25, "z-step_um": 1.5}
    for change, more, wanted in (({}, {}, [1.5, 0.25, 0.25]), ({"Width": 24}, {}, [None] * 3),
                                 ({}, {"spacing": 3, "unit": "um"}, [3, 1, 1])):
        for order in "<>":
            tifffile.imwrite("info.tif", some((3, 10, 12)), imagej=True, byteorder=order,
                             metadata={"axes": "ZYX", "Info": json.dumps({**about, **change}, ensure_ascii=False), **more})
            assert told("info.tif")["series"][0]["spacing"] == wanted, (change, more, order)
    tifffile.imwrite("info.tif", some((3, 10, 12)), imagej=True,
                     metadata={"axes": "ZYX", "Info": "of: " + json.dumps(about)})
    assert told("info.tif")["series"][0]["spacing"] == [None] * 3
    # the summary behind the header: pages are moved behind it
    stack = some((4, 10, 12))
    for channels, words in (1, None), (2, "a Micro-Manager file of 2 channels"):
        summary = json.dumps({"Channels": channels, "Frames": 1, "Slices": 4, "z-step_um": 1.5}).encode()
        head = struct.pack("<IIIIIIII", 54773648, 0, 483765892, 0, 99384722, 0, 2355492, len(summary)) + summary
        at = 8 + len(head) + len(head) % 2
        size, out = 2 + 12 * 10 + 4, b""
        for i in range(4):
            tags = [(256, 12), (257, 10), (258, 16), (259, 1), (262, 1), (273, at + 4 * size + i * 240),
                    (277, 1), (278, 10), (279, 240), (339, 1)]
            out += struct.pack("<H", 10) + b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
            out += struct.pack("<I", at + (i + 1) * size if i < 3 else 0)
        with open("mm.tif", "wb") as file:
            file.write((b"II*\0" + struct.pack("<I", at) + head).ljust(at, b"\0") + out + stack.tobytes())
        if words:
            refused("channels", words, "mm.tif")
            check("told", stack[1::2], "--plain", "--order=channel:2,plane", "-c1", "mm.tif")
        else:
            check("stack", stack, "mm.tif")
            assert told("mm.tif")["series"][0]["spacing"] == [1.5, None, None]


if __name__ == "__main__":
    globals()[sys.argv[1]]()
