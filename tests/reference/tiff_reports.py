#!/usr/bin/python3
"""Files of the kinds that users of other programs reported, and siblings of them: how tiff2vol and
volinfo understand their descriptions.

tiff_reports.py NAME DATA    one of the checks below, with the folder of the reported files"""
import json
import os
import struct
import subprocess
import sys

import numpy as np
import tifffile
from tiff2vol import check
from tiff_dialects import check_all, refused, rng, some, told

DATA = ""


def tiff(file, pages, entries, order="<", samples=1, photometric=1):
    """Writes pages with entries(i), (tag, type, bytes), in the order given, beside the usual ones."""
    bits, dtype = pages.dtype.itemsize * 8, pages.dtype.newbyteorder(order)
    kind = {"u": 1, "i": 2, "f": 3}[pages.dtype.kind]
    out = bytearray(b"II*\0" if order == "<" else b"MM\0*") + bytes(4)
    link = 4
    for i, page in enumerate(pages):
        data = page.astype(dtype).tobytes()
        at = len(out)
        out += data
        list_ = [(tag, 4, struct.pack(order + "I", value)) for tag, value in (
            (256, page.shape[1]), (257, page.shape[0]), (259, 1), (262, photometric), (273, at),
            (277, samples), (278, page.shape[0]), (279, len(data)))]
        list_ += [(tag, 3, struct.pack(order + "H", value) * samples) for tag, value in ((258, bits), (339, kind))]
        list_ = sorted(list_ + entries(i), key=lambda entry: entry[0])
        sizes = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8}
        body = b""
        for tag, type_, value in list_:
            count = len(value) // sizes[type_]
            if len(value) > 4:
                where = len(out) + len(out) % 2
                out = out.ljust(where, b"\0") + value
                value = struct.pack(order + "I", where)
            body += struct.pack(order + "HHI", tag, type_, count) + value.ljust(4, b"\0")
        where = len(out) + len(out) % 2
        out = out.ljust(where, b"\0") + struct.pack(order + "H", len(list_)) + body + bytes(4)
        out[link:link + 4] = struct.pack(order + "I", where)
        link = len(out) - 4
    with open(file, "wb") as to:
        to.write(out)


def text(tag, words):
    return (tag, 2, (words if isinstance(words, bytes) else words.encode()) + b"\0")


def shape(file):
    about = told(file)["series"][0]
    return about["channels"], about["shape"][0], about["frames"]


def spacing(file):
    about = told(file)["series"][0]
    return list(zip(about["spacing"], about["unit"]))


def expect(what, found, right):
    if found != right:
        sys.exit(f"{what}: {found}, expected {right}")


def pages_of(file):
    """The pages as they come, read by other means."""
    with tifffile.TiffFile(file) as whole:
        return np.stack([page.asarray() for page in whole.pages])


def reported(name, right, steps=None):
    expect(name, shape(f"{DATA}/{name}.tif"), right)
    if steps:
        expect(name, spacing(f"{DATA}/{name}.tif"), steps)


def descriptions():
    """Several tags 270: the one that a program wrote counts, wherever it stands."""
    reported("two-descriptions-ome", (3, 1, 1))
    reported("two-descriptions-imagej", (3, 1, 1))
    pages = some((6, 10, 12))
    user, imagej = "what I saw: a=b", "ImageJ=1.53t\nimages=6\nchannels=3\nslices=2\n"
    for i, order in enumerate(((user, imagej), (imagej, user), ("", user, imagej))):
        tiff("d.tif", pages, lambda page: [text(270, words) for words in order] if page == 0 else [])
        check_all(f"descriptions {i}", pages.reshape(1, 2, 3, 10, 12).swapaxes(1, 2), "d.tif")
    scan = "SI.hChannels.channelSave = [1;2]\nSI.hStackManager.numSlices = 3\n"
    tiff("d.tif", pages, lambda page: [text(270, user), text(270, scan)])
    check_all("ScanImage second", pages.reshape(1, 3, 2, 10, 12).swapaxes(1, 2), "d.tif")
    tiff("d.tif", pages, lambda page: [text(270, user), text(270, '{"shape": [2, 3, 10, 12], "axes": "CZYX"}')])
    check_all("tifffile second", pages.reshape(1, 2, 3, 10, 12), "d.tif")
    tiff("d.tif", pages, lambda page: [text(270, user), text(270, "more words")])
    expect("only words", shape("d.tif"), (1, 6, 1))


