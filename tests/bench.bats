# The harness of "make bench" on a tiny volume: what it writes is well formed. Nothing is said of times.
load helpers

harness() {
    PYTHONDONTWRITEBYTECODE=1 "$PYTHON" "$ROOT/tests/bench/$1.py" "${@:2}"
}

# well_formed_xml FILE
well_formed_xml() {
    "$PYTHON" -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' "$1"
}

setup_file() {
    need_python numpy
    [ -x /usr/bin/time ] || skip "GNU time is not installed"
    cd "$BATS_FILE_TMPDIR" || return 1
    export BENCH_DIR=$BATS_FILE_TMPDIR/volumes SIZES=tiny ROUNDS=1 MANY=2 CONTENDERS="vol cat"
    harness run results 2>said
}

@test "every job runs on a tiny volume and is a row of the table of results" {
    cd "$BATS_FILE_TMPDIR"
    lacks 'exit\|bytes for\|pictures of\|nothing written' said
    [ "$(grep -c '^# ' results/results.tsv)" -eq 3 ]
    awk -F '\t' '/^#/ { next } NF != 10 { exit 1 } $1 == "size" { next }
        $5 !~ /^[0-9.]+$/ || $6 !~ /^[0-9.]+$/ || !($7 > 0) { exit 1 }' results/results.tsv
    [ "$(grep -c '	vol	1	' results/results.tsv)" -eq "$(grep -c '^    Job(' "$ROOT/tests/bench/jobs.py")" ]
    grep -q '^tiny	gamma	cat	1	' results/results.tsv
}

@test "the table in Markdown has as many cells in every row, and is put without goals between the marks of a page" {
    cd "$BATS_FILE_TMPDIR"
    harness table results/results.tsv >table.md
    grep -q '^Measured 20..-..-.. on .* cores' table.md
    awk -F '|' '/^\|/ { n++; if (NF != 6) exit 1 } END { if (n < 15) exit 1 }' table.md
    grep -q '^|.*| goal |$' table.md
    printf 'above\n<!-- make bench-results -->\nold\n<!-- end -->\nbelow\n' >page.md
    harness table --into page.md results/results.tsv
    { printf 'above\n<!-- make bench-results -->\n'; grep '^Measured' table.md; } | cmp - <(head -n 3 page.md)
    printf '<!-- end -->\nbelow\n' | cmp - <(tail -n 2 page.md)
    awk -F '|' '/^\|/ { n++; if (NF != 5) exit 1 } END { if (n < 15) exit 1 }' page.md
    lacks goal page.md
    printf '| curves |\n' >curves.md
    harness table --into page.md results/results.tsv curves.md
    printf '\n| curves |\n<!-- end -->\nbelow\n' | cmp - <(tail -n 4 page.md)
}

@test "goals are met or not by the ratio, and say nothing of who is missing" {
    cat >results.tsv <<'END_OF_TABLE'
# day
# machine
# versions
size	job	contender	runs	wall_s	cpu_s	peak_MiB	out_bytes	wall_to_vol	wall_to_cat
medium	gamma	vol	5	1.00000	1	5.0	0	1.000	0.500
medium	gamma	cat	5	2.00000	1	5.0	0	2.000	1.000
medium	planes	vol	5	1.00000	1	5.0	106	1.000	-
medium	planes	unu	1	20.00000	1	5.0	100	20.000	-
END_OF_TABLE
    harness table results.tsv >table.md
    grep -qF '| <= 1 of cat: 0.5, met |' table.md
    grep -qF '| ~20.0 s (20x), 5 MiB | bytes <= 1.05 of unu: 1.06, not met |' table.md
}

@test "work that is not what was asked for is no figure" {
    cat >broken <<'END_OF_SCRIPT'
#!/bin/sh
head -c 1000
END_OF_SCRIPT
    chmod +x broken
    mkdir bin
    mv broken bin/voleq
    PATH=$PWD/bin:$PATH JOBS=equalize CONTENDERS=vol harness run results 2>said
    grep -q '^tiny equalize vol: 0 bytes for 32768 samples$' said
    lacks '	equalize	vol' results/results.tsv
}

@test "cost curves are drawn from a table of them" {
    CURVE_ROUNDS=1 CURVE_PLANES="2 4" CURVE_SIDE=16 CURVE_SIDES="16 32" CURVE_REACHES="1 2" CURVE_VOLUME="3 16" \
        harness curves curves 2>/dev/null
    [ "$(wc -l <curves/curves.tsv)" -eq 23 ]
    local drawing
    for drawing in planes-wall planes-memory side-wall side-memory window-wall window-memory; do
        well_formed_xml curves/$drawing.svg
        [ "$(grep -c '<circle' curves/$drawing.svg)" -eq "$([[ $drawing == window* ]] && echo 6 || echo 8)" ]
    done
    [ "$(grep -c '^| .* | \(a line\|a line in the square\|the same\), [0-9]*% | [0-9]* MiB |$' curves/curves.md)" -eq 11 ]
    [ ! -e "$BENCH_DIR/stack.tif" ]
}

@test "the generator's volumes are those that were asked for, the same in every file" {
    cd "$BENCH_DIR"
    tiff2vol tiny.tif | tail -c 131072 >raw
    tiff2vol tiny_z.tif | tail -c 131072 | cmp - raw
    tail -c 131072 tiny.nrrd | cmp - raw
    [ "$(volinfo tiny.tif | sed -n 's/^shape *//p')" = "(32, 32, 32) plane, row, column" ]
    rm raw
}
