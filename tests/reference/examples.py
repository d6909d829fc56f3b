"""Lines of examples in manual pages that do not fit beside their indent: `examples.py LIMIT PAGE...`."""
import re
import sys


def examples(path):
    """The lines of a page's examples, as a reader sees them, with their numbers."""
    literal = False
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.rstrip("\n")
        if line.startswith(".Bd"):
            literal = "-literal" in line
        elif line.startswith(".Ed"):
            literal = False
        elif literal or line.startswith(".Dl"):
            text = line if literal else line[4:]
            yield number, re.sub(r"\\&", "", text).replace("\\e", "\\").replace("\\(dq", '"')


limit = int(sys.argv[1])
found = [f"{path}:{number}: {len(text)}: {text}" for path in sys.argv[2:]
         for number, text in examples(path) if len(text) > limit]
print("\n".join(found))
sys.exit(bool(found))
