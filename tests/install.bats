# What is installed, packed, and built for machines without the libraries.
load helpers

made() {
    env -u MAKEFLAGS -u MAKELEVEL -u MAKEOVERRIDES make -s -C "$ROOT" B="$B" "$@"
}

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    case $B in *sanitize* | *thread*) skip "the sanitizers' programs are not for installing" ;; esac
}

@test "make install: programs, manual pages, completions" {
    made install DESTDIR="$PWD/stage" prefix=/usr
    local program
    for program in stage/usr/bin/*; do
        [ -x "$program" ]
        [ -f "stage/usr/share/man/man1/${program##*/}.1" ]
        [ -e "stage/usr/share/bash-completion/completions/${program##*/}" ]
        grep -q "^#compdef.* ${program##*/}\( \|$\)" stage/usr/share/zsh/vendor-completions/_vol
    done
    [ "$(ls stage/usr/bin | wc -l)" -eq "$(ls "$ROOT"/tools/*.c | wc -l)" ]
    [ -f stage/usr/share/man/man7/vol.7 ]
    [ -f stage/usr/share/man/man7/vol-cookbook.7 ]
}

@test "make install: folders with blanks, quotes and other characters of the shell" {
    made install DESTDIR="$PWD/a \"b;touch Y'" prefix="/c d/it's \`touch Z\`"
    local folder="a \"b;touch Y'/c d/it's \`touch Z\`"
    [ "$(ls "$folder/bin" | wc -l)" -eq "$(ls "$ROOT"/tools/*.c | wc -l)" ]
    [ -f "$folder/share/man/man7/vol.7" ] && [ -f "$folder/share/bash-completion/completions/volinfo" ]
    [ -f "$folder/share/zsh/vendor-completions/_vol" ] && [ "$(ls)" = "${folder%%/*}" ]
}

@test "make uninstall removes what make install brought, and nothing else" {
    mkdir -p stage/usr/bin
    touch stage/usr/bin/volume
    made install DESTDIR="$PWD/stage" prefix=/usr
    made uninstall DESTDIR="$PWD/stage" prefix=/usr
    [ "$(find stage ! -type d)" = stage/usr/bin/volume ]
    made uninstall DESTDIR="$PWD/stage" prefix=/usr
}

@test "make help names every target that the Makefile's users have" {
    made help >said
    for target in demo check bench install uninstall deb dist clean; do
        grep -q "^  make $target " said || { echo "not $target"; return 1; }
    done
}

@test "make deb: a package that dpkg takes, with what it depends on" {
    need dpkg-deb dpkg-shlibdeps
    mkdir build
    cp -rp "$B"/vol* "$B"/tiff2vol "$B"/libvol.a "$B"/obj "$B"/gen "$B"/completion build/ 2>/dev/null
    env -u MAKEFLAGS -u MAKELEVEL -u MAKEOVERRIDES make -s -C "$ROOT" B="$PWD/build" deb
    local deb=(build/*.deb)
    dpkg-deb -f "${deb[0]}" Depends >depends
    grep -q 'zlib' depends && grep -Eq '(^|, )libtiff[0-9]+(,| |$)' depends
    [ "$(dpkg-deb -f "${deb[0]}" Version)" = "$(sed -n 's/^VERSION := //p' "$ROOT/Makefile")" ]
    dpkg-deb -x "${deb[0]}" unpacked
    ./unpacked/usr/bin/tiff2vol "$CELLS" | cmp - <(tiff2vol "$CELLS")
    [ -f unpacked/usr/share/man/man7/vol.7.gz ] && [ -f unpacked/usr/share/doc/vol/copyright ]
    [ -z "$(find unpacked -perm /022 ! -type l)" ]
}

@test "make STATIC=1: programs that run where there is nothing else" {
    need unshare g++
    for library in tiff webp Lerc jbig zstd lzma jpeg deflate png16 expat; do
        [ -n "$(find /usr/lib /usr/local/lib -name "lib$library.a" -print -quit)" ] || skip "no lib$library.a"
    done
    unshare -rR / true 2>/dev/null || skip "no user namespaces"
    # What is compiled as for other programs is not compiled again.
    mkdir static
    cp -rp "$B/obj" "$B/gen" static/
    env -u MAKEFLAGS -u MAKELEVEL -u MAKEOVERRIDES make -s -j2 -C "$ROOT" STATIC=1 B="$PWD/static" \
        "$PWD"/static/{tiff2vol,voleq,vol2png,vol2html}
    mkdir -p empty/tmp
    cp static/tiff2vol static/voleq static/vol2png static/vol2html empty/
    cp "$CELLS" empty/cells.tif
    cp "$CELLS" cells.tif
    alone() {
        unshare -rR empty "$@"
    }
    alone /tiff2vol cells.tif | cmp - <(tiff2vol cells.tif)
    alone /tiff2vol cells.tif | alone /voleq | alone /vol2png -n mid -o /tmp/mid.png
    tiff2vol cells.tif | voleq | vol2png -n mid -o mid.png
    cmp mid.png empty/tmp/mid.png
    [ "$(ls empty)" = "$(printf '%s\n' cells.tif tiff2vol tmp vol2html vol2png voleq)" ]
}

@test "make dist: the sources build by themselves" {
    need git
    git -C "$ROOT" rev-parse HEAD >/dev/null 2>&1 || skip "no repository"
    env -u MAKEFLAGS -u MAKELEVEL -u MAKEOVERRIDES make -s -C "$ROOT" B="$PWD" dist
    tar -xf vol-*.tar.gz
    cd vol-*/
    [ -f README.md ] && [ -f Makefile ]
    env -u MAKEFLAGS -u MAKELEVEL make -s -j2 B=build CFLAGS=-O0 build/volgamma
    { stream "1"; floats 0.25; } | build/volgamma -g 0.5 >out
    [ "$(samples <out)" = 0.5 ]
}
