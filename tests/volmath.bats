load helpers

row() { # row SAMPLE...: a stream of one row
    stream "$# 1 1"
    floats "$@"
}

of() { # of EXPRESSION FILE...
    volmath "$@" | samples | tr '\n' ' '
}

@test "fixed results" {
    row 1 2 3 >x
    row 4 2 0 >y
    [ "$(of 'a - b' x y)" = "-3 0 3 " ]
    [ "$(of 'b-a' x y)" = "3 0 -3 " ]
    [ "$(of '2*a + 3*b/2' x y)" = "8 7 6 " ]
    [ "$(of 'a / b' x y)" = "0.25 1 Inf " ]
    [ "$(of 'a - b - 1' x y)" = "-4 -1 2 " ]
    [ "$(of '12 / a / 2' x)" = "6 3 2 " ]
    [ "$(of 'a < b' x y)" = "1 0 0 " ]
    [ "$(of 'a <= b' x y)" = "1 1 0 " ]
    [ "$(of 'a != b' x y)" = "1 0 1 " ]
    [ "$(of '(a > 1) * (a < 3)' x)" = "0 1 0 " ]
    [ "$(of 'min(a, b, 1.5)' x y)" = "1 1.5 0 " ]
    [ "$(of 'max( a ,b )' x y)" = "4 2 3 " ]
    [ "$(of 'sqrt(a*a) - abs(0-a)' x)" = "0 0 0 " ]
    [ "$(of -- '-a + +1' x)" = "0 -1 -2 " ]
    [ "$(of -- '--a' x)" = "1 2 3 " ]
    [ "$(of '0.1' x)" = "0.100000001 0.100000001 0.100000001 " ]
    [ "$(of 'a' <x)" = "1 2 3 " ]
    [ "$(of 'b - a' - x <y)" = "-3 0 3 " ]
    # shellcheck disable=SC2046 # 26 words
    [ "$(of "$(printf '%s+' {a..y})z" $(printf 'x %.0s' {a..z}))" = "26 52 78 " ]
}

@test "powers, logarithms, rounding, conditions" {
    row 1 2 3 >x
    row -1.5 0.5 2.5 >y
    [ "$(of 'a^2' x)" = "1 4 9 " ]
    [ "$(of -- '-a^2' x)" = "-1 -4 -9 " ]
    [ "$(of '2^-a' x)" = "0.5 0.25 0.125 " ]
    [ "$(of '2^a^2' x)" = "2 16 512 " ]
    [ "$(of '3*a^2/a' x)" = "3 6 9 " ]
    [ "$(of 'pow(a, 3)' x)" = "1 8 27 " ]
    [ "$(of 'round(log(exp(a)) * 1e4)' x)" = "10000 20000 30000 " ]
    [ "$(of 'round(a)' y)" = "-2 0 2 " ]
    [ "$(of 'floor(a)' y)" = "-2 0 2 " ]
    [ "$(of 'ceil(a)' y)" = "-1 1 3 " ]
    [ "$(of '1 / ceil(a - 0.7)' y)" = "-0.5 -Inf 0.5 " ]
    [ "$(of 'a > 1 && a < 3' x)" = "0 1 0 " ]
    [ "$(of 'a < 2 || a > 2 && a < 3' x)" = "1 0 0 " ]
    [ "$(of '(a < 2 || a > 2) && a < 3' x)" = "1 0 0 " ]
    [ "$(of 'a == 1 || a == 2 && 0' x)" = "1 0 0 " ]
    [ "$(of '!(a > 1)' x)" = "1 0 0 " ]
    [ "$(of '!a == 0' x)" = "1 1 1 " ]
    [ "$(of 'a > 2 ? 10 : a > 1 ? 20 : 30' x)" = "30 20 10 " ]
    [ "$(of 'a > 1 ? a > 2 ? 5 : 6 : 7' x)" = "7 6 5 " ]
    [ "$(of '1 + (a > 1 ? a : b) * 2' x y)" = "-2 5 7 " ]
}

