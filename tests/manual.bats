# Program, --help and manual page say the same.
load helpers

programs() {
    find "$ROOT/tools" -name '*.c' -exec basename {} .c \; | sort
}

@test "every program has --help and --version, and a manual page" {
    for program in $(programs); do
        "$program" --help >help
        grep -q "^usage: $program \[OPTION\]" help
        [ "$("$program" --version)" = "$program $(sed -n 's/^VERSION := //p' "$ROOT/Makefile")" ]
        [ -f "$ROOT/tools/$program.1" ] || { echo "no $program.1"; return 1; }
    done
}

@test "options in --help are those in the manual page" {
    for program in $(programs); do
        "$program" --help | sed -n 's/^ \{2,6\}\(-\([A-Za-z]\), \)\{0,1\}--\([a-z0-9-]*\).*/\2 \3/p' | sort >helped
        sed -n 's/^\.It Fl \([A-Za-z]\) , -\([a-z0-9-]*\).*/\1 \2/p; s/^\.It Fl -\([a-z0-9-]*\).*/ \1/p' \
            "$ROOT/tools/$program.1" | sort >described
        [ -s helped ]
        diff helped described || { echo "in $program"; return 1; }
    done
}

@test "every manual page knows VOL_CPU" {
    for program in $(programs); do
        grep -q '^\.It Ev VOL_CPU' "$ROOT/tools/$program.1" || { echo "not $program.1"; return 1; }
    done
}

@test "manual pages are clean mdoc" {
    need mandoc
    run mandoc -T lint -W warning "$ROOT"/tools/*.[17]
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "man prints every page without a complaint" {
    need man
    local page
    for page in "$ROOT"/tools/*.[17]; do
        MANWIDTH=80 man --warnings -l "$page" >/dev/null 2>complaints
        [ ! -s complaints ] || { echo "$page"; cat complaints; return 1; }
    done
}

@test "examples fit into 80 columns beside their indent of 11, so that they are pasted whole" {
    need_python
    "$PYTHON" "$REFERENCE/examples.py" 67 "$ROOT"/tools/*.[17]
}

@test "README and vol(7) name every program" {
    for program in $(programs); do
        grep -q "$program" "$ROOT/README.md" || { echo "README lacks $program"; return 1; }
        grep -q "^\.\(It \)\{0,1\}Xr $program 1" "$ROOT/tools/vol.7" || { echo "vol.7 lacks $program"; return 1; }
    done
}

@test "every manual page is found by apropos volume, and leads to the overview" {
    for program in $(programs); do
        grep -q '^\.Nd.*volume' "$ROOT/tools/$program.1" || { echo "not $program.1"; return 1; }
        grep -q '^\.Xr vol 7' "$ROOT/tools/$program.1" || { echo "$program.1 knows no vol(7)"; return 1; }
    done
}

@test "what has changed in this version stands in vol(7)" {
    grep -q "^\.It $(sed -n 's/^VERSION := //p' "$ROOT/Makefile")$" "$ROOT/tools/vol.7"
}
