# What every test file loads: the programs under test on PATH, a scratch folder, skips by name.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
B=${B:-$ROOT/build}
case $B in /*) ;; *) B=$ROOT/$B ;; esac
PATH=$B:$PATH
DATA=$ROOT/tests/data
REFERENCE=$ROOT/tests/reference
CELLS=$DATA/cells_nuclei_30x126x126_u8.tif
PYTHON=${PYTHON:-/usr/bin/python3}
export ROOT B PATH DATA REFERENCE CELLS PYTHON LC_ALL=C
# Python code in a test imports the modules in reference/ by their names.
export PYTHONPATH=$REFERENCE PYTHONDONTWRITEBYTECODE=1

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
}

# need CMD...: skips, by name, where a program is missing.
need() {
    local program
    for program; do
        command -v "$program" >/dev/null || skip "$program is not installed"
    done
}

# need_python MODULE...: skips, by name, where a Python module is missing.
need_python() {
    [ -x "$PYTHON" ] || skip "$PYTHON is not installed"
    local module
    for module; do
        "$PYTHON" -c "import $module" 2>/dev/null || skip "python3 has no module $module"
    done
}

# Tests of memory and time say nothing of a program that is built with sanitizers.
unsanitized() {
    ! grep -aqE '__[at]san_init' "$B/volcrop" || skip "the sanitizer takes memory"
}

# Larger and stranger files beside a checkout; tests that want them are skipped without.
SHARED=${SHARED:-$ROOT/../shared/data}
need_shared() {
    [ -d "$SHARED/corrupt" ] || skip "no shared data in $SHARED"
}

# odd_files, hostile_files: every third small one of those, which is enough for a run; and our own.
odd_files() {
    ls "$DATA"/odd/*
    find "$SHARED/flavours" -type f -size -40k 2>/dev/null | sort | awk 'NR % 3 == 1'
}
hostile_files() {
    find "$SHARED/corrupt" -type f 2>/dev/null | sort | awk 'NR % 2 == 1'
}

# fails STATUS MESSAGE CMD...: CMD exits STATUS and says exactly "MESSAGE" (a pattern) in one line
# on standard error.
fails() {
    local status=$1 message=$2 found=0
    shift 2
    "$@" >stdout 2>stderr || found=$?
    if [ "$found" -ne "$status" ]; then
        echo "exit $found, expected $status: $*"
        cat stderr
        return 1
    fi
    if [ "$(wc -l <stderr)" -ne 1 ]; then
        echo "not one line on standard error:"
        cat stderr
        return 1
    fi
    # shellcheck disable=SC2053 # MESSAGE is a pattern
    if [[ "$(cat stderr)" != $message ]]; then
        echo "said:     $(cat stderr)"
        echo "expected: $message"
        return 1
    fi
}

# lacks PATTERN FILE: no line of FILE matches. (bash forgives a failing "! grep" in mid-test.)
lacks() {
    if grep -a -- "$1" "$2"; then
        echo "should not be in $2: $1"
        return 1
    fi
}

# cpu_levels: the levels of VOL_CPU that this CPU has; programs refuse the others.
cpu_levels() {
    local level
    for level in generic v2 v3 v4; do
        { stream 1; floats 0; } | VOL_CPU=$level volcrop >/dev/null 2>&1 && echo $level
    done
    return 0
}

# stream SIZES [TYPE [FIELD...]]: a header of ours on standard output, sizes fastest axis first.
stream() {
    local sizes=$1 type=${2:-float}
    local -a axes
    read -r -a axes <<<"$sizes"
    printf 'NRRD0004\ntype: %s\ndimension: %d\nsizes: %s\nendian: little\nencoding: raw\n' \
        "$type" "${#axes[@]}" "$sizes"
    shift $(($# < 2 ? $# : 2))
    [ $# -eq 0 ] || printf '%s\n' "$@"
    echo
}

# floats N...: little-endian floats on standard output. Needs nothing but perl, which git brings.
floats() {
    perl -e 'print pack("f<*", @ARGV)' -- "$@"
}

# special [PLANES]: a volume of 3 rows and 4 columns, with samples whose bits programs may lose: NaN
# of several bits, -0, the smallest floats, infinities.
special() {
    stream "4 3 ${1:-2}" float 'space dimension: 3' 'space directions: (1,0,0) (0,1,0) (0,0,1)' \
        'space units: "um" "um" "um"'
    perl -e 'print pack "V*", 0x7fc00001, 0xffc01234, 0x80000000, 1, 0x80000001, 0x7f800000, 0xff800000,
        0x3f800000, 0xbf800000, map { 0x3f000000 + $_ * 7777 } 1 .. shift' $((12 * ${1:-2} - 9))
}

# samples: the floats of a stream on standard input, as text, one a line.
samples() {
    perl -0777 -ne 's/^.*?\n\n//s; printf "%.9g\n", $_ for unpack("f<*", $_)'
}