def metadata(of):
    return lambda page: [text(51123, json.dumps(of(page)))]


def micromanager():
    reported("ndtiff-two-channels", (2, 3, 1), [(None, ""), (0.25, "um"), (0.25, "um")])
    reported("ndtiff-time", (1, 1, 4))
    reported("micromanager-channelindex", (2, 2, 1))
    pages = pages_of(f"{DATA}/ndtiff-two-channels.tif")
    check_all("NDTiff", pages.reshape(1, 3, 2, 10, 12).swapaxes(1, 2), f"{DATA}/ndtiff-two-channels.tif",
              named=["DAPI", "GFP"])
    # frames, channels and planes, in any order
    pages = some((12, 10, 12))
    places = [(t, c, z) for t in range(2) for c in range(2) for z in range(3)]
    mixed = [7, 2, 11, 0, 5, 9, 1, 3, 10, 4, 8, 6]
    sorted_ = np.empty_like(pages)
    for page, place in enumerate(mixed):
        sorted_[place] = pages[page]
    whole = sorted_.reshape(2, 2, 3, 10, 12)
    axes = lambda page: dict(zip(("time", "channel", "z"), places[mixed[page]]))
    tiff("n.tif", pages, metadata(lambda page: {"Axes": axes(page)}))
    check_all("any order", whole, "n.tif")
    tiff("n.tif", pages, metadata(lambda page: {"Axes": {**axes(page), "z": axes(page)["z"] - 1, "exposure": 5}}))
    check_all("negative plane, constant axis", whole, "n.tif")
    tiff("n.tif", pages, metadata(lambda page: dict(zip(("FrameIndex", "ChannelIndex", "SliceIndex"), places[mixed[page]]),
                                                    PositionIndex=3, Channel="ab"[places[mixed[page]][1]])))
    check_all("indices", whole, "n.tif", named="ab")
    # what is no whole set
    tiff("n.tif", pages[:11], metadata(lambda page: {"Axes": axes(page)}))
    refused("one missing", "its 11 pages are not one of each; --plain takes each page as a plane", "-c0", "--frame=0", "n.tif")
    check("plain", pages[:11], "--plain", "n.tif")
    tiff("n.tif", pages, metadata(lambda page: {"Axes": axes(page if page else 1)}))
    refused("one twice", "not one of each", "-c0", "--frame=0", "n.tif")
    check("told", pages[1::2], "--plain", "--order=channel:2,plane", "-c1", "n.tif")
    tiff("n.tif", pages[:2], metadata(lambda page: {"Axes": {"row": page, "z": 0}}))
    refused("tiles", "an axis 'row'", "n.tif")
    tiff("n.tif", pages[:2], metadata(lambda page: {"Axes": {"position": page}}))
    refused("positions", "2 positions", "n.tif")
    tiff("n.tif", pages[:2], lambda page: metadata(lambda page: {"SliceIndex": 0})(page) if page == 0 else [])
    refused("page without", "page 1 has no Micro-Manager metadata", "n.tif")


def plane(wave, z, light="", more=""):
    return ("<MetaData>\n<PlaneInfo>\n" + "".join(f'<prop id="{key}" type="float" value="{value}"/>\n' for key, value in (
        ("spatial-calibration-state", "on"), ("spatial-calibration-x", 0.5), ("spatial-calibration-y", 0.25),
        ("spatial-calibration-units", "&#181;m"), ("z-position", z), ("wavelength", wave), ("_IllumSetting_", light))
        if value != "") + more + "</PlaneInfo>\n</MetaData>\n")


