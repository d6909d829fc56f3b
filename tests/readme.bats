# What README says, done.
load helpers

@test "the filter that README shows builds in under 100 lines and works" {
    need "${CC:-cc}"
    [ "$(wc -l <"$ROOT/tests/filter/volinvert.c")" -lt 100 ]
    # shellcheck disable=SC2046 # flags
    "${CC:-cc}" -std=c11 -D_GNU_SOURCE $(case $B in *sanitize*) echo -fsanitize=address,undefined ;; esac) \
        -Wall -Wextra -Werror -I"$ROOT" -o volinvert "$ROOT/tests/filter/volinvert.c" "$B/libvol.a" \
        $(pkg-config --libs zlib) -lm -pthread
    { stream "3" float "window:=0 0.25"; floats 0 0.25 2; } | ./volinvert >out
    [ "$(samples <out | tr '\n' ' ')" = "1 0.75 -1 " ]
    grep -aqx 'history:=volinvert' out
    grep -aqx "window:=0.75 1" out
    fails 1 "volinvert: standard input: is empty*" ./volinvert </dev/null
    ./volinvert --help | grep -q '^usage: volinvert'
}

# The lines of README's tour, as they are pasted.
tour() {
    sed -n '/^## A tour/,/^## Install/s/^    //p' "$ROOT/README.md"
}

@test "README's tour runs as it stands, in a fresh clone" {
    mkdir -p tests/data build
    cp "$CELLS" tests/data/
    for program in "$B"/vol* "$B"/tiff2vol; do
        [ ! -x "$program" ] || ln -s "$program" build/
    done
    tour >tour.sh
    [ "$(wc -l <tour.sh)" -ge 10 ]
    env PATH=/usr/bin:/bin bash -e -u -o pipefail tour.sh >said 2>complaints
    [ ! -s complaints ] || { cat complaints; return 1; }
    grep -q '^shape  *(30, 126, 126)' said
    grep -q '^spacing  *(0.58, 0.52, 0.52) um' said
    [ "$(ls plane-*.png | wc -l)" -eq 30 ]
    while read -r file; do
        [ -s "$file" ] || { echo "no $file"; return 1; }
    done < <(grep -o -- '-o [a-z0-9.]*$' tour.sh | cut -c 4-)
}

@test "README is short, and what it refers to is there" {
    [ "$(wc -l <"$ROOT/README.md")" -lt 140 ]
    grep -o ']([^)]*)' "$ROOT/README.md" "$ROOT"/tests/*.md "$ROOT"/tests/*/*.md | sed 's/](\(.*\))/\1/' >links
    while IFS=: read -r page link; do
        case $link in http*) continue ;; esac
        [ -e "$(dirname "$page")/$link" ] || { echo "$page refers to $link"; return 1; }
    done <links
    [ "$(wc -l <links)" -ge 6 ]
}
