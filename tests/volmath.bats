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

@test "numpy on random expressions" {
    need_python numpy
    run "$PYTHON" "$REFERENCE/expression.py"
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
    { stream 1; printf '\001\002\300\377'; } | volmath 'a' | tail -c 4 | cmp - <(printf '\0\0\300\177')
}

@test "history and window; the rest is the first volume's" {
    { stream "2 1 1" float "window:=0 1" "x:=first"; floats 1 2; } >x
    { stream "2 1 1" float "window:=0 1" "x:=second"; floats 1 2; } >y
    volmath 'a + b' x y | volinfo --header >out
    grep -qx "history     volmath 'a + b'" out
    grep -qx 'x           first' out
    lacks '^window' out
    volmath 'a > b' x y | volinfo --header | grep -qx 'window      0 1'
}

@test "piped, any number of threads and vector level: the same bytes" {
    { stream "300 200 10"; perl -e 'srand 5; print pack "f<*", map { rand } 1..600000'; } >x
    { stream "300 200 10"; perl -e 'srand 6; print pack "f<*", map { rand } 1..600000'; } >y
    expression='max(a - b, 0) / (a + b) + sqrt(a) * (a < b)'
    volmath -j 1 "$expression" x y -o out
    volmath -j 3 "$expression" x y | cmp - out
    volmath -j 3 "$expression" - y < <(cat x) | cmp - out
    volmath "$expression" <(cat x) <(cat y) | cmp - out
    for level in $(cpu_levels); do
        VOL_CPU=$level volmath "$expression" x y | cmp - out
    done
}

@test "shapes must agree; short input fails" {
    row 1 2 3 >x
    row 1 2 >y
    fails 1 "volmath: y: is 1 x 1 x 2 x 1 (planes, rows, columns, channels), but x is 1 x 1 x 3 x 1" volmath 'a+b' x y
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
    fails 2 "volmath: 'log(a)', character 1 ('l'): names are a to z, functions min, max, abs and sqrt" volmath 'log(a)' x
    fails 2 "volmath: '1 + µ', character 5 ('µ'): a value is missing here" volmath '1 + µ' x
    fails 2 "volmath: 'a a', character 3 ('a'): an operator is missing here" volmath 'a a' x
    fails 2 "volmath: 'a < a < a', character 7 ('<'): comparisons can't follow one another: use parentheses" volmath 'a < a < a' x
    fails 2 "volmath: 'min(a)', character 4 ('('): the function takes two values or more" volmath 'min(a)' x
    fails 2 "volmath: '0x10', character 1 ('0'): numbers are decimal" volmath '0x10' x
    fails 2 "volmath: '1e99', character 1 ('1'): the number is too large" volmath '1e99' x
    fails 2 "volmath: *: too many parentheses or signs" volmath "$(printf '(%.0s' $(seq 99))a" x
    fails 2 "volmath: *: the expression is too long" volmath "a$(printf '+a%.0s' $(seq 300))" x
    fails 2 "volmath: *: too many values wait for an operation" volmath "$(printf 'a+(%.0s' $(seq 40))a" x
    fails 2 "volmath: *: too many values wait for an operation" volmath "$(printf 'a+(%.0s' $(seq 32))a$(printf ')%.0s' $(seq 32))" x
    [ "$(volmath "$(printf 'a+(%.0s' $(seq 31))a$(printf ')%.0s' $(seq 31))" x | samples | sort -u | wc -l)" -ge 1 ]
    fails 2 "volmath: 'a + b': b is FILE number 2, which is missing" volmath 'a + b' x
    fails 2 "volmath: 'a' leaves x unused: there is no b in it" volmath 'a' x x
    fails 2 "volmath: standard input can be only one FILE" volmath 'a+b' - -
    fails 2 "volmath: EXPRESSION is missing; see volmath --help" volmath
}
