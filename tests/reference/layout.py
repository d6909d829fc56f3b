#!/usr/bin/env python3
"""Which module includes which: layout.py FOLDER prints what is wrong with the tree, a line each.

Rooms stand in the order of ROOMS; a module (a .c with its .h) includes only modules of its own room
or of rooms further down, and never one that includes it in turn, over however many steps.
"""
import os
import re
import sys

ROOMS = """tools
format/html
format/chart
format/tiff
format/tiff/data_set
format/tiff/stack
format/tiff/origin
format/tiff/metadata
format/tiff/write
format/tiff/decode
format/nrrd
format/png
common/cli
common/picture
common/exposure
common/objects
common/stats
common/shape
common/clahe
common/morphology
common/local
common/stream
common/volume
common/math
common/kernel
common/thread
common/text
common/io
common/base""".split()
# Formats side by side know nothing of one another.
APART = [{"format/html"}, {"format/chart"}, {"format/nrrd"}, {"format/png"},
         {"format/tiff", "format/tiff/data_set", "format/tiff/stack", "format/tiff/origin",
          "format/tiff/metadata", "format/tiff/decode", "format/tiff/write"}]
MODULES_MAX = 16


def sources(root):
    for top in "common", "format", "tools":
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in names:
                if name.endswith((".c", ".h")):
                    yield os.path.relpath(os.path.join(folder, name), root)


def read_modules(root):
    """{module: (room, {module it includes: the file that does})}"""
    modules = {}
    for path in sorted(sources(root)):
        module = os.path.splitext(path)[0]
        _, includes = modules.setdefault(module, (room_of(path), {}))
        with open(os.path.join(root, path), encoding="utf-8") as file:
            for included in re.findall(r'^#include "([^"]+)\.h"', file.read(), re.M):
                if included != module:
                    includes.setdefault(included, path)
    return modules


def room_of(path):
    folder = os.path.dirname(path)
    return "tools" if folder.split("/")[0] == "tools" else folder


def check_arrows(modules):
    for module, (room, includes) in modules.items():
        if room not in ROOMS:
            yield f"{module}: {room} is no room"
            continue
        for included, path in includes.items():
            if included not in modules:
                yield f"{path}: includes {included}.h, which is not there"
                continue
            other = modules[included][0]
            if other in ROOMS and ROOMS.index(other) < ROOMS.index(room):
                yield f"{path}: includes {included}.h, which lies above {room}"
            if any(room in formats for formats in APART) and other.startswith("format/") and \
                    not any(room in formats and other in formats for formats in APART):
                yield f"{path}: includes {included}.h of another format"


def check_circles(modules):
    """Depth first; what is on the path when it is met again closes a circle."""
    done = set()

    def visit(module, path):
        if module in path:
            circle = path[path.index(module):] + [module]
            yield "circle: " + " -> ".join(circle)
            return
        if module in done or module not in modules:
            return
        for included in modules[module][1]:
            yield from visit(included, path + [module])
        done.add(module)

    for module in modules:
        yield from visit(module, [])


def check_names(modules):
    count = {}
    for module, (room, _) in modules.items():
        folder, name = os.path.split(module)
        if room != "tools":
            count[room] = count.get(room, 0) + 1
        if name.startswith(os.path.basename(folder) + "_"):
            yield f"{module}: repeats the name of its folder"
    for room, modules_there in count.items():
        if modules_there > MODULES_MAX:
            yield f"{room}: {modules_there} modules, at most {MODULES_MAX}"


def main():
    modules = read_modules(sys.argv[1])
    wrong = [*check_arrows(modules), *check_circles(modules), *check_names(modules)]
    print("\n".join(wrong) if wrong else f"{len(modules)} modules in {len(ROOMS)} rooms")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
