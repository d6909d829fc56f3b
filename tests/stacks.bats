# Many stacks with make, as tests/scale/stacks.mk does it.
load helpers

run_make() { # run_make [OPTION...]: messages of make and of the programs in said
    env -u MAKEFLAGS -u MAKELEVEL make -s -k -j3 -f "$ROOT/tests/scale/stacks.mk" IN=stacks OUT=done "$@" 2>said
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    unsanitized
    mkdir stacks
    tiff2vol "$CELLS" -p 10:14 | volcrop --columns 0:20 -o cells.nrrd
    for kind in {0..9}; do
        volgamma -g "0.5$kind" cells.nrrd | vol2tiff --type uint8 --window 0,1 -o $kind.tif
    done
    for stack in {100..399}; do
        ln $((stack % 10)).tif stacks/$stack.tif
    done
    rm stacks/{112,225,338}.tif
    head -c 1000 2.tif >stacks/112.tif
    echo 'no TIFF' >stacks/225.tif
    : >stacks/338.tif
}

finished() { # finished ENDING: how many outputs there are
    find done -name "*.$1" | wc -l
}

@test "300 stacks: make is killed, 3 are broken and harm no other, and further runs finish" {
    setsid env -u MAKEFLAGS -u MAKELEVEL make -s -k -j3 -f "$ROOT/tests/scale/stacks.mk" IN=stacks OUT=done 2>/dev/null &
    driver=$!
    mkdir -p done
    for ((i = 0; i < 1000 && $(finished nrrd) < 50; i++)); do
        sleep 0.02
    done
    kill -9 -- "-$driver"
    wait "$driver" || true
    there=$(finished nrrd)
    echo "killed after $there"
    [ "$there" -lt 297 ]
    for file in done/*.nrrd; do
        volinfo "$file" >/dev/null
    done
    [ -z "$(find done -name '.*' -type f)" ]

    ! run_make || return 1
    [ "$(finished nrrd)" -eq 297 ] && [ "$(finished html)" -eq 297 ]
    [ "$(echo done/*.log)" = "done/112.log done/225.log done/338.log" ]
    for broken in 112 225 338; do
        grep -q "^tiff2vol: stacks/$broken.tif: " done/$broken.log
        ln -f $((broken % 10)).tif stacks/$broken.tif
    done
    run_make
    [ "$(finished nrrd)" -eq 300 ] && [ "$(finished html)" -eq 300 ] && [ "$(finished log)" -eq 0 ]
    for stack in 112 219 399; do
        tiff2vol stacks/$stack.tif | volmedian --size 3 | volclip -q 0.5,99.5 | cmp - done/$stack.nrrd
    done
}

@test "names with all that the shell takes for its own; those that make can't hold are refused, and harm no other" {
    local name held=0
    rm stacks/*
    for name in plain "it's" 'a"b' 'a$b' '$(rm)' 'a;b' 'a`b`' 'a:b' 'a%b' 'a=b' 'a#b' 'a&b' 'a(b)c' -x 'a{1,2}' '!'; do
        cp 3.tif "stacks/$name.tif"
        held=$((held + 1))
    done
    run_make
    [ "$(finished nrrd)" -eq $held ] && [ "$(finished html)" -eq $held ]
    cmp <(sed '1,/^$/d' 'done/$(rm).nrrd') <(sed '1,/^$/d' done/plain.nrrd)
    cp 3.tif 'stacks/x;touch Y;z.tif'
    cp 3.tif stacks/$'a\nb.tif'
    cp 3.tif 'stacks/a*b.tif'
    cp 3.tif 'stacks/new.tif'
    ! run_make || return 1
    [ "$(finished nrrd)" -eq $((held + 1)) ] && [ ! -e Y ]
    [ "$(grep -c "^stacks.mk: make can't hold the name .*: rename it$" said)" -eq 3 ]
    run_make IN='stacks' OUT='$o'"'u"'"t' || :
    [ "$(find '$o'"'u"'"t' -name '*.nrrd' | wc -l)" -eq $((held + 1)) ]
    ! run_make OUT='a b' || return 1
    grep -q "OUT: make can't hold the name 'a b'" said
}
