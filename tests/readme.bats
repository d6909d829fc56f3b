# What README says, done.
load helpers

@test "README's own filter builds in under 100 lines and works" {
    need "${CC:-cc}"
    sed -n '/^```c$/,/^```$/p' "$ROOT/README.md" | sed '/^```/d' >volinvert.c
    [ "$(wc -l <volinvert.c)" -lt 100 ]
    # shellcheck disable=SC2046 # flags
    "${CC:-cc}" -std=c11 -D_GNU_SOURCE $(case $B in *sanitize*) echo -fsanitize=address,undefined ;; esac) \
        -Wall -Wextra -Werror -I"$ROOT" -o volinvert volinvert.c "$B/libvol.a" \
        $(pkg-config --libs zlib) -lm -pthread
    { stream "3" float "window:=0 1"; floats 0 0.25 2; } | ./volinvert >out
    [ "$(samples <out | tr '\n' ' ')" = "1 0.75 -1 " ]
    grep -aqx 'history:=volinvert' out
    lacks '^window' out
    fails 1 "volinvert: standard input: is empty*" ./volinvert </dev/null
    ./volinvert --help | grep -q '^usage: volinvert'
}

@test "README's tour runs on the tutorial's stack" {
    cp "$CELLS" cells.tif
    sed -n '/^    tiff2vol --spacing/,/^    volgamma/p' "$ROOT/README.md" | sed 's/^    //' >tour.sh
    [ "$(wc -l <tour.sh)" -eq 5 ]
    sed -n 's/^    \(volhist --svg.*\|voleq.*volhist --svg.*\)/\1/p' "$ROOT/README.md" >>tour.sh
    [ "$(wc -l <tour.sh)" -eq 7 ]
    bash -e -o pipefail tour.sh >said
    [ "$(ls plane-*.png | wc -l)" -eq 30 ]
    [ -s views.png ] && [ -s montage.png ] && [ -s before.svg ] && [ -s after.svg ]
    grep -q '^shape  *(30, 126, 126)' said
}
