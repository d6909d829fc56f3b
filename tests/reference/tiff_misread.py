#!/usr/bin/python3
"""What tiff2vol and volinfo make of metadata that are easily misread.

tiff_misread.py NAME DATA    one of the checks below, with the folder of the reported files"""
import struct
import sys

import numpy as np
import tifffile
from tiff2vol import check
from tiff_dialects import check_all, full, refused, some, told, write, xml
from tiff_reports import expect, shape, spacing, text, tiff
from vol import attempt, tiff2vol

DATA = ""


def noticed(what, words, *arguments):
    """Read, with these words on standard error; no words: with none."""
    status, _, said = tiff2vol(*arguments)
    lines = said.count("\n")
    if status or words not in said or lines != (1 if words else 0):
        sys.exit(f"{what}: exit {status}, said {said!r}, expected {words!r}")


def modulo_xml(sizes, along, data="<TiffData/>", reference="Annotation:0"):
    whole = xml(sizes, data, pixels='PhysicalSizeX="1" PhysicalSizeY="1" PhysicalSizeZ="2"')
    if reference:
        whole = whole.replace("</Pixels>", f'</Pixels><AnnotationRef ID="{reference}"/>')
    return whole.replace("</OME>", '<StructuredAnnotations><XMLAnnotation ID="Annotation:0" Namespace='
                         f'"openmicroscopy.org/omero/dimension/modulo"><Value><Modulo>{along}</Modulo></Value>'
                         "</XMLAnnotation></StructuredAnnotations></OME>")


def modulo():
    file = f"{DATA}/ome-modulo-z-angle.tif"
    refused("angles", "8 planes that are 4 of kind 'angle' at each of 2 places", file)
    with tifffile.TiffFile(file) as whole:
        pages = np.stack([page.asarray() for page in whole.pages])
    for angle in range(4):
        check("one angle", pages[angle::4], "--plain", "--order=frame:4,plane", f"--frame={angle}", file)
    pages = some((12, 10, 12))
    labels = '<ModuloAlongZ Type="phase">' + "<Label>a</Label>" * 3 + "</ModuloAlongZ>"
    angle = '<ModuloAlongZ Type="angle" Start="0" Step="0.1" End="0.3"/>'
    for sizes, along, words in (((1, 12, 1), labels, "3 of kind 'phase' at each of 4 places"),
                                ((1, 12, 1), angle, "4 of kind 'angle' at each of 3 places"),
                                ((1, 12, 1), '<ModuloAlongZ Type="tile" Start="1" End="12"/>', "12 of kind 'tile' at each of 1"),
                                ((3, 4, 1), '<ModuloAlongZ Start="1" End="2"/>', "2 of kind 'other' at each of 2 places; --plain takes each page as a plane, with --order")):
        write("m.tif", pages, modulo_xml(sizes, along))
        refused(along, words, "-c0", "m.tif")
        about = attempt(["volinfo", "m.tif"])[2]
        assert words[:30] in about, about
    write("m.tif", pages, modulo_xml((1, 12, 1), angle, reference=""))
    refused("no reference", "4 of kind", "m.tif")
    # counts that can't be, those of one, other images' annotations
    for along, reference in (('<ModuloAlongZ Start="0" End="4"/>', "Annotation:0"), ('<ModuloAlongZ/>', "Annotation:0"),
                             ('<ModuloAlongZ Start="0" End="0"/>', "Annotation:0"),
                             ('<ModuloAlongZ Start="0" End="3" Step="0"/>', "Annotation:0")):
        write("m.tif", pages, modulo_xml((1, 12, 1), along, reference=reference))
        noticed(along, "", "m.tif")
        check(along, pages, "m.tif")
    two = modulo_xml((1, 6, 1), '<ModuloAlongZ Start="0" End="2"/>', '<TiffData IFD="6" PlaneCount="6"/>')
    first = xml((1, 6, 1), '<TiffData IFD="0" PlaneCount="6"/>')
    image = first[first.index("<Image"):first.index("</OME>")]
    write("m.tif", pages, two.replace("<Image", image + "<Image", 1))
    check("the other image", pages[:6], "--series=0", "m.tif")
    refused("its image", "3 of kind", "--series=1", "m.tif")
    # channels and frames are chosen by number
    write("m.tif", pages, modulo_xml((1, 2, 6), '<ModuloAlongT Type="lifetime" Start="0" End="2"/>'))
    noticed("lifetimes", "3 frames are of kind 'lifetime'", "--frame=4", "m.tif")
    check("lifetimes", pages[8:10], "--frame=4", "m.tif")
    write("m.tif", pages, modulo_xml((6, 2, 1), '<ModuloAlongC Type="lambda" Start="0" End="1"/>'))
    noticed("wavelengths", "2 channels are of kind 'lambda'", "-c4", "m.tif")


