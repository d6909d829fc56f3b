load helpers

row() { # row N...: a stream of one row
    stream "$# 1 1"
    floats "$@"
}

flooded() { # flooded "SAMPLES" "MARKERS" "MASK" OPTION...
    # shellcheck disable=SC2086 # numbers
    { row $1 >samples; row $2 >markers; row $3 >mask; }
    volwatershed --markers markers --mask mask "${@:4}" samples | samples | xargs
}

@test "fixed results: a border on the ridge, or on the pass of distances; what has no marker" {
    [ "$(flooded "1 2 3 9 3 2 1" "5 0 0 0 0 0 7" "1 1 1 1 1 1 1")" = "5 5 5 5 7 7 7" ]
    [ "$(flooded "1 2 3 9 3 2 1" "5 0 0 0 0 0 7" "1 1 1 1 1 1 1" --line)" = "5 5 5 0 7 7 7" ]
    [ "$(flooded "3 2 1 2 3 4 4" "5 0 0 0 7 0 0" "1 1 1 1 1 1 1" --invert)" = "5 5 5 7 7 7 7" ]
    [ "$(flooded "1 1 1 1 1 1 1" "5 0 0 0 0 0 7" "1 1 0 1 1 0 1")" = "5 5 0 0 0 0 7" ]
    [ "$(flooded "1 1 1" "5 6 0" "1 0 1")" = "5 0 0" ] # a marker outside of the mask
    [ "$(flooded "2 2 2 2 2" "5 0 0 0 7" "1 1 1 1 1")" = "5 5 5 7 7" ] # ties: the first marker first
    [ "$(flooded "1 2 3" "0 0 0" "1 1 1")" = "0 0 0" ]
    [ "$(flooded "1 2 3" "1 0 0" "0 0 0")" = "0 0 0" ]
}

@test "scikit-image's watershed on random volumes, ties between markers by the order of the volume" {
    need_python numpy scipy skimage
    run "$PYTHON" -W ignore "$REFERENCE/watershed.py" 60
    echo "$output"
    [ "$status" -eq 0 ]
}

noise() { # noise FILE: a volume with samples, markers and a mask
    stream "40 30 20"
    perl -e 'srand $ARGV[0]; print pack "f<*", map { $ARGV[1] ? rand() < $ARGV[1] ? $ARGV[2] ? 1 + int rand 300 : 1 : 0 : rand } 1 .. 24000' -- "$@"
}

@test "any input may be a pipe; labels and notes" {
    noise 1 >v
    noise 2 0.02 1 >markers
    noise 3 0.7 >mask
    volwatershed --markers markers --mask mask v >wanted
    volwatershed --markers markers --mask mask <v | samples | cmp - <(samples <wanted)
    volwatershed --markers - --mask mask v <markers | samples | cmp - <(samples <wanted)
    volwatershed --markers markers --mask - v <mask | samples | cmp - <(samples <wanted)
    volinfo --header wanted | grep -q '^labels  *[0-9]*$'
    volwatershed --markers markers --mask mask --verbose v 2>&1 >/dev/null | grep -q 'parts of the mask, at most .* MB of them at once; markers up to'
    # twice over: a rewind
    volmeasure --paint voxels wanted 2>/dev/null | samples | sort -u | head -n 1 | grep -qx 0
    volwatershed --markers markers --mask mask v | volmeasure --quiet 2>/dev/null | cut -f2 | tail -n +2 | sort -n | tail -n 1 | grep -q '[0-9]'
}

@test "memory: what is open at once is refused beyond a size" {
    noise 1 >v
    noise 2 0.02 1 >markers
    noise 3 0.9 >mask
    fails 1 "volwatershed: mask: objects of the mask that are open at once take 0.*MB of memory, more than 0.1 MB: *" \
        volwatershed --max-memory 100kB --markers markers --mask mask v
    volwatershed --max-memory 1MB --markers markers --mask mask v >out
    # many small parts, one after the other
    { stream "20 20 2000"; perl -e 'print pack("f<*", (map { $_ % 3 ? 1 : 0 } 1 .. 20) x 20), pack("f<*", (0) x 400) for 1 .. 1000'; } >parts
    volwatershed --max-memory 20kB --markers parts --mask parts parts >out
    fails 2 "volwatershed: --max-memory: needs a number of bytes such as 500MB or 2GB, not '5 cows'" \
        volwatershed --max-memory "5 cows" --markers markers --mask mask v
}

@test "refusals" {
    row 1 2 3 >v
    row 1 0 2 >markers
    row 1 1 1 >mask
    row 1 nan 3 >nan
    row 1 0 0.5 >half
    row 1 1 >short
    fails 2 "volwatershed: --mask is missing; *" volwatershed --markers markers v
    fails 2 "volwatershed: --markers is missing; *" volwatershed --mask mask v
    fails 1 "volwatershed: nan: sample at plane 0, row 0, column 1 is NaN: *" volwatershed --markers markers --mask mask nan
    fails 1 "volwatershed: half: sample 0.5 at plane 0, row 0, column 2 is no label: *" volwatershed --markers half --mask mask v
    fails 1 "volwatershed: short: is 1 x 1 x 2 (planes, rows, columns), but v is 1 x 1 x 3" volwatershed --markers short --mask mask v
    { stream "2 3 1 1" float "kinds: vector domain domain domain"; floats 1 2 3 4 5 6; } >two
    fails 1 "volwatershed: two: has 2 channels: objects are of one (volcrop --channels)" volwatershed --markers markers --mask two v
    fails 1 "volwatershed: two: has 2 channels: *" volwatershed --markers markers --mask mask two
}
