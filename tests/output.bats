# Where output goes: descriptors by name, files that appear when they are whole, odd file systems.
load helpers

setup() {
    cd "$BATS_TEST_TMPDIR" || return 1
    volume >in
    volgamma -g 2 <in >wanted
}

volume() { # 4 planes of 100 x 100 samples
    stream "100 100 4"
    perl -e 'srand 1; print pack "f<*", map { rand } 1 .. 40000'
}

@test "a name of a descriptor is written to as it is: what is there stays" {
    echo before >out
    volgamma -g 2 -o /dev/stdout in >>out
    { echo before; cat wanted; } | cmp - out
    for name in /dev/stdout /dev/fd/1 /proc/self/fd/1; do
        volgamma -g 2 -o $name in >out
        cmp wanted out
        volgamma -g 2 -o $name in | cmp wanted -
    done
    volgamma -g 2 -o /dev/fd/7 in 7>out
    cmp wanted out
    ln -s /dev/fd/7 link
    for _ in 1 2; do volgamma -g 2 -o link in; done 7>out
    cat wanted wanted | cmp - out
    { rm out; volgamma -g 2 -o /dev/fd/7 in; cmp wanted /dev/fd/8; } 7>out 8<out
    fails 1 "volgamma: /dev/fd/9: Bad file descriptor" volgamma -g 2 -o /dev/fd/9 in
}

@test "names as long as the file system takes" {
    for length in 200 245 246 250 254 255; do
        name=$(printf "%0${length}d" 0)
        volgamma -g 2 -o "$name" in
        volgamma -g 2 -o "$name" in
        cmp wanted "$name"
        rm "$name"
    done
    fails 1 "volgamma: 0*0: *File name too long" volgamma -g 2 -o "$(printf %0256d 0)" in
    [ "$(find . -name '.*' -type f)" = "" ]
}

@test "a file that its owner made read-only is left alone" {
    echo mine >out
    chmod 444 out
    fails 1 "volgamma: out: is write-protected: make it writable, or name another file" \
        volgamma -g 2 -o out in
    [ "$(cat out)" = mine ]
    chmod 640 out
    volgamma -g 2 -o out in
    cmp wanted out
    [ "$(stat -c %a out)" = 640 ]
}

# preload: makes odd.so, whose variables in the environment make calls fail.
preload() {
    need "${CC:-cc}"
    unsanitized
    cat >odd.c <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
static int fails(const char *name)
{
    const char *number = getenv(name);
    errno = number ? atoi(number) : 0;
    return number != NULL;
}
int fchmod(int fd, mode_t mode)
{
    int (*real)(int, mode_t) = (int (*)(int, mode_t))dlsym(RTLD_NEXT, "fchmod");
    return fails("FCHMOD") ? -1 : real(fd, mode);
}
int fsync(int fd)
{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    return fails("FSYNC") ? -1 : real(fd);
}
int open64(const char *path, int flags, ...)
{
    int (*real)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open64");
    va_list more;
    va_start(more, flags);
    mode_t mode = va_arg(more, mode_t);
    va_end(more);
    return (flags & O_TMPFILE) == O_TMPFILE && fails("TMPFILE") ? -1 : real(path, flags, mode);
}
END
    "${CC:-cc}" -shared -fPIC -o odd.so odd.c -ldl
}

odd() { # odd VARIABLE=NUMBER... CMD...
    env LD_PRELOAD="$PWD/odd.so" "$@"
}

@test "file systems without chmod, fsync or unnamed files; true failures stay failures" {
    preload
    local ENOSPC=28 EIO=5 EPERM=1 EINVAL=22 ENOSYS=38 ENOTSUP=95
    for case in FCHMOD=$EPERM FCHMOD=$ENOTSUP FSYNC=$EINVAL FSYNC=$ENOSYS FSYNC=$ENOTSUP TMPFILE=$ENOTSUP \
        "TMPFILE=$ENOTSUP FCHMOD=$EPERM FSYNC=$EINVAL"; do
        for _ in new existing; do
            # shellcheck disable=SC2086 # words
            odd $case volgamma -g 2 -o out in
            cmp wanted out
            echo other >out
        done
        rm out
    done
    for case in FSYNC=$EIO FSYNC=$ENOSPC; do
        for more in TMPFILE=$ENOTSUP A=1; do
            fails 75 "volgamma: out: fsync: *" odd $case $more volgamma -g 2 -o out in
            [ ! -e out ]
        done
    done
    [ "$(find . -name '.*' -type f)" = "" ]
}