def positions():
    expect("reported", spacing(f"{DATA}/ome-position-z-only.tif"), [(1.5, "um"), (0.5, "um"), (0.5, "um")])
    pages = some((12, 10, 12))
    def planes(places, unit='PositionZUnit="µm"', **more):
        return "<TiffData/>" + "".join(
            f'<Plane TheZ="{z}" TheC="{c}" TheT="0" PositionZ="{place + 100 * c}" {unit}/>'
            for c in range(more.get("channels", 1)) for z, place in places if place is not None)
    even = [(z, 10.1 + 0.3 * z) for z in range(12)]
    unknown = (None, "")
    for data, pixels, right in (
            (planes(even), "", (0.3, "um")), (planes(even[::-1]), "", (0.3, "um")),
            (planes(even, 'PositionZUnit="mm"'), "", (0.3, "mm")), (planes(even, ""), "", (0.3, "")),
            (planes(even, 'PositionZUnit="reference frame"'), "", (0.3, "")),
            (planes([(z, -p) for z, p in even]), "", (0.3, "um")),
            (planes([(z, round(p / 3, 2)) for z, p in even]), "", (0.1, "um")),
            (planes(even), 'PhysicalSizeZ="2"', (2, "um")), (planes(even), 'PhysicalSizeZ="-2"', (0.3, "um")),
            # never invented
            (planes(even[:-1]), "", unknown), (planes([(z, 5) for z in range(12)]), "", unknown),
            (planes([(z, z * z) for z in range(12)]), "", unknown),
            (planes(even[:6] + [(6, 99)] + even[7:]), "", unknown), (planes(even + [(11, 3)]), "", unknown),
            (planes([(z + 1, p) for z, p in even]), "", unknown),
            (planes(even).replace("µm", "mm", 1), "", unknown), (planes(even).replace("10.1", "x"), "", unknown)):
        write("z.tif", pages, xml((1, 12, 1), data, pixels=pixels).encode())
        expect((data[:200], pixels), tuple(spacing("z.tif")[0]), right)
    write("z.tif", pages, xml((2, 6, 1), planes(even[:6], channels=2)).encode())
    expect("two channels", spacing("z.tif")[0], (0.3, "um"))
    assert told("z.tif")["series"][0]["spacing_from"][0] == "OME PositionZ"
    with tifffile.TiffWriter("b.ome.tif", bigtiff=True, byteorder=">") as file:
        file.write(pages, metadata={"axes": "ZYX", "Plane": {"PositionZ": [3 + 0.25 * z for z in range(12)],
                                                             "PositionZUnit": ["nm"] * 12}}, photometric="minisblack")
    expect("tifffile's", spacing("b.ome.tif")[0], (0.25, "nm"))


def sizes():
    pages = some((2, 10, 12))
    noticed("reported", 'PhysicalSizeX="-1.61736E9" is not a size: taken as unknown', f"{DATA}/ome-negative.tif")
    expect("reported", spacing(f"{DATA}/ome-negative.tif"), [(None, "")] * 3)
    about = attempt(["volinfo", f"{DATA}/ome-negative.tif"])[2]
    assert 'PhysicalSizeY="-1.61736E9" is not a size' in about, about
    for value in "0", "nan", "-inf", "", "a lot":
        write("s.tif", pages, xml((1, 2, 1), "<TiffData/>", pixels=f'PhysicalSizeZ="{value}"'))
        noticed(value, f'PhysicalSizeZ="{value}" is not a size: taken as unknown', "s.tif")
    write("s.tif", pages, xml((1, 2, 1), "<TiffData/>", pixels='PhysicalSizeX="1" PhysicalSizeXUnit="pixel"'))
    noticed("pixels", "", "s.tif")


