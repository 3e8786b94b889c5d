#!/bin/sh
# Makes a folder for a USB stick that installs Istiqbal where there is no Internet: the program, all it needs from PyPI and from Debian.
#   sh systemd/bundle.sh OUT [--screen]
# Run it on a PC of the same Debian release and processor as the ones it is for. --screen takes Chromium and cage along (larger).
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
out=${1:?where to make the bundle: sh systemd/bundle.sh OUT [--screen]}
mkdir -p "$out/wheels" "$out/debs"
out=$(cd "$out" && pwd)

packages="python3 python3-venv libfribidi0 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 openssh-client espeak-ng"
[ "${2:-}" != "--screen" ] || packages="$packages cage chromium fonts-noto-core alsa-utils"

echo "The program and its Python packages …"
make=$(mktemp -d)  # not on the stick: FAT has no links, which an environment needs
python3 -m venv "$make"
rm -f "$out/wheels/"*
pip="$make/bin/python -m pip --quiet --disable-pip-version-check"
$pip download --require-hashes --only-binary :all: --dest "$out/wheels" -r "$top/requirements.lock"
rm -rf "$top/build"  # what an earlier version left there would go along
$pip install --no-index --find-links "$out/wheels" --no-deps --upgrade setuptools
$pip wheel --no-deps --no-build-isolation --wheel-dir "$out/wheels" "$top"
cp "$top/requirements.lock" "$out/"
rm -rf "$make"

echo "Debian's packages …"
command -v dpkg-scanpackages >/dev/null || { echo "dpkg-scanpackages is missing: apt-get install dpkg-dev" >&2; exit 1; }
work=$(mktemp -d)
apt-cache --generate pkgnames | sort >"$work/real"
# shellcheck disable=SC2086
apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances $packages |
    grep '^[a-z0-9]' | sort -u | comm -12 - "$work/real" >"$work/needed"
cd "$out/debs"
# shellcheck disable=SC2046
apt-get download -q $(cat "$work/needed") >/dev/null
rm -rf "$work"
dpkg-scanpackages --multiversion . >Packages 2>/dev/null

rm -rf "$out/systemd" "$out/docs"
cp -r "$top/systemd" "$top/docs" "$out/"
echo "Ready: $(du -sh "$out" | cut -f1) in $out. On the PC: sudo sh systemd/install.sh"
