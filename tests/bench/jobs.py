"""What is measured: the same work as a shell command of each contender.

Commands see these variables: TIF, TIFZ (deflated), NRRD, PGM: the volume; VIPS_TIF: the same without
64-bit samples; TO_ONE, TO_BYTE: factors from its samples to 0..1 and 0..255; PLANES, SIDE; TINY: the
small volumes' name without ending; MANY, FEW: how many of those; PY, UNU; OUT: an empty folder. Samples go
to OUT/x or OUT/x.raw, which lead to /dev/null when it is time that is asked for: on many machines fresh
memory for a file costs more than the work.
A contender "NAME:integer" only takes part where the TIFF holds integers."""
from dataclasses import dataclass, field

PROGRAMS = {
    "vol": ["tiff2vol", "vol2png"],
    "cat": ["cat"],
    "scikit-image": [],
    "unu": ["$UNU"],
    "vips": ["vips"],
    "netpbm": ["tifftopnm", "pamtopng", "pamdice", "pamsplit"],
    "gm": ["gm"],
    "gmic": ["gmic"],
    "mrtrix": ["mrfilter"],
}


@dataclass
class Goal:
    """What (wall, cpu, bytes, MiB) of ours is at most limit times that of another; "best": the best peer's.
    Without another the limit is the number itself."""
    what: str
    limit: float
    other: str = ""


@dataclass
class Job:
    name: str
    title: str
    makes: str  # samples, samples2 (twice as many), planes, picture, text or nothing: what agree.py expects in OUT
    commands: dict
    goals: dict = field(default_factory=dict)  # size -> [Goal]
    sizes: tuple = ("tiny", "small", "medium")
    counts: dict = field(default_factory=dict)  # contender -> variable: volumes in one run


def in_pipe(commands):
    """Each between the same two cats."""
    return {name: f'cat "$NRRD" | {c} | cat >/dev/null' for name, c in commands.items()}


def repeated(count, command):
    return f"for ((i = 0; i < {count}; i++)); do {command} || exit 1; done"


def cut_by_vips(tall):
    """A file a plane of the tall picture, in one process."""
    return (f'vips dzsave "{tall}" "$OUT/o" --depth one --tile-size $SIDE --overlap 0 --suffix .png '
            '--layout google && rm "$OUT/o/blank.png"')


def stretched_by_vips(source, target):
    """Between the percentiles 0.5 and 99.5, to bytes."""
    return (f'low=$(vips percent "{source}" 0.5) && high=$(vips percent "{source}" 99.5) && '
            'line=$(awk "BEGIN { print 255 / ($high - $low), -255 * $low / ($high - $low) + 0.5 }") && '
            f'vips linear "{source}" "{target}" ${{line% *}} " ${{line#* }}" --uchar')


def by_gmic(command):
    """On the samples alone; it writes them as it read them."""
    return ('tail -c $((PLANES * SIDE * SIDE * 4)) "$NRRD" >"$OUT/v.raw" && '
            f'OMP_NUM_THREADS=1 gmic -v 0 "$OUT/v.raw,float,$SIDE,$SIDE,$PLANES" {command} -o "$OUT/o.raw,float" && '
            'mv "$OUT/o.raw" "$OUT/x" && rm "$OUT/v.raw"')


def by_mrtrix(command):
    """By way of a header of its own."""
    return ('printf "mrtrix image\\ndim: %d,%d,%d\\nvox: 1,1,1\\nlayout: +0,+1,+2\\ndatatype: Float32LE\\n'
            'file: %s %d\\nEND\\n" $SIDE $SIDE $PLANES "$NRRD" $(($(stat -c %s "$NRRD") - PLANES * SIDE * SIDE * 4)) '
            f'>"$OUT/v.mih" && mrfilter -quiet -nthreads 0 "$OUT/v.mih" {command} "$OUT/o.mif" && rm "$OUT/v.mih" && '
            'mv "$OUT/o.mif" "$OUT/x"')