def layouts():
    """Ways of storing the same array."""
    for i, more in enumerate(({}, {"compression": "zlib"}, {"rowsperstrip": 3}, {"rowsperstrip": 3, "compression": "zlib"},
                              {"tile": (16, 16)}, {"tile": (16, 16), "compression": "zlib"},
                              {"compression": "zlib", "predictor": True})):
        yield {**more, "byteorder": "<>"[i % 2], "bigtiff": i % 3 == 0}


def split():
    expect("reported", shape(f"{DATA}/rgb-three-planes-zyx.tif"), (1, 3, 1))
    expect("reported", shape(f"{DATA}/gray-separate-tyx.tif"), (1, 1, 5))
    for name, words in ("rgb-three-planes-zyx", []), ("gray-separate-tyx", ["--frame=4"]):
        with tifffile.TiffFile(f"{DATA}/{name}.tif") as file:
            planes = file.pages[0].asarray()
        check(name, planes[4:] if words else planes, *words, f"{DATA}/{name}.tif")
    turn = 0
    for more in layouts():
        for axes, dtype, photometric in (("ZYX", "u1", "rgb"), ("TYX", "u2", "rgb"), ("TZYX", "u2", "minisblack"),
                                         ("ZTYX", "f4", "rgb"), ("CZYX", "u1", "rgb"), ("CTYX", "i2", "minisblack"),
                                         ("TCZYX", "u2", "rgb"), ("IYX", "u1", "minisblack"), ("QYX", "u2", "rgb")):
            turn += 1
            if "predictor" in more and dtype == "f4":
                continue
            sizes = [2] * (len(axes) - 3) + [3 + turn % 2 if photometric == "rgb" else 5 - turn % 4, 21, 35]
            array = some(sizes, dtype)
            extra = {"extrasamples": ["unassalpha"] * (sizes[-3] - 3)} if photometric == "rgb" else {}
            tifffile.imwrite("s.tif", array, photometric=photometric, planarconfig="separate",
                             metadata={"axes": axes}, **extra, **more)
            assert tifffile.TiffFile("s.tif").pages[0].samplesperpixel == sizes[-3]
            check_all(f"{axes} {more}", full(array, axes.replace("I", "Z").replace("Q", "Z")), "s.tif")
            # the samples of a pixel side by side
            tifffile.imwrite("s.tif", np.moveaxis(array, -3, -1), photometric=photometric, planarconfig="contig",
                             metadata={"axes": axes[:-3] + "YX" + axes[-3]}, **extra, **more)
            if axes[-3] in "ZT":
                check_all(f"{axes} contig {more}", full(array, axes), "s.tif")
    # channels that look like colours are channels; samples are colours
    array = some((2, 3, 10, 12), "u1")
    tifffile.imwrite("s.tif", array, photometric="rgb", planarconfig="separate", metadata={"axes": "ZCYX"})
    check_all("channels", array.swapaxes(0, 1)[None], "s.tif")
    tifffile.imwrite("s.tif", array, photometric="rgb", planarconfig="separate", metadata={"axes": "ZSYX"})
    check("colours", np.moveaxis(array, 1, -1), "s.tif")
    tifffile.imwrite("s.tif", array, photometric="rgb", planarconfig="separate")
    check("no letters", np.moveaxis(array, 1, -1), "s.tif")
    tifffile.imwrite("s.tif", np.moveaxis(array, 1, -1), photometric="rgb", metadata={"axes": "ZYXC"})
    check("colours of pixels", np.moveaxis(array, 1, -1), "s.tif")
    # several files, with pages that are stored otherwise
    planes = some((3, 10, 12))
    tifffile.imwrite("a.tif", planes, photometric="rgb", planarconfig="separate", metadata={"axes": "ZYX"})
    tifffile.imwrite("b.tif", planes[::-1], photometric="minisblack", metadata={"axes": "ZYX"}, compression="zlib")
    tifffile.imwrite("c.tif", np.moveaxis(planes, 0, -1), photometric="minisblack", planarconfig="contig", metadata={"axes": "YXZ"})
    for order in "abc", "cab", "bca":
        check(order, np.concatenate([planes[::-1] if name == "b" else planes for name in order]),
              *[name + ".tif" for name in order])
    check("slice", planes[1:], "-p1:", "a.tif")
    check("plain", np.moveaxis(planes, 0, -1)[None], "--plain", "a.tif")
    check("order", planes[1:2], "--order=frame:3", "--frame=1", "a.tif")
    expect("told", shape("c.tif"), (1, 3, 1))
    # a single directory, all samples behind it
    array = some((4, 3, 10, 12))
    tifffile.imwrite("t.tif", array, photometric="rgb", planarconfig="separate", metadata={"axes": "TZYX"}, truncate=True)
    check_all("truncated", full(array, "TZYX"), "t.tif")


