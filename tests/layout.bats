# The tree: which room may include which; whether the list of changes for mutants fits it.
load helpers

@test "includes point down, without circles; rooms are small, names do not repeat them" {
    [ -x "$PYTHON" ] || skip "$PYTHON is not installed"
    "$PYTHON" "$ROOT/tests/reference/layout.py" "$ROOT"
}

# module PATH INCLUDED...: a header that includes others.
module() {
    local path=$1
    shift
    mkdir -p "tree/$(dirname "$path")"
    printf '#include "%s.h"\n' "$@" >"tree/$path.h"
}

# wrong MESSAGE: the check says so, and fails.
wrong() {
    run "$PYTHON" "$ROOT/tests/reference/layout.py" tree
    echo "$output"
    [ "$status" -eq 1 ] && [[ "$output" == *"$1"* ]]
}

@test "the check sees an arrow up, an arrow to another format, a circle, a repeated name" {
    [ -x "$PYTHON" ] || skip "$PYTHON is not installed"
    module common/stats/a common/picture/b
    module common/picture/b common/base/c
    module common/base/c common/base/c
    wrong "common/stats/a.h: includes common/picture/b.h, which lies above common/stats"
    module common/stats/a common/base/c
    module format/png/d format/nrrd/e
    module format/nrrd/e common/base/c
    wrong "format/png/d.h: includes format/nrrd/e.h of another format"
    module format/png/d common/base/f
    module common/base/f common/base/g
    module common/base/g common/base/f
    wrong "circle: common/base/f -> common/base/g -> common/base/f"
    module common/base/g common/base/c
    module common/base/base_h common/base/c
    wrong "common/base/base_h: repeats the name of its folder"
}

@test "what mutants.py changes is there, once each" {
    [ -x "$PYTHON" ] || skip "$PYTHON is not installed"
    "$PYTHON" "$ROOT/tests/mutants.py" --check "$ROOT"
}
