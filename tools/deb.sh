#!/bin/sh
# deb.sh VERSION FOLDER OUT   a Debian package in OUT of what is installed in FOLDER/vol (prefix /usr)
set -eu
umask 022
version=$1 folder=$2 out=$3
root=$folder/vol
time=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}

# The libraries that the programs need, and from which version on.
depends() {
    mkdir -p "$folder/debian"
    printf 'Source: vol\n\nPackage: vol\nArchitecture: any\n' >"$folder/debian/control"
    (cd "$folder" && dpkg-shlibdeps -O vol/usr/bin/* 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
}

control() {
    cat <<END
Package: vol
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: the vol developers <vol@localhost>
Installed-Size: $(du -sk --apparent-size "$root" | cut -f 1)
Depends: $(depends)
Section: science
Priority: optional
Description: Unix filters for 3D images
 Small programs that read a stack of microscope, CT or MRI images and pass it
 through pipes, plane by plane, in a few megabytes of memory whatever its size:
 gamma, histogram equalization, percentile clip, local contrast, thresholds,
 projections, pictures, and a page to explore a volume. The numbers are
 scikit-image's, to the bit; the stream is NRRD.
END
}

strip --strip-unneeded "$root"/usr/bin/*
find "$root/usr/share/man" -type f -name '*.[17]' -exec gzip -9n {} +
install -D -m 644 LICENSE "$root/usr/share/doc/vol/copyright"
text=$(control)
mkdir -p "$root/DEBIAN"
printf '%s\n' "$text" >"$root/DEBIAN/control"
find "$root" -exec touch -h -d "@$time" {} +
SOURCE_DATE_EPOCH=$time dpkg-deb --root-owner-group --build "$root" \
    "$out/vol_${version}_$(dpkg --print-architecture).deb"