def columns():
    """tifffile takes an axis of 3 or 4 at the end for colours."""
    for more in layouts():
        for axes, sizes in (("ZYX", (17, 35, 3)), ("ZYX", (17, 35, 4)), ("TZYX", (2, 17, 9, 3)), ("TYX", (5, 9, 3)),
                            ("CTZYX", (2, 2, 5, 9, 4)), ("CYX", (4, 9, 3))):
            array = some(sizes, "u2")
            tifffile.imwrite("c.tif", array, photometric="rgb", metadata={"axes": axes}, **more)
            assert tifffile.TiffFile("c.tif").pages[0].samplesperpixel == sizes[-1]
            check_all(f"{axes} {more}", full(array, axes), "c.tif")
    tifffile.imwrite("c.tif", some((17, 35, 3)), photometric="rgb", metadata={"axes": "ZYX"})
    about = told("c.tif")["series"][0]
    assert about["shape"] == [17, 35, 3] and about["samples"] == 1, about


def letters():
    array = some((3, 10, 12))
    for axes, right, words in (("zyx", (1, 3, 1), ""), ("tyx", (1, 1, 3), ""), ("AYX", (1, 3, 1), "'angle': read as planes"),
                               ("HYX", (1, 3, 1), "'lifetime'"), ("ZXY", (1, 3, 1), "rows X and columns Y"),
                               ("YXZ", (1, 3, 1), "rows X and columns Z"), ("QYX", (1, 3, 1), ""), ("IYX", (1, 3, 1), "")):
        tifffile.imwrite("l.tif", array, photometric="minisblack", metadata={"axes": axes})
        expect(axes, shape("l.tif"), right)
        noticed(axes, words, *(["--frame=0"] if right[2] > 1 else []), "l.tif")
    # an axis of one at the end; letters of the last axes alone
    tifffile.imwrite("l.tif", array[..., None], photometric="minisblack", metadata={"axes": "TYXC"})
    check_all("one sample", array[:, None, None], "l.tif")
    with tifffile.TiffWriter("l.tif") as file:
        for plane in array:
            file.write(plane, contiguous=True, photometric="minisblack", metadata={"axes": "YX"})
    check("plane after plane", array, "l.tif")