@test "no signal that ends a program leaves a temporary file; KILL none where files can be without a name" {
    preload
    mkdir folder
    for case in A=1 TMPFILE=95; do
        for signal in HUP INT QUIT USR1 USR2 ALRM VTALRM PROF XCPU TERM RTMIN KILL; do
            [ "$case $signal" != "TMPFILE=95 KILL" ] || continue
            mkfifo pipe
            # The program is replaced by its environment's: the id is its own.
            env LD_PRELOAD="$PWD/odd.so" $case volgamma -g 2 -o folder/out pipe &
            exec 5>pipe
            head -c 100000 in >&5
            sleep 0.1
            kill -$signal $!
            exec 5>&-
            wait $! || true
            [ "$(ls -A folder)" = "" ] || { echo "$case $signal: $(ls -A folder)"; return 1; }
            rm pipe
        done
    done
}

@test "a signal that was ignored before stays ignored (nohup)" {
    preload
    mkfifo pipe
    (trap '' HUP && exec env LD_PRELOAD="$PWD/odd.so" TMPFILE=95 volgamma -g 2 -o out pipe) & # a file with a name
    exec 5>pipe
    head -c 100000 in >&5
    sleep 0.1
    kill -HUP $!
    tail -c +100001 in >&5
    exec 5>&-
    wait $!
    volgamma -g 2 in | cmp - out
}

@test "-o -: standard output, and no file of that name" {
    volgamma -g 2 -o - in >out
    volgamma -g 2 in | cmp - out
    [ ! -e - ]
}

@test "names and expressions that are too long for a message leave the reason" {
    local folder expression
    folder=$(printf '%0200d/' 1 2 3 4 5 6 7)
    mkdir -p "$folder"
    fails 1 "volgamma: 0*01/0* ... 0*7/none: No such file or directory" volgamma -g 1 "${folder}none"
    { stream 1; floats 1 2; } >"${folder}more"
    fails 0 "volcrop: 0*7/more: bytes follow its last sample: they are not read" volcrop "${folder}more"
    expression=$(printf 'a+%.0s' {1..9000})
    fails 2 "volmath: 'a+* ... *+a', character * ('+'): the expression is too long" volmath "${expression}a" "${folder}more"
}

@test "a name of another format is refused by every program, before anything is read" {
    stream 2 >in
    floats 0 1 >>in
    local program name
    for program in "$B"/vol* "$B"/tiff2vol; do
        program=${program##*/}
        for name in x.jpg plane-%04d.JPEG x.nii.gz x.mp4; do
            fails 2 "$program: --output: '$name' is a name for *, not for *" "$program" -o "$name" /no/such/file
        done
    done
    fails 2 "vol2tiff: --output: 'x.png' is a name for PNG, not for TIFF" vol2tiff -o x.png in
    fails 2 "vol2png: --output: 'x.tif' is a name for TIFF, not for PNG" vol2png -n 0 -o x.tif in
    fails 2 "vol2html: --output: 'a.b/x.svg' is a name for SVG, not for HTML" vol2html -o a.b/x.svg in
    fails 2 "volcrop: --output: 'x.tiff' is a name for TIFF, not for NRRD" volcrop -o x.tiff in
    [ -z "$(ls x.* plane* 2>/dev/null)" ]
    mkdir folder.png
    for name in x.nrrd x x.raw folder.png/x .nrrd x.1.5; do
        volcrop in -o "$name"
        [ -s "$name" ]
    done
    for name in x.TIF x.ome.tif x.tiff x.btf; do
        vol2tiff in -o "$name"
        [ -s "$name" ]
    done
    volhist --svg in -o x.svg
    volhist in -o x.tsv
    volstats in -o x.stats
}
