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
    noticed("reported", 'PhysicalSizeX="-1.61736E9" is no size: taken as unknown', f"{DATA}/ome-negative.tif")
    expect("reported", spacing(f"{DATA}/ome-negative.tif"), [(None, "")] * 3)
    about = attempt(["volinfo", f"{DATA}/ome-negative.tif"])[2]
    assert 'PhysicalSizeY="-1.61736E9" is no size' in about, about
    for value in "0", "nan", "-inf", "", "a lot":
        write("s.tif", pages, xml((1, 2, 1), "<TiffData/>", pixels=f'PhysicalSizeZ="{value}"'))
        noticed(value, f'PhysicalSizeZ="{value}" is no size: taken as unknown', "s.tif")
    write("s.tif", pages, xml((1, 2, 1), "<TiffData/>", pixels='PhysicalSizeX="1" PhysicalSizeXUnit="pixel"'))
    noticed("pixels", "", "s.tif")


if __name__ == "__main__":
    DATA = sys.argv[2]
    globals()[sys.argv[1]]()