def steps():
    unknown = (None, "")
    expect("reported", spacing(f"{DATA}/shaped-spacing.tif"), [(0.2, "um"), unknown, unknown])
    assert told(f"{DATA}/shaped-spacing.tif")["series"][0]["spacing_from"] == ["tifffile spacing", "", ""]
    planes = some((3, 10, 12))
    um = {"unit": "um"}
    for more, right in (({"spacing": 0.5, **um}, [(0.5, "um"), unknown, unknown]),
                        ({"spacing": "0.5", "unit": "\u00b5m"}, [(0.5, "um"), unknown, unknown]),
                        ({"spacing": 2}, [(2, ""), unknown, unknown]),
                        ({"spacing": [2, 0.5, 0.25], **um}, [(2, "um"), (0.5, "um"), (0.25, "um")]),
                        ({"spacing": [2, 0.5, 0.25], "units": ["um", "nm", "mm"]}, [(2, "um"), (0.5, "nm"), (0.25, "mm")]),
                        ({"spacing": [0.5, 0.25], **um}, [unknown, (0.5, "um"), (0.25, "um")]),
                        ({"spacing": [1, 2, 3, 4], **um}, [unknown] * 3),
                        ({"spacing": -1, **um}, [unknown] * 3), ({"spacing": None, **um}, [unknown] * 3),
                        ({"unit": "um"}, [unknown] * 3),
                        ({"spacing": 3, "unit": "pixel"}, [(3, ""), unknown, unknown]),
                        ({"PhysicalSizeX": 0.25, "PhysicalSizeY": "0.5", "PhysicalSizeZ": 2}, [(2, "um"), (0.5, "um"), (0.25, "um")]),
                        ({"PhysicalSizeX": 250, "PhysicalSizeXUnit": "nm", "spacing": 1, **um}, [(1, "um"), unknown, (250, "nm")]),
                        ({"PhysicalSizeZ": 0}, [unknown] * 3)):
        for order in "<>":
            tifffile.imwrite("s.tif", planes, photometric="minisblack", metadata={"axes": "ZYX", **more}, byteorder=order)
            expect(more, spacing("s.tif"), right)
    noticed("zero", 'PhysicalSizeZ="0" is not a size', "s.tif")
    tifffile.imwrite("s.tif", planes[0], metadata={"axes": "YX", "PhysicalSizeX": 0.25})
    expect("a plane", spacing("s.tif"), [unknown, unknown, (0.25, "um")])
    tifffile.imwrite("s.tif", planes, photometric="minisblack", metadata={"axes": "AYX", "spacing": 2, **um})
    expect("angles", spacing("s.tif"), [unknown] * 3)


def written(file, arrays, **more):
    """Each array as tifffile appends it: (axes, array) or (axes, array, what else)."""
    with tifffile.TiffWriter(file, **more) as to:
        for axes, array, *how in arrays:
            to.write(array, **{"photometric": "minisblack", "metadata": {"axes": axes}, **(how[0] if how else {})})


def arrays():
    file = f"{DATA}/append-stacks.tif"
    refused("reported", "holds 3 images: choose one with --series 0 to 2 (0 1 x 8 x 10, 1 ", file)
    with tifffile.TiffFile(file) as whole:
        for i, series in enumerate(whole.series):
            check_all("reported", full(series.asarray(), "CYX"), f"--series={i}", file)
            expect("reported", told(file)["series"][i]["channels"], 4)
        check("plain", whole.asarray(slice(None)), "--plain", file)
    refused("one too many", "the file has series 0 to 2", "--series=3", file)
    for more in {}, {"bigtiff": True, "byteorder": ">"}:
        several = [("ZYX", some((3, 10, 12))), ("TZYX", some((2, 4, 10, 12))), ("YX", some((20, 30), "u1")),
                   ("ZYX", some((4, 10, 12)), {"photometric": "rgb", "planarconfig": "separate", "extrasamples": [0]}),
                   ("ZYX", some((6, 10, 3)), {"photometric": "rgb"}), ("YXS", some((10, 12, 3), "u1"), {"photometric": "rgb"}),
                   ("CYX", some((2, 10, 12)), {"compression": "zlib"}),
                   ("ZYX", some((2, 10, 12)), {"metadata": {"axes": "ZYX", "spacing": 2, "unit": "um", "name": "last"}})]
        written("a.tif", several, **more)
        refused("several", "holds 8 images: choose one with --series 0 to 7 (0 3 x 10 x 12, 1 4 x 10 x 12, 2 1 x 20 x 30, ", "a.tif")
        for i, (axes, array, *_) in enumerate(several):
            if axes == "YXS":
                check(f"{i} {axes}", array[None], f"--series={i}", "a.tif")
            else:
                check_all(f"{i} {axes}", full(array, axes), f"--series={i}", "a.tif")
            about = told("a.tif")["series"][i]
            expect(f"{i} {axes}", about["shape"][1:], list(array.shape[-2:] if axes != "YXS" else array.shape[:2]))
        expect("step", (about["spacing"][0], about["name"]), (2, "last"))
    # frame after frame is a stack
    frames = some((5, 10, 12))
    written("a.tif", [("YX", frame) for frame in frames])
    check("frames", frames, "a.tif")
    written("a.tif", [("YX", frames[0]), ("ZYX", frames)])
    check("the second", frames, "--series=1", "a.tif")
    # pages of other programs after an array, which does not describe them
    for how in {}, {"compression": "zlib"}:
        with tifffile.TiffWriter("a.tif") as to:
            to.write(frames, photometric="minisblack", metadata={"axes": "TYX"}, **how)
            to.write(some((20, 30)), metadata=None, **how)
        check_all("frames", full(frames, "TYX"), "--series=0", "a.tif")
        check("other", tifffile.TiffFile("a.tif").pages[5].asarray()[None], "--series=1", "a.tif")
    # pages without a description, of the same kind
    with tifffile.TiffWriter("a.tif") as to:
        to.write(frames, photometric="minisblack", metadata={"axes": "ZYX"})
        to.write(frames[0], metadata=None, photometric="minisblack")
    refused("one more", "tells of 5 images, it has 6 pages; --plain", "a.tif")


