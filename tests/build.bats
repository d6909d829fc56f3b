# The Makefile's own rules.
load helpers

# made ARGUMENT...: make in this folder, with nothing of a make that runs the tests.
made() {
    env -u B -u SANITIZE -u DEBUG -u MAKEFLAGS -u MAKELEVEL -u MAKEOVERRIDES make -s -f "$ROOT/Makefile" "$@"
}

@test "make clean removes the folder that B names, else build/" {
    mkdir -p build/clang other
    made B=other clean
    [ ! -e other ]
    made B=build/clang clean
    [ ! -e build/clang ]
    [ -d build ]
    mkdir build/sanitize
    made SANITIZE=1 clean
    [ ! -e build/sanitize ]
    [ -d build ]
    made clean
    [ ! -e build ]
}
