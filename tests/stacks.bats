# Many stacks with make, as tests/scale/stacks.mk does it.
load helpers

run_make() { # run_make [OPTION...]: messages of make and of the programs in said
    env -u MAKEFLAGS -u MAKELEVEL make -s -k -j3 -f "$ROOT/tests/scale/stacks.mk" IN=stacks OUT=done "$@" 2>said
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    unsanitized
    mkdir stacks
    tiff2vol "$CELLS" -p 10:14 -o cells.nrrd
    for stack in {10..39}; do
        volgamma -g "0.$stack" cells.nrrd | vol2tiff --type uint8 --window 0,1 -o stacks/$stack.tif
    done
}

@test "broken stacks harm no other; they are told, and a second run finishes" {
    cp stacks/12.tif whole.tif
    head -c 3000 whole.tif >stacks/12.tif
    echo 'no TIFF' >stacks/25.tif
    : >stacks/38.tif
    ! run_make || return 1
    [ "$(ls done/*.nrrd | wc -l)" -eq 27 ]
    [ "$(ls done/*.html | wc -l)" -eq 27 ]
    [ "$(echo done/*.log)" = "done/12.log done/25.log done/38.log" ]
    for broken in 12 25 38; do
        grep -q "^tiff2vol: stacks/$broken.tif: " done/$broken.log
        cp whole.tif stacks/$broken.tif
    done
    run_make
    [ "$(ls done | wc -l)" -eq 60 ]
    tiff2vol stacks/12.tif | volmedian --size 3 | volclip -q 0.5,99.5 | cmp - done/12.nrrd
}

@test "make is killed: what is there is whole, and a second run finishes" {
    setsid env -u MAKEFLAGS -u MAKELEVEL make -s -k -j3 -f "$ROOT/tests/scale/stacks.mk" IN=stacks OUT=done &
    driver=$!
    for ((i = 0; i < 300; i++)); do
        [ "$(ls done/*.nrrd 2>/dev/null | wc -l)" -lt 5 ] || break
        sleep 0.02
    done
    kill -9 -- "-$driver"
    wait "$driver" || true
    for file in done/*.nrrd; do
        volinfo "$file" >/dev/null
    done
    [ -z "$(find done -name '.*' -type f)" ]
    run_make
    [ "$(ls done/*.nrrd done/*.html | wc -l)" -eq 60 ]
}