def scifio():
    expect("reported", (shape(f"{DATA}/scifio.tif"), spacing(f"{DATA}/scifio.tif")),
           ((1, 1, 3), [(None, ""), (0.5, "um"), (0.5, "um")]))
    names = {"Channel": "C", "Z": "Z", "Time": "T"}
    for order in "<>":
        for axes in ("Z",), ("Channel", "Z"), ("Z", "Channel", "Time"), ("Time", "Z", "Channel"), ("Channel",):
            sizes = [2 + i for i in range(len(axes))]
            array = some(sizes[::-1] + [10, 12])
            text_ = "SCIFIO=0.42.0\naxes=X,Y," + ",".join(axes) + "\nlengths=12,10," + ",".join(map(str, sizes)) + (
                "\nscales=0.25,0.5," + ",".join(["2.0"] * len(axes)) + "\nunits=\\u00B5m,um," + ",".join(["mm"] * len(axes)) + "\n")
            write("s.tif", array.reshape(-1, 10, 12), text_, byteorder=order)
            check_all(axes, full(array, "".join(names[axis] for axis in axes[::-1]) + "YX"), "s.tif")
            expect(axes, spacing("s.tif"), [(2, "mm") if "Z" in axes else (None, ""), (0.5, "um"), (0.25, "um")])
    pages = some((6, 10, 12))
    head = "SCIFIO=0.42.0\n"
    write("s.tif", pages, head + "axes=X,Y,Z\nlengths=12,10,6\nscales=1.0,1.0,1.0\nunits=null,null,null\n")
    expect("no units", spacing("s.tif"), [(None, "")] * 3)
    for words, said in (("axes=X,Y,Lifetime\nlengths=12,10,6\n", "axes are X,Y,Lifetime"), ("", "axes are not stated"),
                        ("axes=Y,X,Z\nlengths=10,12,6\n", "taken are X, Y and then"), ("axes=X,Y,Z\nlengths=12,10\n", "axes are X,Y,Z"),
                        ("axes=X,Y,Z\nlengths=12,10,5\n", "tells of 5 images, it has 6 pages"),
                        ("axes=X,Y,Z\nlengths=13,10,6\n", "13 columns"),
                        ("axes=X,Y,Z,Z\nlengths=12,10,3,2\n", "axes are X,Y,Z,Z")):
        write("s.tif", pages, head + words)
        refused(words, said, "s.tif")
    check("plain", pages, "--plain", "s.tif")


def zct():
    """As ImageJ's Opener does: only where it reads page by page."""
    expect("reported", shape(f"{DATA}/ij-order-zct-deflate.tif"), (2, 3, 1))
    with tifffile.TiffFile(f"{DATA}/ij-order-zct-deflate.tif") as file:
        pages = np.stack([page.asarray() for page in file.pages])
    check_all("reported", pages.reshape(1, 2, 3, *pages.shape[1:]), f"{DATA}/ij-order-zct-deflate.tif")
    pages = some((12, 10, 12))
    by_plane = pages.reshape(2, 2, 3, 10, 12)
    by_channel = pages.reshape(2, 3, 2, 10, 12).swapaxes(1, 2)
    words = "images=12\nchannels=2\nslices=3\nframes=2\n"
    zct_, turned = "order=zct\n", [(274, 3, struct.pack("<H", 1))]
    for what, right in (("ImageJ=1.53t\n" + words + zct_, by_channel),  # counted: one run, wherever the pages lie
                        ("ImageJ=\n" + words + zct_, by_plane), ("ImageJ=\n" + words, by_channel),
                        ("ImageJ=1.53t\n" + words[10:] + zct_, by_plane), ("ImageJ=\n" + words + "order=czt\n", by_channel)):
        tiff("z.tif", pages, lambda page: [text(270, what)])
        check_all(what, right, "z.tif")
    tiff("z.tif", pages, lambda page: [text(270, "ImageJ=1.53t\n" + words + zct_)] + turned)
    check_all("Orientation", by_plane, "z.tif")
    for compression in None, "zlib":
        for how in {"byteorder": ">"}, {"rowsperstrip": 3, "byteorder": "<"}:
            write("z.tif", pages, "ImageJ=1.53t\n" + words + zct_, compression=compression, **how)
            check_all((compression, how), by_plane if compression else by_channel, "z.tif")
    tifffile.imwrite("z.tif", pages, metadata={}, photometric="minisblack", description="ImageJ=\n" + words + zct_)
    with tifffile.TiffFile("z.tif") as file:
        offsets = [page.dataoffsets[0] for page in file.pages]
    assert np.all(np.diff(offsets) == 240)
    check_all("one run", by_channel, "z.tif")


