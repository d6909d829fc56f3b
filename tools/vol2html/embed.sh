#!/bin/sh
# embed.sh page FILE.js...   the template: page.html with the style and the scripts in their places,
#                            and their hashes in its content security policy
# embed.sh source NAME       standard input as a C source of the array NAME and NAME_size
set -eu
here=$(dirname "$0")

# hash TAG FILE: SHA-256, in base64, of what stands between the lines <TAG> and </TAG>.
hash() {
    { echo && sed -n "/^<$1>\$/,/^<\\/$1>\$/{//!p;}" "$2"; } | sha256sum | cut -c 1-64 |
        tr a-f A-F | basenc --base16 -d | base64
}

page() {
    draft=$(mktemp)
    scripts=$(mktemp)
    trap 'rm -f "$draft" "$scripts"' EXIT
    (cd "$here" && cat "$@") >"$scripts"
    sed -e "/@STYLE@/{r $here/style.css
        d;}" -e "/@SCRIPT@/{r $scripts
        d;}" "$here/page.html" >"$draft"
    sed -e "s|@STYLE_HASH@|sha256-$(hash style "$draft")|" \
        -e "s|@SCRIPT_HASH@|sha256-$(hash script "$draft")|" "$draft"
}

source_text() {
    echo '#include "tools/vol2html/page.h"'
    echo "const unsigned char $1[] = {"
    od -An -v -tu1 | sed 's/ *\([0-9]\{1,\}\)/\1,/g'
    echo '};'
    echo "const size_t $1_size = sizeof $1;"
}

case $1 in
page)
    shift
    page "$@"
    ;;
source) source_text "$2" ;;
esac