@test "numpy on random expressions" {
    need_python numpy
    run "$PYTHON" "$REFERENCE/expression.py"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "logarithms, exponentials and powers are the double ones, rounded" {
    need_python numpy
    run "$PYTHON" "$REFERENCE/expression.py" functions
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "NaN and infinities" {
    row nan inf -inf 0 >x
    [ "$(of 'a > 0' x)" = "0 1 0 0 " ]
    [ "$(of 'a != a' x)" = "1 0 0 0 " ]
    [ "$(of 'min(a, 1)' x)" = "NaN 1 -Inf 0 " ]
    [ "$(of 'max(1, a)' x)" = "NaN Inf 1 1 " ]
    [ "$(of '0 * a' x)" = "NaN NaN NaN 0 " ]
    [ "$(of 'isnan(a) ? 5 : a' x)" = "5 Inf -Inf 0 " ]
    [ "$(of 'isfinite(a) ? a : -1' x)" = "-1 -1 -1 0 " ]
    [ "$(of 'a == 0 ? nan : 1' x)" = "1 1 1 NaN " ]
    [ "$(of '!isnan(a) && !isfinite(a)' x)" = "0 1 1 0 " ]
    [ "$(of 'a ? 1 : 2' x)" = "1 1 1 2 " ] # as numpy's where
    [ "$(of 'log(a)' x)" = "NaN Inf NaN -Inf " ]
    [ "$(of 'a^0 + exp(a)' x)" = "NaN Inf 1 2 " ]
    { stream 1; printf '\001\002\300\377'; } | volmath 'a' | tail -c 4 | cmp - <(printf '\0\0\300\177')
}

@test "history and window; the rest is the first volume's" {
    { stream "2 1 1" float "window:=0 1" "x:=first"; floats 1 2; } >x
    { stream "2 1 1" float "window:=0 1" "x:=second"; floats 1 2; } >y
    volmath 'a + b' x y | volinfo --header >out
    grep -qx "history     volmath 'a + b' x y" out
    grep -qx 'x           first' out
    lacks '^window' out
    for truth in 'a > b' 'a > 0 && b > 0' '!a' 'isnan(a)'; do
        volmath "$truth" x $([[ $truth != *b* ]] || echo y) | volinfo --header | grep -qx 'window      0 1'
    done
}

@test "the history names all inputs, and says what each has been through where that differs" {
    { stream "2 1 1" float 'history:=tiff2vol one.tif\nvolgamma -g 2'; floats 1 2; } >x
    { stream "2 1 1" float 'history:=tiff2vol two.tif'; floats 1 2; } >"y z"
    { stream "2 1 1"; floats 1 2; } >bare
    history() {
        volinfo --header | sed -n '/^history/,$p' | sed 's/^\(history\)\? *//'
    }
    mkdir sub
    cp "y z" sub
    volmath 'a - b' x "sub/y z" | history | cmp - <(printf "tiff2vol one.tif\nvolgamma -g 2\nvolmath 'a - b' x 'y z' # b: tiff2vol two.tif\n")
    volmath 'a + b' x x | history | tail -n 1 | grep -qx "volmath 'a + b' x x"
    volmath 'a + b + c' x bare "y z" | history | tail -n 1 | grep -qx "volmath 'a + b + c' x bare 'y z' # c: tiff2vol two.tif"
    volmath 'a + b + c' bare x "y z" | history | cmp - <(printf "volmath 'a + b + c' bare x 'y z' # b: tiff2vol one.tif; volgamma -g 2; c: tiff2vol two.tif\n")
    volmath 'a + b' - x <"y z" | history | tail -n 1 | grep -qx "volmath 'a + b' - x # b: tiff2vol one.tif; volgamma -g 2"
    volmath 'a + b' <(cat x) x | history | tail -n 1 | grep -qx "volmath 'a + b' - x"
    # one file is the one that the history is of
    volmath 'a + 1' x | history | tail -n 1 | grep -qx "volmath 'a + 1'"
    # the largest one's shape and history
    { stream "1 1 1" float 'history:=tiff2vol dark.tif'; floats 1; } >dark
    volmath 'b - a' dark x | history | tail -n 1 | grep -qx "volmath 'b - a' dark x # a: tiff2vol dark.tif"
    # slabs say the same
    { stream "2 2 2"; floats $(seq 8); } >whole
    for k in 1 2; do
        volcrop --part $k/2 whole -o slab$k
        volmath 'a + b' slab$k slab$k -o sum$k
    done
    volcat sum1 sum2 | history | tail -n 1 | grep -qx "volmath 'a + b'"
}

@test "piped, any number of threads and vector level: the same bytes" {
    { stream "300 200 10"; perl -e 'srand 5; print pack "f<*", map { rand } 1..600000'; } >x
    { stream "300 200 10"; perl -e 'srand 6; print pack "f<*", map { rand } 1..600000'; } >y
    expression='max(a - b, 0) / (a + b) + sqrt(a) * (a < b)'
    volmath -j 1 "$expression" x y | samples >out
    volmath -j 3 "$expression" x y | samples | cmp - out
    volmath -j 3 "$expression" - y < <(cat x) | samples | cmp - out
    volmath "$expression" <(cat x) <(cat y) | samples | cmp - out
    for expression in "$expression" 'isnan(log(a - b)) ? exp(a) : (a * 9)^b' 'round(a * 9) + floor(0 - b) * ceil(a - 9 * b)'; do
        volmath "$expression" x y -o out
        for level in $(cpu_levels); do
            VOL_CPU=$level volmath "$expression" x y | cmp - out
        done
    done
}

@test "one plane, row, column, voxel or channel for all" {
    { stream "3 2 2"; floats 1 2 3 4 5 6 7 8 9 10 11 12; } >stack
    { stream "3 2 1"; floats 1 2 3 4 5 6; } >plane
    [ "$(of 'a - b' stack plane)" = "0 0 0 0 0 0 6 6 6 6 6 6 " ]
    [ "$(of 'b - a' plane stack)" = "0 0 0 0 0 0 6 6 6 6 6 6 " ]
    row 7 >one
    [ "$(of 'a - b' stack one)" = "-6 -5 -4 -3 -2 -1 0 1 2 3 4 5 " ]
    [ "$(of 'a - b' stack - <one)" = "-6 -5 -4 -3 -2 -1 0 1 2 3 4 5 " ]
    volmath 'a / b' "$DATA/reports/flat-stack.nrrd" "$DATA/reports/flat-plane.nrrd" -o out
    for plane in 0 1 2 3; do
        volcrop -p $plane:$((plane + 1)) "$DATA/reports/flat-stack.nrrd" | volmath 'a / b' - "$DATA/reports/flat-plane.nrrd" |
            samples | cmp - <(volcrop -p $plane:$((plane + 1)) out | samples)
    done
}

@test "what one stands for all is numpy's broadcasting" {
    need_python numpy
    run "$PYTHON" "$REFERENCE/expression.py" broadcast
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "the place in space is that of the volume with all planes; other steps are told" {
    { stream "2 1 1" float "space dimension: 3" 'space units: "um" "um" "um"' "space directions: (1,0,0) (0,1,0) (0,0,1)" "x:=plane"; floats 1 2; } >plane
    { stream "2 1 2" float "space dimension: 3" 'space units: "um" "um" "um"' "space directions: (1,0,0) (0,2,0) (0,0,3)" "x:=stack"; floats 1 2 3 4; } >stack
    volmath 'a + b' plane stack 2>said | volinfo --header >out
    grep -qx 'spacing     (3, 2, 1) um' out
    grep -qx 'x           stack' out
    [ ! -s said ]
    sed 's/(1,0,0)/(4,0,0)/' plane >other
    volmath 'a + b' other stack 2>&1 >/dev/null |
        cmp - <(echo "volmath: other: has a spacing of 4 um along the column axis, but stack, whose is kept, 1 um")
}

@test "a large plane for all is read again, in little memory" {
    unsanitized
    { stream "2048 2048 2"; head -c $((2 * 2048 * 2048 * 4)) /dev/zero; } >stack
    { stream "2048 2048 1"; head -c $((2048 * 2048 * 4)) /dev/zero; } >plane
    for plane in plane -; do
        /usr/bin/time -q -f %M -o kib volmath 'a - b' stack $plane -o out <plane
        [ "$(cat kib)" -le 16384 ]
    done
    fails 1 "volmath: standard input must be read twice, and *, a roomier folder with TMPDIR): *" env TMPDIR=/none volmath 'a - b' stack - < <(cat plane)
}

@test "shapes must agree; short input fails" {
    row 1 2 3 >x
    row 1 2 >y
    fails 1 "volmath: y: is 1 x 1 x 2 x 1 (planes, rows, columns, channels), but x is 1 x 1 x 3 x 1: expected these sizes, or 1 for all" volmath 'a+b' x y
    head -c -4 x >short
    fails 1 "volmath: short: stream ends in plane 0 of 1 (row 0)" volmath 'a+b' x short -o out
    [ ! -e out ]
    fails 1 "volmath: none: No such file or directory" volmath 'a+b' x none
}

@test "what is wrong with an expression is pointed at" {
    row 1 >x
    fails 2 "volmath: 'a + * b', character 5 ('\*'): a value is missing here" volmath 'a + * b' x x
    fails 2 "volmath: 'a +' ends too early: a value is missing here" volmath 'a +' x
    fails 2 "volmath: '(a' ends too early: ')' is missing" volmath '(a' x
    fails 2 "volmath: 'a)', character 2 (')'): an operator is missing here" volmath 'a)' x
    fails 2 "volmath: 'lag(a)', character 1 ('l'): names are a to z and nan, functions min, max, pow, *" volmath 'lag(a)' x
    fails 2 "volmath: '1 + µ', character 5 ('µ'): a value is missing here" volmath '1 + µ' x
    fails 2 "volmath: 'a a', character 3 ('a'): an operator is missing here" volmath 'a a' x
    fails 2 "volmath: 'a < a < a', character 7 ('<'): comparisons can't follow one another: use parentheses" volmath 'a < a < a' x
    fails 2 "volmath: 'min(a)', character 4 ('('): the function takes two values or more" volmath 'min(a)' x
    fails 2 "volmath: 'pow(a)', character 4 ('('): the function takes two values" volmath 'pow(a)' x
    fails 2 "volmath: 'pow(a, a, a)', character 4 ('('): the function takes two values" volmath 'pow(a, a, a)' x
    fails 2 "volmath: 'log(a, a)', character 4 ('('): the function takes one value" volmath 'log(a, a)' x
    fails 2 "volmath: 'a ? a' ends too early: ':' is missing" volmath 'a ? a' x
    fails 2 "volmath: 'a ? : a', character 5 (':'): a value is missing here" volmath 'a ? : a' x
    fails 2 "volmath: 'a & a', character 3 ('&'): an operator is missing here" volmath 'a & a' x
    fails 2 "volmath: *: too many parentheses or signs" volmath "$(printf '!%.0s' $(seq 99))a" x
    fails 2 "volmath: *: too many values wait for an operation" volmath "$(printf 'a?a:%.0s' $(seq 40))a" x
    fails 2 "volmath: '' ends too early: a value is missing here" volmath '' x
    fails 2 "volmath: '0x10', character 1 ('0'): numbers are decimal" volmath '0x10' x
    fails 2 "volmath: '1e99', character 1 ('1'): the number is too large" volmath '1e99' x
    fails 2 "volmath: *: too many parentheses or signs" volmath "$(printf '(%.0s' $(seq 99))a" x
    fails 2 "volmath: *: the expression is too long" volmath "a$(printf '+a%.0s' $(seq 300))" x
    fails 2 "volmath: *: too many values wait for an operation" volmath "$(printf 'a+(%.0s' $(seq 40))a" x
    fails 2 "volmath: *: too many values wait for an operation" volmath "$(printf 'a+(%.0s' $(seq 32))a$(printf ')%.0s' $(seq 32))" x
    [ "$(volmath "$(printf 'a+(%.0s' $(seq 31))a$(printf ')%.0s' $(seq 31))" x | samples | sort -u | wc -l)" -ge 1 ]
    fails 2 "volmath: 'a + b': b is FILE number 2, which is missing" volmath 'a + b' x
    fails 2 "volmath: 'a' leaves x unused: there is no b in it" volmath 'a' x x
    fails 2 "volmath: standard input can be only one file, not FILE and FILE" volmath 'a+b' - -
    fails 2 "volmath: EXPRESSION is missing; see volmath --help" volmath
}

@test "no byte behind an expression is read" {
    printf '%s\n' '' 'a' 'a +' 'a ^' 'µ' 'a ? a : nan' 'isnan(' '(a' '!' 'a &&' >lines
    "$B/tests/check_expression" <lines >found
    [ "$(wc -l <found)" -eq 10 ]
    [ "$(grep -cx good found)" -eq 2 ]
}