def electron():
    expect("reported", spacing(f"{DATA}/fei-stack.tif"), [(None, ""), (5, "nm"), (5, "nm")])
    assert told(f"{DATA}/fei-stack.tif")["series"][0]["spacing_from"] == ["", "FEI PixelHeight", "FEI PixelWidth"]
    pages = some((2, 10, 12))
    unknown = [(None, "")] * 3
    zeiss = "0\n0\n0\n4e-9\n5\nDP_X\nX = Yes\n"
    for tag, words, right in (
            (34682, "[Scan]\r\nPixelWidth=4.2e-009\r\nPixelHeight=5.6e-009\r\n", [(5.6, "nm"), (4.2, "nm")]),
            (34680, "[EScan]\nPixelWidth=1\n[EScan]\nPixelWidth=3e-9\nPixelHeight=3e-9\n[Scan]\nPixelWidth=2e-9\nPixelHeight=2e-9\n", [(2, "nm"), (2, "nm")]),
            (34682, "[IScan]\nPixelWidth=2e-9\n PixelHeight=3e-9 \n", [(3, "nm"), (2, "nm")]),
            (34682, "[Scan]\nPixelWidth=0\nPixelHeight=-1\n", None), (34682, "[Scan]\nPixelWidth=\nXPixelHeight=1e-9", None),
            (34118, zeiss + "AP_PIXEL_SIZE\r\nPixel Size = 8.0 nm\r\nAP_IMAGE_PIXEL_SIZE\r\nImage Pixel Size =  2.5 nm\r\n", [(2.5, "nm")] * 2),
            (34118, zeiss + "AP_PIXEL_SIZE\r\nPixel Size = 1.25 \u00b5m\r\n", [(1.25, "um")] * 2),
            (34118, (zeiss + "AP_PIXEL_SIZE\r\nPixel Size = 1.25 \u00b5m\r\n").encode("latin1"), [(1.25, "um")] * 2),
            (34118, zeiss, [(4, "nm")] * 2), (34118, "0\r\n0\r\n0\r\n4e-9\r\n", [(4, "nm")] * 2), (34118, "0\n0\nx\n4e-9\n", None),
            (34118, "AP_IMAGE_PIXEL_SIZE\nImage Pixel Size = x nm\n", None)):
        for order in "<>":
            tiff("e.tif", pages, lambda page: [text(tag, words)], order)
            expect(words, spacing("e.tif"), [(None, "")] + right if right else unknown)
            check(words, pages, "e.tif")
    # another program's size counts more
    tiff("e.tif", pages, lambda page: [text(270, "ImageJ=1\nimages=2\nslices=2\nunit=um\nspacing=2\n"), (282, 5, struct.pack("<II", 4, 1)),
                                       (283, 5, struct.pack("<II", 4, 1)), text(34682, "[Scan]\nPixelWidth=2e-9\nPixelHeight=2e-9\n")])
    expect("ImageJ's", spacing("e.tif"), [(2, "um"), (0.25, "um"), (0.25, "um")])


if __name__ == "__main__":
    DATA = sys.argv[2]
    globals()[sys.argv[1]]()
