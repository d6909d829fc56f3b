load helpers

gray() { # gray N...: a stream of one row
    stream "$#"
    floats "$@"
}

@test "exact for 0, 0.5, 1 and 2; values above 1 are not clipped" {
    [ "$(gray 0 0.25 2 | volgamma -g 0 | samples | tr '\n' ' ')" = "1 1 1 " ]
    [ "$(gray 0 0.25 2 | volgamma -g 0.5 | samples | tr '\n' ' ')" = "0 0.5 1.41421354 " ]
    [ "$(gray 0 0.25 2 | volgamma | samples | tr '\n' ' ')" = "0 0.25 2 " ]
    [ "$(gray 0 0.25 2 | volgamma -g 2 -k 3 | samples | tr '\n' ' ')" = "0 0.1875 12 " ]
}

@test "NaN and -0 pass" {
    gray nan -0.0 0.25 | volgamma -g 0.5 | samples | tr '\n' ' ' >out
    grep -qi '^nan -\?0 0.5 $' out
}

@test "a negative sample is refused with its place, after what was before it" {
    { stream "2 2 2"; floats 1 4 9 16 25 -0.5 1 1; } >in
    fails 1 "volgamma: standard input: negative sample -0.5 at plane 1, row 0, column 1" volgamma -g 0.5 <in
    [ "$(samples <stdout | tr '\n' ' ')" = "1 2 3 4 5 " ]
    fails 1 "volgamma: in: negative sample*" volgamma in -o out.nrrd
    [ ! -e out.nrrd ]
}

@test "--negative clamp and keep" {
    [ "$(gray 4 -4 9 | volgamma -g 0.5 --negative clamp | samples | tr '\n' ' ')" = "2 0 3 " ]
    [ "$(gray 4 -4 9 -1 | volgamma -g 0.5 --negative keep | samples | tr '\n' ' ')" = "2 -4 3 -1 " ]
    [ "$(gray 4 -4 | volgamma -g 0 --negative clamp | samples | tr '\n' ' ')" = "1 1 " ]
}

@test "the window goes the way of the samples" {
    { stream 1 float "window:=0.25 4"; floats 1; } | volgamma -g 0.5 -k 2 | grep -aqx 'window:=1 4'
    { stream 1 float "window:=0 1"; floats 1; } | volgamma -k -2 | grep -aqx 'window:=-2 0'
    { stream 1 float "window:=-1 1"; floats 1; } | volgamma -g 0.5 >out
    lacks '^window' out
}

@test "a gain that single precision makes 0 is said" {
    { stream "3 1 1"; floats 0 1 1e30; } >in
    volgamma -k 1e-60 in 2>said | samples | sort -u | cmp - <(echo 0)
    [ "$(cat said)" = "volgamma: a gain of 1e-60 is 0 in single precision, as scikit-image computes" ]
    volgamma -k 1e-40 in 2>said >out
    [ ! -s said ]
}

@test "usage errors" {
    fails 2 "volgamma: --gamma: needs GAMMA, a number of 0 or more, not '-1'" volgamma -g -1
    fails 2 "volgamma: --gamma: needs GAMMA*, not '0.5x'" volgamma --gamma=0.5x
    fails 2 "volgamma: --gamma: needs GAMMA*, not 'nan'" volgamma -g nan
    fails 2 "volgamma: --gamma: needs GAMMA*, not '0x1'" volgamma -g 0x1
    fails 2 "volgamma: --gamma: needs GAMMA*, not '1e999'" volgamma -g 1e999
    fails 2 "volgamma: --gain: needs GAIN, a number, not ''" volgamma -k ''
    fails 2 "volgamma: --negative: needs one of error, clamp, keep, not 'no'" volgamma --negative no
    fails 2 "volgamma: unknown option '-x'*" volgamma -x
    fails 2 "volgamma: unknown option '--why'; see volgamma --help" volgamma --why
    fails 2 "volgamma: unknown option '--gama=1' (--gamma?); see volgamma --help" volgamma --gama=1
    fails 2 "volgamma: unknown option '--agin' (--gain?); see volgamma --help" volgamma --agin 2
    fails 2 "volgamma: unknown option '--negtive' (--negative?); see volgamma --help" volgamma --negtive keep
    fails 2 "volgamma: one operand too many: 'out.nrrd' (to write it: -o out.nrrd); see volgamma --help" volgamma a out.nrrd
    : >there
    fails 2 "volgamma: one operand too many: 'there'; see volgamma --help" volgamma a there
    fails 2 "volgamma: option '-g' needs an argument*" volgamma -g
    fails 2 "volgamma: one operand too many: 'b'*" volgamma a b
}

@test "numbers are finite decimals" {
    { stream 1; floats 0.25; } >in
    local number
    for number in inf nan -inf 1e999 0x10 " 1" "1 " 1,5 "" 1e 1.2.3; do
        fails 2 "volgamma: --gamma: needs GAMMA*, not '$number'" volgamma -g "$number" in
    done
    fails 2 "volset: --spacing: needs a length*, not '1e999'" volset --spacing 1e999,1,1 in
    for number in .5 +.5 0.5e0 5e-1; do
        [ "$(volgamma -g "$number" in | samples)" = 0.5 ]
    done
}

@test "scikit-image's adjust_gamma on every real volume" {
    need_python skimage tifffile numpy
    run "$PYTHON" "$REFERENCE/volgamma.py" "$DATA"
    echo "$output"
    [ "$status" -eq 0 ]
}