def metamorph():
    """XML on each page, and STK."""
    reported("metaseries-two-waves", (2, 2, 1), [(1.5, "um"), (0.65, "um"), (0.65, "um")])
    pages = pages_of(f"{DATA}/metaseries-two-waves.tif")
    check_all("XML", pages.reshape(1, 2, 2, 10, 12).swapaxes(1, 2), f"{DATA}/metaseries-two-waves.tif",
              named=["DAPI", "GFP"])
    pages = some((6, 10, 12))
    write = lambda of, n=6: tiff("x.tif", pages[:n], lambda page: [text(270, of(page))])
    write(lambda page: plane(500 + page // 3, page % 3 * 2))
    check_all("channels after one another", pages.reshape(1, 2, 3, 10, 12), "x.tif")
    expect("steps", spacing("x.tif"), [(2, "um"), (0.25, "um"), (0.5, "um")])
    write(lambda page: plane(500 + page % 2, 7))
    check_all("time", pages.reshape(3, 2, 1, 10, 12), "x.tif")
    write(lambda page: plane(500 + page, page), 2)
    expect("each channel has its own focus", shape("x.tif"), (2, 1, 1))
    write(lambda page: plane("", page * -0.5))
    check_all("a stack", pages.reshape(1, 1, 6, 10, 12), "x.tif")
    expect("downwards", spacing("x.tif")[0], (0.5, "um"))
    write(lambda page: plane("", ""))
    check_all("no positions", pages.reshape(1, 1, 6, 10, 12), "x.tif")
    write(lambda page: plane(500 + page // 4, page % 4))
    refused("not as many of each", "not one of each; --plain", "-c0", "x.tif")
    write(lambda page: plane(500, 0, "", f'<prop id="stage-label" type="string" value="{page}"/>'))
    refused("stages", "several positions of the stage ('0' and '1')", "x.tif")
    reported("stk-time-lapse", (1, 1, 5))
    reported("stk-negative-distance", (1, 5, 1), [(None, ""), (0.25, "um"), (0.125, "um")])


def stk(pages, waves, distances):
    n = len(pages)
    tags = [(256, 4, 1, 12), (257, 4, 1, 10), (258, 3, 1, 16), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 2000),
            (277, 3, 1, 1), (278, 4, 1, 10), (279, 4, 1, 240), (33629, 5, n, 300), (33630, 5, n, 1000)]
    out = b"II*\0" + struct.pack("<IH", 8, len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags) + bytes(4)
    out = out.ljust(300, b"\0") + b"".join(struct.pack("<iiIIII", d, 2, 2450000, i, 0, 0) for i, d in enumerate(distances))
    out = out.ljust(1000, b"\0") + b"".join(struct.pack("<II", wave, 1) for wave in waves)
    with open("w.stk", "wb") as file:
        file.write(out.ljust(2000, b"\0") + pages.astype("<u2").tobytes())


def stk_waves():
    pages = some((6, 10, 12))
    stk(pages, (500, 600) * 3, (0, 3) * 3)
    check_all("side by side", pages.reshape(1, 3, 2, 10, 12).swapaxes(1, 2), "w.stk", named=["500 nm", "600 nm"])
    expect("step", spacing("w.stk")[0], (1.5, "um"))
    stk(pages, (500,) * 3 + (600,) * 3, (3,) * 6)
    check_all("one after another", pages.reshape(1, 2, 3, 10, 12), "w.stk")
    expect("step", spacing("w.stk")[0], (1.5, "um"))
    stk(pages, (500,) * 3 + (600,) * 3, (0,) * 6)
    check_all("in time", pages.reshape(2, 3, 1, 10, 12).swapaxes(0, 1), "w.stk")
    stk(pages, (500, 600, 500, 500, 600, 600), (3,) * 6)
    refused("no rule", "--order says which of its 6 images they are", "w.stk")
    check("told", pages[1::2], "--order=channel:2,plane", "-c1", "w.stk")
    stk(pages, (500,) * 6, (-3,) * 6)
    expect("negative", (shape("w.stk"), spacing("w.stk")[0]), ((1, 6, 1), (None, "")))


def scanimage():
    reported("scanimage-flyback", (1, 3, 3))
    pages = pages_of(f"{DATA}/scanimage-flyback.tif")
    check_all("flyback", pages.reshape(3, 1, 4, 10, 12)[:, :, :3], f"{DATA}/scanimage-flyback.tif")
    words = "{0}.hChannels.channelSave = [1;2]\n{0}.hStackManager.framesPerSlice = {1}\n{0}.hStackManager.numSlices = 3\n{0}.hStackManager.numVolumes = {2}\n{3}"
    def write(pages, *values, prefix="SI"):
        tifffile.imwrite("s.tif", pages.reshape(-1, 10, 12), metadata=None, photometric="minisblack",
                         description=words.format(prefix, *values))
    pages = some((2, 5, 2, 10, 12), "i2")  # volumes, slices with 2 of flyback, channels
    kept = pages[:, :3].swapaxes(1, 2)
    new = "SI.hStackManager.numFramesPerVolumeWithFlyback = 5\n"
    write(pages, 1, 2, new)
    check_all("two channels", kept, "s.tif")
    write(pages, 1, 2, "SI.hFastZ.numDiscardFlybackFrames = 2\n")
    check_all("older names", kept, "s.tif")
    write(pages, 1, 2, "scanimage.SI.hFastZ.numFramesPerVolume = 5\n", prefix="scanimage.SI")
    check_all("oldest names", kept, "s.tif")
    write(pages[:, :3], 1, 2, "SI.hFastZ.numDiscardFlybackFrames = 2\n")
    check_all("discarded before they were written", kept, "s.tif")
    write(pages.reshape(-1, 10, 12)[:-4], 1, 2, new)
    check_all("no flyback at the end", kept, "s.tif")
    pages = some((3, 4, 2, 10, 12), "i2")
    write(pages, 1, 4, "SI.hStackManager.numFramesPerVolumeWithFlyback = 4\n")
    check_all("the counts agree without it", pages[:, :3].swapaxes(1, 2), "s.tif")
    pages = some((2, 7, 2, 10, 12), "i2")  # two frames a slice, one of flyback
    write(pages, 2, 2, "SI.hStackManager.numFramesPerVolumeWithFlyback = 7\n")
    right = pages[:, :6].reshape(2, 3, 2, 2, 10, 12).transpose(0, 2, 3, 1, 4, 5).reshape(4, 2, 3, 10, 12)
    check_all("frames of a slice", right, "s.tif")
    write(pages[:, :5], 2, 2, "SI.hStackManager.numFramesPerVolumeWithFlyback = 7\n")
    refused("cut", "--plain takes each page as a plane", "-c0", "--frame=0", "s.tif")


def properties():
    """ImageJ's description is a Java Properties text."""
    for name in "images-3.0", "trailing-blank":
        reported(f"imagej-{name}", (1, 3, 1))
    for name in "blanks-around-equals", "carriage-returns":
        reported(f"imagej-{name}", (3, 1, 1), [(2, "um"), (0.25, "um"), (0.25, "um")])
    for name in "escape", "latin1":
        reported(f"imagej-angstrom-{name}", (1, 3, 1), [(2.5, "angstrom"), (0.25, "angstrom"), (0.25, "angstrom")])
    reported("imagej-um-with-cm", (1, 3, 1), [(0.5, "um"), (0.25, "um"), (0.25, "um")])
    pages = some((6, 10, 12))
    four = (5, struct.pack("<II", 4, 1))
    def write(words, unit=1):
        tiff("p.tif", pages, lambda page: [text(270, words), (282, *four), (283, *four), (296, 3, struct.pack("<H", unit))])
    for words in (b"ImageJ=1\r\nimages=6\r\nchannels=2\r\nslices=3\r\nunit=um\r\nspacing=2\r\n",
                  b"ImageJ:1\nimages: 6\nchannels:2\nslices:3\nunit :um\nspacing:2",
                  b"ImageJ 1\n",
                  b"ImageJ=1\n# images=7\n!images=8\n\n  images\t6 \nchan\\\n  nels = 2.0\n\\u0073lices=3\nunit=\\u00B5\\u006d\nspacing=2.0e0",
                  b"ImageJ=1\nimages=6\nslices=3\nchannels=2\ninfo=\xff \\:\\=\\ttail\nunit=\xb5m\nspacing=2 \t",
                  b"ImageJ=1\nimages=6\nslices=3\nchannels=2\nunit=\xc2\xb5m\nspacing=-2\nfree=\\"):
        write(words)
        if words == b"ImageJ 1\n":
            expect("words", shape("p.tif"), (1, 6, 1))
            continue
        expect(words, (shape("p.tif"), spacing("p.tif")), ((2, 3, 1), [(2, "um"), (0.25, "um"), (0.25, "um")]))
    for words in "images=6.5", "images=many", "channels=-2":
        write("ImageJ=1\n" + words)
        refused(words, "expected a whole number; --plain", "p.tif")
        check(words, pages, "--plain", "p.tif")
    # no number has the unit of another tag
    for words, unit, right in (("unit=pixel\nspacing=2", 3, [(2, ""), (0.25, "cm"), (0.25, "cm")]),
                               ("spacing=2", 3, [(2, ""), (0.25, "cm"), (0.25, "cm")]),
                               ("spacing=2", 2, [(2, ""), (0.25, "inch"), (0.25, "inch")]),
                               ("unit=\\u00B5m\nspacing=2", 3, [(2, "um"), (2500, "um"), (2500, "um")]),
                               ("unit=mm\nspacing=2", 3, [(2, "mm"), (0.25, "mm"), (0.25, "mm")]),
                               ("unit=um\nspacing=2", 2, [(2, "um"), (0.25, "um"), (0.25, "um")])):
        write("ImageJ=1\nimages=6\nslices=6\n" + words, unit)
        expect((words, unit), spacing("p.tif"), right)


def samples():
    """Counts of channels or images that are the samples of a pixel."""
    one, stack = some((1, 10, 12, 3)), some((8, 10, 12, 3), "u1")
    for words, pages, right in (("images=3\nchannels=3", one, (1, 1)), ("channels=3", one, (1, 1)),
                                ("images=1\nchannels=3", one, (1, 1)),
                                ("images=24\nchannels=3\nslices=8", stack, (8, 1)),
                                ("images=24\nchannels=3\nframes=8", stack, (1, 8)),
                                ("images=24\nslices=24", stack, (8, 1)), ("images=24", stack, (8, 1)),
                                ("images=8\nchannels=3", stack, (8, 1)), ("images=8\nslices=8", stack, (8, 1))):
        for photometric in 2, 1:
            tiff("c.tif", pages, lambda page: [text(270, f"ImageJ=1.53t\n{words}\n")], samples=3, photometric=photometric)
            about = told("c.tif")["series"][0]
            expect((words, photometric), (about["shape"][0], about["frames"]), right)
            expect((words, photometric), about["samples"], 3)
            for frame in range(right[1]):
                chosen = pages if right[1] == 1 else pages[frame:frame + 1]
                frames = ["--frame", frame] if right[1] > 1 else []
                if photometric == 2:
                    check(f"{words} color", chosen, *frames, "c.tif")
                check(f"{words} green", chosen[..., 1], *frames, "-c1", "c.tif")
    many = some((6, 10, 12, 3), "u1")  # real channels of colors stay what they are
    tiff("c.tif", many, lambda page: [text(270, "ImageJ=1\nimages=6\nchannels=3\nslices=2\n")], samples=3, photometric=2)
    check("colors of a channel", many[1::3], "-c1", "c.tif")
    tiff("c.tif", stack[:7], lambda page: [text(270, "ImageJ=1\nimages=24\n")], samples=3, photometric=2)
    refused("one missing", "tells of 24 images, it has 7 pages; --plain", "c.tif")


def nih():
    reported("nih-image-stack", (1, 3, 1), [(2, "um"), (0.25, "um"), (0.25, "um")])
    pages = some((3, 10, 12), "u1")
    for order, unit, version, planes, right in (("<", 7, 161, 3, [(2, "mm"), (0.5, "mm"), (0.25, "mm")]),
                                                (">", 2, 150, 3, [(2, "mm"), (0.5, "mm"), (0.25, "mm")]),
                                                (">", 14, 161, 3, [(None, "")] * 3), ("<", 6, 161, 0, None)):
        head = bytearray(512)
        head[:8] = b"IPICIMAG"
        head[12:14] = struct.pack(">H", version)
        head[160:168] = struct.pack(">d", 4)
        head[172:174] = struct.pack(">H", unit)
        head[260:266] = struct.pack(">Hf", planes, 2)
        head[272:276] = struct.pack(">f", 0.5)
        tiff("h.tif", np.concatenate(list(pages))[None], lambda page: [(43314, 3, bytes(head))], order)
        data = bytearray(open("h.tif", "rb").read())
        for tag, value in (257, 10), (278, 10), (279, 120):
            where = data.index(struct.pack(order + "HHI", tag, 4, 1)) + 8
            data[where:where + 4] = struct.pack(order + "I", value)
        open("h.tif", "wb").write(data)
        check("NIH Image", pages if planes else pages[:1], "h.tif")
        if right:
            expect((order, unit, version), spacing("h.tif"), right)
    tiff("h.tif", some((2, 10, 12)), lambda page: [(43314, 1, b"other")])
    expect("another's tag", shape("h.tif"), (1, 2, 1))


def said(file, *options):
    """What volinfo says beside what it prints."""
    return subprocess.run(["volinfo", *options, file], capture_output=True, text=True, check=True).stderr


def improvision_text(at, totals=(2, 3, 1), **more):
    """at, totals: channel, plane, time; None leaves a line out."""
    lines = ["Improvision Data", "XCalibrationMicrons=0.125", "YCalibrationMicrons=0.25", "ZCalibrationMicrons=0.5"]
    keys = "TotalChannels", "TotalZPlanes", "TotalTimepoints", "ChannelNo", "ZPlane", "TimestampNo"
    lines += [f"{key}={value}" for key, value in zip(keys, (*totals, *at)) if value is not None]
    return "\n".join(lines + [f"{key}={value}" for key, value in more.items()])


def improvision():
    reported("improvision-two-channels", (2, 3, 1), [(0.5, "um"), (0.125, "um"), (0.125, "um")])
    check_all("reported", pages_of(f"{DATA}/improvision-two-channels.tif").reshape(1, 3, 2, 8, 10).swapaxes(1, 2),
              f"{DATA}/improvision-two-channels.tif", named=["FITC", "DAPI"])
    for order, fastest, (frames, channels, planes) in (("<", 0, (1, 3, 2)), (">", 1, (1, 2, 4)), ("<", 0, (3, 2, 2))):
        volume = some((frames, channels, planes, 10, 12))
        places = [(c, z, t) for t in range(frames) for z in range(planes) for c in range(channels)]
        if fastest:
            places.sort(key=lambda place: (place[2], place[0]))
        tiff("i.tif", np.stack([volume[t, c, z] for c, z, t in places]), lambda i: [text(270, improvision_text(
            [at + 1 for at in places[i]], (channels, planes, frames), ChannelName=f"dye {places[i][0]}"))], order)
        check_all(f"improvision {order}", volume, "i.tif")
        expect("steps", spacing("i.tif"), [(0.5, "um"), (0.25, "um"), (0.125, "um")])
    pages = some((6, 10, 12))
    tiff("i.tif", pages, lambda i: [text(270, improvision_text((None, i + 1, None), (1, 6, 1)).replace("\n", "\r\n"))])
    check("planes alone", pages, "i.tif")
    tiff("i.tif", pages, lambda i: [text(270, improvision_text((None, None, None), (6, 1, 1)))])
    check_all("an axis alone", pages.reshape(1, 6, 1, 10, 12), "i.tif")
    tiff("i.tif", pages, lambda i: [text(270, improvision_text((None, i // 2 + 1, 1)))])
    refused("no channels", "does not tell the channel, plane and time of each page; --order", "i.tif")
    check("by order", pages[::2], "-c0", "--order=channel:2,plane", "i.tif")
    tiff("i.tif", pages, lambda i: [text(270, improvision_text((i % 2 + 1, i // 2 + 1, 1)) if i != 3 else "???")])
    refused("damaged", "does not tell the channel, plane and time of each page", "i.tif")
    tiff("i.tif", pages, lambda i: [text(270, improvision_text((1, i // 2 + 1, 1)))])
    refused("twice", "its 6 pages are not one of each", "i.tif")
    tiff("i.tif", pages[:3], lambda i: [text(270, improvision_text((1, i + 1, 1)))])
    refused("stopped", "TotalChannels=2, its pages are of 1", "i.tif")


def qpi(kind, name, **more):
    inside = "".join(f"<{key}>{value}</{key}>" for key, value in {"ImageType": kind, "Name": name, **more}.items())
    return ('<?xml version="1.0" encoding="utf-16"?>\r\n<PerkinElmer-QPI-ImageDescription><Responsivity><Band><Name>'
            f"no</Name></Band></Responsivity>{inside}</PerkinElmer-QPI-ImageDescription>")


def channel_pages():
    reported("qptiff-channels", (4, 1, 1))
    reported("mibi-channels", (3, 1, 1))
    expect("names", told(f"{DATA}/mibi-channels.tif")["series"][0]["channel_names"], ["dsDNA", "CD3", "CD8"])
    pages = some((5, 10, 12))
    kinds = ["FullResolution", "FullResolution", "Thumbnail", "FullResolution", "Label"]
    resolution = [(282, 5, struct.pack(">II", 20000, 1)), (283, 5, struct.pack(">II", 20000, 1)), (296, 3, b"\0\3")]
    tiff("q.tif", pages, lambda i: [text(270, qpi(kinds[i], f"a &amp; {i}")), *resolution], ">")
    check_all("QPTIFF", pages[[0, 1, 3]].reshape(1, 3, 1, 10, 12), "q.tif", named=["a & 0", "a & 1", "a & 3"])
    expect("steps", spacing("q.tif"), [(None, ""), (0.5, "um"), (0.5, "um")])
    tiff("q.tif", pages, lambda i: [text(270, qpi(kinds[i], "x")[:150 if i == 3 else None])])
    refused("damaged", "page 3 has no PerkinElmer QPTIFF description that tells what it is", "q.tif")
    check("damaged", pages, "--plain", "q.tif")
    targets = [{"channel.target": "dsDNA"}, {"channel.mass": 89}, {"channel.target": None, "channel.mass": 113},
               {"image.type": "Optical", "mibi.run": "x"}, {"image.type": "SIMS"}]
    tiff("m.tif", pages, lambda i: [text(270, json.dumps({"mibi.version": 1, **targets[i]}))])
    check_all("MIBI", pages[[0, 1, 2, 4]].reshape(1, 4, 1, 10, 12), "m.tif")
    expect("names", told("m.tif")["series"][0]["channel_names"], ["dsDNA", "89", "113", ""])
    tiff("m.tif", pages, lambda i: [text(270, '{"channel.target": "a"}' if i < 4 else '{"chan')])
    refused("damaged", "page 4 has no MIBI description", "m.tif")


def files():
    """Files that say where they belong, in any order."""
    os.mkdir("folder")
    volume = some((2, 2, 3, 10, 12))
    names = []
    for t, c, z, p in np.ndindex(2, 2, 3, 2):
        names.append(f"folder/img_channel{c:03}_position{p:03}_time{t:09}_z{z:03}.tif")
        about = {"ChannelIndex": c, "Channel": "AB"[c], "SliceIndex": z, "FrameIndex": t, "PositionIndex": p,
                 "PixelSizeUm": 0.1, "z-step_um": 2}
        tiff(names[-1], volume[t, c, z][None] + p, metadata(lambda page, about=about: about), "<>"[p])
    refused("positions", "the files are of 2 positions of the stage: choose one with --series 0 to 1", "folder")
    refused("frames", "choose one with --channel 0 to 1 (0 A, 1 B)", "--series=0", "folder")
    for turn in range(3):
        for t, c, p in np.ndindex(2, 2, 2):
            check("a folder", volume[t, c] + p, "-c", "AB"[c], f"--frame={t}", f"--series={p}", *names)
        rng.shuffle(names)
    check("slab", volume[1, 1][1:2], "-c1", "--frame=1", "--series=0", "--part=2/3", "folder")
    check("planes", volume[1, 1][2:], "-c1", "--frame=1", "--series=0", "-p", "2:3", "folder")
    one = told("folder")["series"]
    expect("volinfo", [(s["name"], s["channels"], s["shape"][0], s["frames"]) for s in one],
           [("position 0", 2, 3, 2), ("position 1", 2, 3, 2)])
    first = [name for name in names if "position000_time000000000" in name]
    check("all channels", np.moveaxis(volume[0], 0, -1), "--channels=all", *first)
    lost = [name for name in first if "channel001" not in name or "z001" not in name]
    refused("lost", "no file has channel 1, plane 1, frame 0 (--missing zero makes it 0)", "-c1", *lost)
    refused("twice", "the files have two pages for channel 0, plane 0, frame 0", "-c1", *first, *first)
    check("one", volume[0, 1, 2][None], "folder/img_channel001_position000_time000000000_z002.tif")
    tiff("other.tif", volume[0, 0, :1], lambda page: [])
    refused("other", "does not say which channel and plane it is, as", "-c0", *first, "other.tif")
    for c, z in np.ndindex(2, 3):
        tiff(f"v{c}{z}.tif", volume[0, c, z][None], lambda page, at=(c + 1, z + 1, 1): [text(270, improvision_text(at))])
    check("Improvision", volume[0, 1], "-c1", *(f"v{c}{z}.tif" for z, c in np.ndindex(3, 2)))


def texts():
    """Texts that differ in more than numbers are said, others are not."""
    pages = some((3, 10, 12))
    expect("reported", "has the name 'CD3(Er170)', page 0 'DNA1(Ir191)'" in
           said(f"{DATA}/pagename-channels.tif"), True)
    for tag, words, is_told in (
            (285, ["DAPI", "FITC", "DAPI"], True), (285, ["CD3", "CD8", "CD20"], True), (269, ["a", "b", "c"], True),
            (285, ["slice 1", "slice 2", "slice 3"], False), (285, ["z0001", "z0003", "z0009"], False),
            (285, ["Page 3", "Page 2", "Page 1"], False), (285, ["Ch0", "Ch1", "Ch2"], True),
            (270, ["z=-0.5 at 10:59:59 AM", "z=0.5 at 1:00 PM", "z=1.5e-3 at 1:01:02 PM"], False),
            (270, ["Mon Mar 2 2020", "Tue Mar 3 2020", "Fri Apr 10 2020"], False),
            (270, ["id 0f8fad5b-d9cb-469f-a165-70867728950e", "id 7c9e6679-7425-40de-944b-e07fc1f90ae7", ""], False),
            (270, ["wavelength: 488", "wavelength: 561", "wavelength: 488"], True),
            (270, ["ChannelNo=1", "ChannelNo=2", "ChannelNo=1"], True), (270, ["liver", "lung", "liver"], True)):
        for order in "<>":
            tiff("t.tif", pages, lambda i: [text(tag, words[i])], order)
            expect((tag, words), "read as planes all the same" in said("t.tif"), is_told)
            check(words[0], pages, "t.tif")
        expect("--plain", said("t.tif", "--plain"), "")
        expect("--order", said("t.tif", "--order=channel"), "")
    tiff("t.tif", pages, lambda i: [(285, 2, b"\xff\xff\xff\x7f" * 3)] if i else [])
    expect("damaged", said("t.tif"), "")
    for number, (names, is_told) in enumerate((
            (["a_C0_z1", "a_C0_z2", "a_C1_z1", "a_C1_z2"], True), (["a_w1", "a_w2"], True), (["a_ch00", "a_ch01"], True),
            (["left1", "left2", "right1", "right2"], True), (["1_red", "1_blue", "2_red", "2_blue"], True),
            (["a_001", "a_002", "a_010"], False), (["c0001", "c0002"], False), (["front", "back"], False))):
        os.mkdir(f"names{number}")
        for name in names:
            tiff(f"names{number}/{name}.tif", pages[:1], lambda i: [])
        expect(names, "its name differs from" in said(f"names{number}"), is_told)
        expect(names, told(f"names{number}")["series"][0]["shape"][0], len(names))


if __name__ == "__main__":
    DATA = sys.argv[2]
    globals()[sys.argv[1]]()
