#!/bin/sh
# packages.sh PACKAGE...: installs the Debian packages that are missing when it may; else prints the
# one line that does, and fails. Elsewhere than on Debian it leaves the matter to the build.
command -v dpkg-query >/dev/null || exit 0
missing=
for package; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)
    [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then
    sudo=
elif sudo -n true 2>/dev/null; then
    sudo='sudo -n'
else
    echo "missing packages; install them with: sudo apt-get install$missing" >&2
    exit 1
fi
echo "installing$missing" >&2
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # both are lists of words
{ $sudo apt-get -qq update && $sudo apt-get -qq install -y --no-install-recommends $missing; } \
    >/dev/null </dev/null || {
    echo "that failed; install them with: apt-get install$missing" >&2
    exit 1
}
