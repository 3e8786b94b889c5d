#!/bin/sh
# Installs Istiqbal on this PC: from a folder made by bundle.sh (no Internet needed) or from a clone (with Internet).
#   sudo sh install.sh              the server
#   sudo sh install.sh --screen     also what a kiosk or display needs on this PC (Chromium in cage)
#   sudo sh install.sh --no-unit    makes no unit and starts nothing: for a PC on which a backup is restored, or that stands by
# Can be run again: it upgrades the program and leaves the unit alone (a backup is made first).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
home=/opt/istiqbal
unit=/var/lib/istiqbal/unit
screen=no
make_unit=yes

say() { printf '\n== %s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

for word in "$@"; do
    case "$word" in
        --screen) screen=yes ;;
        --no-unit) make_unit=no ;;
        *) stop "$word is unknown: sh $0 [--screen] [--no-unit]" ;;
    esac
done
[ "$(id -u)" = 0 ] || stop "Run it as root: sudo sh $0"
command -v apt-get >/dev/null || stop "This installer knows Debian 12 or newer and Ubuntu 24.04 or newer only."

packages="python3 python3-venv libfribidi0 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 openssh-client espeak-ng"
[ "$screen" = no ] || packages="$packages cage chromium fonts-noto-core alsa-utils"
apt_options=""
if [ -d "$top/debs" ]; then
    say "System packages, from this folder"
    list=/etc/apt/sources.list.d/istiqbal-bundle.list
    printf 'deb [trusted=yes] file:%s ./\n' "$top/debs" >"$list"
    trap 'rm -f "$list"' EXIT
    apt_options="-o Dir::Etc::sourcelist=$list -o Dir::Etc::sourceparts=/dev/null"
else
    say "System packages"
fi
# shellcheck disable=SC2086
apt-get $apt_options update -q
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive apt-get $apt_options install -y -q --no-install-recommends $packages
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop "Istiqbal needs Python 3.11 or newer; this is $(python3 --version)."

if [ -e "$unit/unit.db" ] && [ -x "$home/bin/istiqbal" ]; then
    say "A backup of the unit before the upgrade"
    runuser -u istiqbal -- "$home/bin/istiqbal" backup "$unit" || stop "The backup failed; nothing was changed. See docs/backup.md."
    systemctl stop istiqbal.service 2>/dev/null || true
fi

say "The program, in $home"
[ -x "$home/bin/python" ] || python3 -m venv "$home"
lock="$top/requirements.lock"  # every package by version and hash: what is installed is what was tried
pip="$home/bin/python -m pip --quiet --disable-pip-version-check install"
if [ -d "$top/wheels" ]; then
    $pip --no-index --find-links "$top/wheels" --require-hashes --only-binary :all: -r "$lock"
    $pip --no-index --no-deps --force-reinstall "$top"/wheels/istiqbal-*.whl
else
    $pip --require-hashes --only-binary :all: -r "$lock"
    rm -rf "$top/build"  # what an earlier version left there would go along
    $pip --no-deps --no-build-isolation --force-reinstall "$top"
fi
rm -rf "$home/docs" "$home/systemd"
cp -r "$top/docs" "$here" "$home/"
ln -sf "$home/bin/istiqbal" /usr/local/bin/istiqbal

say "The account and the services"
mkdir -p /etc/sysusers.d
cp "$here/istiqbal.sysusers" /etc/sysusers.d/istiqbal.conf
[ "$screen" = no ] || cp "$here/istiqbal-screen.sysusers" /etc/sysusers.d/istiqbal-screen.conf
systemd-sysusers
install -d -o istiqbal -g istiqbal -m 0700 /var/lib/istiqbal
for file in "$here"/*.service "$here"/*.socket "$here"/*.timer; do
    install -m 0644 "$file" /etc/systemd/system/
done
systemctl daemon-reload

if [ ! -e "$unit/unit.db" ]; then
    if [ "$make_unit" = no ]; then
        say "The program is there, and no unit: docs/backup.md says how to go on."
        exit 0
    fi
    say "The unit"
    runuser -u istiqbal -- "$home/bin/istiqbal" init "$unit"
fi
systemctl enable --quiet istiqbal.socket istiqbal.service istiqbal-backup.timer
systemctl restart istiqbal.socket
systemctl start istiqbal.service istiqbal-backup.timer

address=$(hostname -I 2>/dev/null | cut -d" " -f1)
say "Istiqbal runs at http://${address:-localhost}/"
if [ -z "$(runuser -u istiqbal -- "$home/bin/istiqbal" user list "$unit")" ]; then
    printf 'Make the first administrator now:\n  runuser -u istiqbal -- istiqbal user add %s --login NAME --role administrator\n' "$unit"
fi
