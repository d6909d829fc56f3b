"""What tests/channels.bats does in Python: steps_channels.py STEP [ARGUMENT]..."""
import sys


def ome_two_channels(*arguments):
    import numpy, tifffile
    colours, names = arguments[:2], arguments[2:4] or ["", ""]
    channels = "".join(f'<Channel ID="Channel:0:{i}" SamplesPerPixel="1"' + (f' Color="{c}"' if c else "") +
                       (f' Name="{n}"' if n else "") + "/>" for i, (c, n) in enumerate(zip(colours, names)))
    xml = ('<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0">'
           '<Pixels ID="Pixels:0" DimensionOrder="XYZCT" Type="uint8" SizeX="2" SizeY="1" SizeZ="1" SizeC="2" SizeT="1">'
           f'{channels}<TiffData/></Pixels></Image></OME>')
    tifffile.imwrite("two.ome.tif", numpy.array([[[255, 0]], [[0, 255]]], "uint8"), photometric="minisblack",
                     description=xml, metadata=None)


def imagej_colours(*arguments):
    import numpy, tifffile
    ramp = numpy.arange(256)

    def table(colour):
        if colour == "fire":
            return numpy.stack([numpy.minimum(255, 2 * ramp), ramp, 0 * ramp]).astype("uint8")
        return numpy.stack([numpy.rint(ramp * int(colour[i:i + 2], 16) / 255) for i in (0, 2, 4)]).astype("uint8")
    order, *colours = arguments
    planes = numpy.zeros((2, len(colours), 1, 2), "uint8")
    planes[:, 0, 0, 0] = 255
    planes[:, 1, 0, 1] = 255
    tifffile.imwrite("imagej.tif", planes, imagej=True, byteorder=order,
                     metadata={"axes": "ZCYX", "mode": "composite", "Labels": ["a", "bb", "ccc", "d"],
                               "Info": "text", "LUTs": [table(colour) for colour in colours]})


def imagej_windows(order, *windows):
    """An ImageJ stack of as many channels as there are windows, "LO,HI" each; "min=LO,HI": that of the text."""
    import numpy, tifffile
    text = dict(zip(("min", "max"), map(float, windows[0][4:].split(",")))) if windows[0][:4] == "min=" else {}
    windows = [[float(number) for number in window.split(",")] for window in windows[len(text) > 0:]]
    planes = numpy.arange(4 * max(1, len(windows)), dtype="uint16").reshape(2, -1, 1, 2)
    ranges = {"Ranges": [tuple(number for window in windows for number in window)]} if windows else {}
    tifffile.imwrite("windows.tif", planes if windows else planes[:, 0], imagej=True, byteorder=order,
                     metadata={"axes": "ZCYX" if windows else "ZYX", "Info": "text", **text, **ranges})


def written(name):
    """What ImageJ reads of a file of two channels."""
    import tifffile
    found = tifffile.TiffFile(name).imagej_metadata
    assert found["Ranges"] == (63.75, 191.25) * 2, found["Ranges"]
    assert [table[:, 255].tolist() for table in found["LUTs"]] == [[0, 255, 0], [128, 0, 255]]
    assert [table[:, 0].tolist() for table in found["LUTs"]] == [[0, 0, 0]] * 2
    assert found["LUTs"][1][:, 3].tolist() == [2, 0, 3] # 1.5 rounded
    assert found["mode"] == "composite" and "window: 0.25 0.75" in found["Info"]


def damage_colours():
    import struct
    data = bytearray(open("imagej.tif", "rb").read())
    entry = {}
    at = struct.unpack_from("<I", data, 4)[0]
    for i in range(struct.unpack_from("<H", data, at)[0]):
        tag, kind, count, value = struct.unpack_from("<HHII", data, at + 2 + 12 * i)
        entry[tag] = (at + 2 + 12 * i, count, value)

    def damaged(name, where, form, *values):
        copy = bytearray(data)
        struct.pack_into(form, copy, where, *values)
        open(name, "wb").write(copy)
    sizes, parts = entry[50838], entry[50839]
    for i in range(sizes[1]):
        for j, value in enumerate((0, 1, 767, 769, 2 ** 31, 2 ** 32 - 1)):
            damaged(f"size-{i}-{j}.tif", sizes[2] + 4 * i, "<I", value)
    for i in range(3, 32, 4):
        for j, value in enumerate((0, 2 ** 32 - 1)):
            damaged(f"part-{i}-{j}.tif", parts[2] + i - 3, "<I", value)
    for j, value in enumerate((0, 1, 2, 2 ** 32 - 1)):
        damaged(f"count-{j}.tif", sizes[0] + 4, "<I", value)
        damaged(f"place-{j}.tif", parts[0] + 8, "<I", value)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
