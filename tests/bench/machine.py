"""What a figure depends on: the machine, the day, the versions of everything."""
import os
import platform
import re
import shutil
import subprocess
import time

PYTHON = os.environ.get("PYTHON", "/usr/bin/python3")


def unu():
    return shutil.which("teem-unu") or shutil.which("unu") or "teem-unu"


def said(*command):
    """All that a command prints, or nothing where it is missing."""
    try:
        return subprocess.run(command, capture_output=True, text=True, errors="replace").stdout
    except OSError:
        return ""


def found(pattern, text):
    match = re.search(pattern, text, re.MULTILINE)
    return match.group(1).strip() if match else None


def file_text(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


def processor():
    """Name, whose last word is a number for the maker alone, cores and vector level."""
    info = file_text("/proc/cpuinfo")
    name = found(r"^model name\s*:(.*)", info) or platform.machine()
    level = "AVX-512" if " avx512f" in info else "AVX2" if " avx2" in info else ""
    return ", ".join(filter(None, [name, level, f"{len(os.sched_getaffinity(0))} cores"]))


def memory():
    kib = found(r"^MemTotal:\s*(\d+)", file_text("/proc/meminfo"))
    return f"{int(kib) / 2**20:.0f} GiB" if kib else "memory unknown"


def modules():
    """Versions of the Python modules that take part."""
    code = ("import importlib\nfor m in 'numpy', 'skimage', 'tifffile', 'PIL':\n"
            " try: print(m, importlib.import_module(m).__version__)\n except ImportError: pass")
    return said(PYTHON, "-c", code).split("\n")


def versions():
    names = {"numpy": "numpy", "skimage": "scikit-image", "tifffile": "tifffile", "PIL": "Pillow"}
    have = [f"{names[m]} {v}" for m, v in (line.split() for line in modules() if line)]
    have += [f"{name} {v}" for name, v in (
        ("vol", found(r"(\S+)$", said("tiff2vol", "--version").strip())),
        ("teem", found(r"Teem version (\S+),", said(unu(), "about"))),
        ("vips", found(r"vips-([\d.]+)", said("vips", "--version"))),
        ("GraphicsMagick", found(r"GraphicsMagick (\S+)", said("gm", "-version"))),
        ("netpbm", netpbm()),
        ("coreutils", found(r"([\d.]+)$", said("cat", "--version").split("\n")[0])),
        ("libtiff", found(r"(\S+)", said("pkg-config", "--modversion", "libtiff-4"))),
        ("libpng", found(r"(\S+)", said("pkg-config", "--modversion", "libpng"))),
        ("zlib", found(r"(\S+)", said("pkg-config", "--modversion", "zlib")))) if v]
    return ", ".join(sorted(have, key=str.lower))


def netpbm():
    try:
        text = subprocess.run(["pamtopng", "--version"], capture_output=True, text=True).stderr
    except OSError:
        return None
    return found(r"Version: Netpbm (\S+)", text)


def described(data):
    """Lines of text."""
    disk = found(r"\n(\S+)$", said("df", "--output=fstype", data).strip()) or "unknown"
    return [time.strftime("%Y-%m-%d"),
            f"{processor()}, {memory()}, {platform.system()} {platform.release()}, files on {disk}",
            versions()]