EACH_BY_NETPBM = 'for f in "$OUT"/p*.pgm; do pamtopng $f >${f%.pgm}.png && rm $f || exit 1; done'

JOBS = [
    Job("tiff", "TIFF to raw floats", "samples", {
        "vol": 'tiff2vol "$TIF" >"$OUT/x"',
        "cat": 'cat "$TIF" >"$OUT/x"',
        "scikit-image": '$PY floats "$TIF" "$OUT/x"',
        "vips": 'vips linear "$VIPS_TIF" "$OUT/x.raw" $TO_ONE 0',
        "netpbm:integer": 'tifftopnm "$TIF" >"$OUT/x"',
    }, {"medium": [Goal("wall", 0.5, "best")]}),
    Job("tiff-deflated", "deflated TIFF to raw floats", "samples", {
        "vol": 'tiff2vol "$TIFZ" >"$OUT/x"',
        "scikit-image": '$PY floats "$TIFZ" "$OUT/x"',
        "vips": 'vips linear "$TIFZ[n=-1]" "$OUT/x.raw" $TO_ONE 0',
        "netpbm": 'tifftopnm "$TIFZ" >"$OUT/x"',
    }, {"medium": [Goal("wall", 0.6, "best")]}, sizes=("tiny", "medium")),
    Job("gamma", "gamma 0.5 in a pipe", "nothing", in_pipe({
        "vol": "volgamma -g 0.5",
        "cat": "cat",
        "scikit-image": "$PY gamma=0.5 -",
        "unu": "$UNU gamma -g 2 -min 0 -max 1 -i -",
    }), {"medium": [Goal("wall", 1.0, "cat")]}),
    Job("gamma-any", "gamma 0.45 in a pipe", "nothing", in_pipe({
        "vol": "volgamma -g 0.45",
        "cat": "cat",
        "scikit-image": "$PY gamma=0.45 -",
        "unu": "$UNU gamma -g 2.2222222 -min 0 -max 1 -i -",
    }), {"medium": [Goal("wall", 1.25, "cat")]}),
    Job("window", "clip at values in a pipe", "nothing", in_pipe({
        "vol": "volclip -v 0.1,0.9",
        "cat": "cat",
        "scikit-image": "$PY window -",
        "unu": "$UNU affine 0.1 - 0.9 0 1 -clamp true",
    }), {"medium": [Goal("wall", 1.0, "cat")]}),
    Job("gamma-file", "TIFF, gamma 0.5, to raw samples", "samples", {
        "vol": 'tiff2vol "$TIF" | volgamma -g 0.5 >"$OUT/x"',
        "scikit-image": '$PY gamma=0.5 "$TIF" "$OUT/x"',
        "vips": 'vips gamma "$VIPS_TIF" "$OUT/x.raw" --exponent 2',
        "netpbm:integer": 'pnmgamma 0.5 "$PGM" >"$OUT/x"',
        "gm": 'gm convert "$TIF" -gamma 2 -depth 16 -endian LSB "gray:$OUT/x"',
    }),
    Job("equalize", "equalize", "samples", {
        "vol": 'voleq "$NRRD" >"$OUT/x"',
        "cat": 'cat "$NRRD" >"$OUT/x"',
        "scikit-image": '$PY equalize "$NRRD" "$OUT/x"',
        "unu": '$UNU heq -b 256 -i "$NRRD" -o "$OUT/x"',
        "vips:integer": 'vips hist_equal "$VIPS_TIF" "$OUT/x.raw"',
        "netpbm:integer": 'pnmhisteq "$PGM" >"$OUT/x"',
    }, {"medium": [Goal("wall", 0.08, "scikit-image")]}),
    Job("clip", "clip at percentiles", "samples", {
        "vol": 'volclip -q 0.5,99.5 "$NRRD" >"$OUT/x"',
        "cat": 'cat "$NRRD" >"$OUT/x"',
        "scikit-image": '$PY clip "$NRRD" "$OUT/x"',
        "unu": '$UNU quantize -b 8 -min 0.5% -max 0.5% -i "$NRRD" -o "$OUT/x"',
        "vips:integer": stretched_by_vips("$VIPS_TIF", "$OUT/x.raw"),
        "netpbm:integer": 'pnmnorm -bpercent 0.5 -wpercent 0.5 "$PGM" >"$OUT/x"',
    }),
    Job("clahe", "local equalization, one thread", "samples", {
        "vol": 'volclahe -j 1 "$NRRD" >"$OUT/x"',
        "scikit-image": '$PY clahe "$NRRD" "$OUT/x"',
    }, {"small": [Goal("cpu", 0.1, "scikit-image")]}, sizes=("tiny", "small")),
    Job("median", "median of 3x3x3, one thread", "samples", {
        "vol": 'volmedian -j 1 "$NRRD" >"$OUT/x"',
        "scikit-image": '$PY median "$NRRD" "$OUT/x"',
        "unu": '$UNU cmedian -r 1 -b 256 -i "$NRRD" -o "$OUT/x"',
        "gmic": by_gmic("median 3"),
        "mrtrix": by_mrtrix("median -extent 3"),
    }, {"small": [Goal("cpu", 0.05, "scikit-image"), Goal("cpu", 0.1, "best")]}, sizes=("tiny", "small")),
    Job("gauss", "Gaussian of 2 voxels, one thread", "samples", {
        "vol": 'volgauss --sigma 2 -j 1 "$NRRD" >"$OUT/x"',
        "scikit-image": '$PY gauss "$NRRD" "$OUT/x"',
        "unu": '$UNU resample -s x1 x1 x1 -k gauss:2,4 -i "$NRRD" -o "$OUT/x"',
        "gmic": by_gmic("blur 2,1,1"),
        "mrtrix": by_mrtrix("smooth -stdev 2"),
    }, {"small": [Goal("cpu", 0.4, "scikit-image"), Goal("cpu", 1, "best")]}, sizes=("tiny", "small")),
    Job("erode-box", "erosion by a box of 21 voxels, one thread", "samples", {
        "vol": 'volmorph --erode --size 21 -j 1 "$NRRD" >"$OUT/x"',
        "scikit-image": '$PY erode-box "$NRRD" "$OUT/x"',
        "gmic": by_gmic("erode 21"),
    }, {"small": [Goal("cpu", 0.15, "scikit-image")]}, sizes=("tiny", "small")),
    Job("erode-ball", "erosion by a ball of 9 voxels, one thread", "samples", {
        "vol": 'volmorph --erode --size 9 --shape ball -j 1 "$NRRD" >"$OUT/x"',
        "scikit-image": '$PY erode-ball "$NRRD" "$OUT/x"',
    }, {"small": [Goal("cpu", 0.05, "scikit-image")]}, sizes=("tiny", "small")),
    Job("tophat", "top-hat with a ball of 9 voxels, one thread", "samples", {
        "vol": 'volmorph --tophat --size 9 --shape ball -j 1 "$NRRD" >"$OUT/x"',
        "scikit-image": '$PY tophat "$NRRD" "$OUT/x"',
    }, sizes=("tiny", "small")),
    Job("distance", "exact distances to half of the voxels, one thread", "samples", {
        "vol": 'volthreshold -v 0.5 "$NRRD" | voldistance --voxels -j 1 >"$OUT/x"',
        "scikit-image": '$PY distance "$NRRD" "$OUT/x"',
    }, {"small": [Goal("cpu", 0.12, "scikit-image")]}, sizes=("tiny", "small")),
    Job("label", "objects of half of the voxels numbered, one thread", "samples", {
        "vol": 'volthreshold -v 0.5 "$NRRD" | vollabel -j 1 >"$OUT/x"',
        "scikit-image": '$PY label "$NRRD" "$OUT/x"',
    }, {"small": [Goal("cpu", 0.3, "scikit-image")]}, sizes=("tiny", "small")),
    Job("fill", "holes filled, one thread", "samples", {
        "vol": 'volthreshold -v 0.5 "$NRRD" | volfill -j 1 >"$OUT/x"',
        "scikit-image": '$PY fill "$NRRD" "$OUT/x"',
    }, {"small": [Goal("cpu", 0.25, "scikit-image")]}, sizes=("tiny", "small")),
    Job("measure", "objects numbered and measured, one thread", "nothing", {
        "vol": 'volthreshold -v 0.5 "$NRRD" | vollabel -j 1 | volmeasure -j 1 - "$NRRD" >"$OUT/x" 2>/dev/null',
        "scikit-image": '$PY measure "$NRRD" "$OUT/x"',
    }, {"small": [Goal("cpu", 0.6, "scikit-image")]}, sizes=("tiny", "small")),
    Job("resample", "twice as many planes, one thread", "samples2", {
        "vol": 'volresample --size $((2 * PLANES)),0,0 -j 1 "$NRRD" >"$OUT/x"',
        "scikit-image": '$PY resample "$NRRD" "$OUT/x"',
        "unu": '$UNU resample -s = = x2 -k tent -i "$NRRD" -o "$OUT/x"',
    }, {"small": [Goal("cpu", 0.2, "scikit-image")]}, sizes=("tiny", "small")),
    Job("threshold", "a mask by Otsu's threshold", "samples", {
        "vol": 'volthreshold "$NRRD" >"$OUT/x"',
        "scikit-image": '$PY threshold "$NRRD" "$OUT/x"',
    }),
    Job("match", "a histogram matched to another", "samples", {
        "vol": 'volmatch --reference "$NRRD" "$NRRD" >"$OUT/x"',
        "scikit-image": '$PY match "$NRRD" "$OUT/x"',
    }, {"small": [Goal("wall", 1, "scikit-image")]}),
    Job("sigmoid", "sigmoid in a pipe", "nothing", in_pipe({
        "vol": "voladjust --sigmoid",
        "cat": "cat",
        "scikit-image": "$PY sigmoid -",
    })),
    Job("math", "the difference of two volumes", "samples", {
        "vol": 'volmath "max(a - b, 0)" "$NRRD" "$NRRD" >"$OUT/x"',
        "scikit-image": '$PY difference "$NRRD" "$OUT/x"',
        "unu": '$UNU 2op - "$NRRD" "$NRRD" | $UNU 2op max - 0 -o "$OUT/x"',
    }),
    Job("project", "maximum along planes in a pipe", "nothing", in_pipe({
        "vol": "volproject --max",
        "cat": "cat",
        "scikit-image": "$PY project -",
        "unu": "$UNU project -a 2 -m max -i -",
    }), {"medium": [Goal("wall", 1.0, "cat")]}),
    Job("deviation", "standard deviation along planes in a pipe", "nothing", in_pipe({
        "vol": "volproject --sd",
        "cat": "cat",
        "scikit-image": "$PY deviation -",
        "unu": "$UNU project -a 2 -m sd -i -",
    })),
    Job("bin", "bins of 2x2x2 in a pipe", "nothing", in_pipe({
        "vol": "volbin -f 2",
        "cat": "cat",
        "scikit-image": "$PY bin -",
        "unu": "$UNU resample -s x0.5 x0.5 x0.5 -k box -i -",
    }), {"medium": [Goal("wall", 1.0, "cat")]}),
    Job("set", "another spacing in a pipe", "nothing", in_pipe({
        "vol": "volset --spacing 1um",
        "cat": "cat",
        "unu": "$UNU axinfo -a 0 -sp 1",
    }), {"medium": [Goal("wall", 1.0, "cat")]}),
    Job("join", "a volume joined to itself", "samples2", {
        "vol": 'volcat --any-place "$NRRD" "$NRRD" >"$OUT/x"',
        "cat": 'cat "$NRRD" "$NRRD" >"$OUT/x"',
        "scikit-image": '$PY join "$NRRD" "$OUT/x"',
        "unu": '$UNU join -a 2 -i "$NRRD" "$NRRD" -o "$OUT/x"',
    }, {"medium": [Goal("wall", 1.0, "cat")]}),
    Job("flip", "planes flipped", "samples", {
        "vol": 'volaxes --flip plane "$NRRD" >"$OUT/x"',
        "cat": 'cat "$NRRD" >"$OUT/x"',
        "scikit-image": '$PY flip "$NRRD" "$OUT/x"',
        "unu": '$UNU flip -a 2 -i "$NRRD" -o "$OUT/x"',
    }),
    Job("transpose", "columns made planes", "samples", {
        "vol": 'volaxes --order column,plane,row "$NRRD" >"$OUT/x"',
        "cat": 'cat "$NRRD" >"$OUT/x"',
        "scikit-image": '$PY transpose "$NRRD" "$OUT/x"',
        "unu": '$UNU permute -p 1 2 0 -i "$NRRD" -o "$OUT/x"',
    }),
    Job("histogram", "histogram, 256 bins", "text", {
        "vol": 'volhist -b 256 "$NRRD" >"$OUT/x"',
        "cat": 'cat "$NRRD" >/dev/null; echo >"$OUT/x"',
        "scikit-image": '$PY histogram "$NRRD" "$OUT/x"',
        "unu": '$UNU histo -b 256 -i "$NRRD" -o "$OUT/x"',
        "vips:integer": 'vips hist_find "$VIPS_TIF" "$OUT/x.raw"',
    }, {"medium": [Goal("wall", 0.15, "call")]}),
    Job("percentiles", "percentiles 0.5 and 99.5", "text", {
        "vol": 'volhist -q 0.5,99.5 "$NRRD" >"$OUT/x"',
        "cat": 'cat "$NRRD" >/dev/null; echo >"$OUT/x"',
        "scikit-image": '$PY percentiles "$NRRD" "$OUT/x"',
        "vips:integer": '{ vips percent "$VIPS_TIF" 0.5; vips percent "$VIPS_TIF" 99.5; } >"$OUT/x"',
    }, {"medium": [Goal("wall", 0.08, "call")]}),
    Job("planes", "a PNG of every plane", "planes", {
        "vol": 'vol2png -w 0,1 -o "$OUT/plane-%04d.png" "$NRRD"',
        "scikit-image": '$PY planes "$NRRD" "$OUT"',
        "unu": '$UNU quantize -b 8 -min 0 -max 1 -i "$NRRD" | $UNU dice -a 2 -ff p%04d.png -o "$OUT/"',
        "vips": 'vips linear "$VIPS_TIF" "$OUT/t.v" $TO_BYTE 0.5 --uchar && ' + cut_by_vips("$OUT/t.v"),
        "netpbm:integer": 'tifftopnm "$TIF" | pamdepth 255 | pamsplit - "$OUT/p%d.pgm" && ' + EACH_BY_NETPBM,
        "gm": 'gm convert "$TIF" -depth 8 +adjoin "$OUT/p%04d.png"',
    }, {"medium": [Goal("wall", 0.08, "scikit-image"), Goal("bytes", 1.05, "unu")]}),
    Job("montage", "montage of 5x6 planes", "montage", {
        "vol": 'vol2png -m 5x6 --gap 0 -w 0,1 -o "$OUT/m.png" "$NRRD"',
        "scikit-image": '$PY montage "$NRRD" "$OUT/m.png"',
        "unu": '$UNU crop -min 0 0 0 -max M M 29 -i "$NRRD" | $UNU quantize -b 8 -min 0 -max 1 | '
               '$UNU tile -a 2 0 1 -s 6 5 -o "$OUT/m.png"',
        "vips": 'vips linear "${VIPS_TIF/n=-1/n=30}" "$OUT/t.v" $TO_BYTE 0.5 --uchar && '
                'vips grid "$OUT/t.v" "$OUT/m.png" $SIDE 6 5',
    }, {"medium": [Goal("wall", 0.1, "scikit-image")]}),
    Job("views", "three views", "picture", {
        "vol": 'vol2png --views -w 0,1 -o "$OUT/v.png" "$NRRD"',
        "scikit-image": '$PY views "$NRRD" "$OUT/v.png"',
    }, {"medium": [Goal("wall", 0.1, "scikit-image")]}),
    Job("chain", "TIFF, gamma, equalize, clip, a PNG of every plane", "planes", {
        "vol": 'tiff2vol "$TIF" | volgamma -g 0.5 | voleq | volclip -q 0.5,99.5 | '
               'vol2png -o "$OUT/plane-%04d.png"',
        "scikit-image": '$PY chain "$TIF" "$OUT"',
        "unu": '$UNU gamma -g 2 -min 0 -max 1 -i "$NRRD" | $UNU heq -b 256 | '
               '$UNU quantize -b 8 -min 0.5% -max 0.5% | $UNU dice -a 2 -ff p%04d.png -o "$OUT/"',
        "vips:integer": 'vips gamma "$VIPS_TIF" "$OUT/g.v" --exponent 2 && '
                        'vips hist_equal "$OUT/g.v" "$OUT/e.v" && rm "$OUT/g.v" && '
                        + stretched_by_vips("$OUT/e.v", "$OUT/t.v") + " && " + cut_by_vips("$OUT/t.v"),
        "netpbm:integer": 'pnmgamma 0.5 "$PGM" | pnmhisteq | pnmnorm -bpercent 0.5 -wpercent 0.5 | '
                          'pamdepth 255 | pamdice -height $SIDE -outstem "$OUT/p" && ' + EACH_BY_NETPBM,
        "gm": 'gm convert "$TIF" -gamma 2 -equalize -normalize -depth 8 +adjoin "$OUT/p%04d.png"',
    }, {"medium": [Goal("wall", 0.1, "scikit-image"), Goal("wall", 0.1, "best"), Goal("MiB", 32)],
        "small": [Goal("wall", 0.1, "scikit-image")]}),
    Job("many", "one of many small volumes: TIFF, gamma, a PNG", "nothing", {
        "vol": repeated("MANY", "tiff2vol $TINY.tif | volgamma -g 0.5 | vol2png -n 0 -w 0,1 >/dev/null"),
        "cat": repeated("MANY", "cat $TINY.tif | cat | cat >/dev/null"),
        "scikit-image": repeated("FEW", "$PY first $TINY.tif /dev/null"),
        "unu": repeated("MANY", "$UNU slice -a 2 -p 0 -i $TINY.nrrd | $UNU gamma -g 2 -min 0 -max 1 | "
                        "$UNU quantize -b 8 -min 0 -max 1 | $UNU save -f png -o - >/dev/null"),
        "vips": repeated("FEW", 'vips gamma $TINY.tif "$OUT/x.png" --exponent 2'),
        "gm": repeated("FEW", 'gm convert "$TINY.tif[0]" -gamma 2 -depth 8 png:/dev/null'),
    }, {"small": [Goal("wall", 1.5, "cat"), Goal("wall", 1, "unu")]}, sizes=("tiny", "small"),
        counts={"vol": "MANY", "cat": "MANY", "scikit-image": "FEW", "unu": "MANY", "vips": "FEW", "gm": "FEW"}),
]
NOTES = {  # what a contender does otherwise than ours
    "unu": "reads the NRRD, clips to 8 bits",
    "vips": "reads the TIFF, keeps 16 bits",
    "netpbm": "keeps 16 bits, filters all planes as one tall PGM",
    "gm": "keeps 16 bits, equalizes each plane on its own",
    "gmic": "shrinks windows at the border",
    "mrtrix": "shrinks windows at the border",
}
