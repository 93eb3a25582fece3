#!/usr/bin/env bash
# The README's two commands on bare machines: a minimal Debian with Python, git and nothing else, as root and as an
# ordinary user, while other processes keep every core busy. By hand, not in CI: it takes root, debootstrap, and ten
# minutes or more for each Debian.
#
#   tests/bare.sh                     Debian 12 and 13
#   tests/bare.sh trixie              one of them
#   KEEP=/some/folder tests/bare.sh   the machines are kept there for the next time
#   AS=somebody tests/bare.sh         as one of the two alone
#
# What is committed is what is tried. Debian's packages come from where apt on this machine has them from, Python's
# from where pip has.
set -euo pipefail

if [ "${1-}" != --alone ]; then
    # In a mount namespace of its own: nothing is left mounted, however this ends.
    exec unshare --mount --propagation private "$0" --alone "$@"
fi
shift
[ $# -gt 0 ] || set -- bookworm trixie
cd "$(dirname "$0")/.."
folder=${KEEP:-$(mktemp -d)}
mkdir -p "$folder"
mounted=() busy=()

finish() {
    [ ${#busy[@]} = 0 ] || kill "${busy[@]}" 2>/dev/null || true
    for place in "${mounted[@]}"; do umount -R -l "$place"; done
    [ -n "${KEEP-}" ] || rm -rf --one-file-system "$folder"
}
trap finish EXIT

git bundle create -q "$folder/bot.bundle" HEAD
# Both commands as the README has them; the first ends with the playground, which runs until it is told to end.
first=$(grep -m 1 -F 'bot playground' README.md)
second=$(grep -m 1 -F "'.[test]'" README.md)
cat >"$folder/try" <<END
set -euo pipefail
cd; rm -rf bot; git -c advice.detachedHead=false clone -q /tmp/bot.bundle bot; cd bot
python3 --version
echo "== first command"; SECONDS=0
${first% && *}
${first##* && } --no-browser --port 0 >../said 2>&1 & playground=\$!
until grep -q http: ../said; do kill -0 \$playground || { cat ../said; exit 1; }; sleep 1; done
.venv/bin/python -c "import re, urllib.request; page = re.search('http:[^ ]+', open('../said').read().strip())[0]
assert b'<html' in urllib.request.urlopen(page).read()"
kill \$playground; wait \$playground || [ \$? = 143 ]
echo "== first command: \$SECONDS s; second command"; SECONDS=0
rm -rf .venv
$second || failed=\$?
echo "== second command: \$SECONDS s"
exit \${failed:-0}
END

mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Label: Debian' 'Component: main' | sort -u | head -n 1)
# Where pip on this machine has its packages from, and whose certificates are trusted: as variables, and their files.
mapfile -t settings < <(
    env | grep -iE '^(ssl_cert_|requests_ca_|[a-z]+_proxy=)'
    pip config list | sed -nE "s/^(global|:env:)\.([a-z-]+)='(.*)'$/\2 \3/p" |
        while read -r key value; do printf 'PIP_%s=%s\n' "$(tr a-z- A-Z_ <<<"$key")" "$value"; done
)
mapfile -t places < <(printf '%s\n' "${settings[@]}" | grep -oE '/[[:alnum:]./_-]+' | tr -s / | sed 's:/simple$::' | sort -u)

make_machine() { # SUITE
    local root=$folder/$1
    if [ ! -e "$root.made" ]; then
        rm -rf --one-file-system "$root"
        debootstrap --variant=minbase --include=python3,python3-venv,git,ca-certificates "$1" "$root" "$mirror" \
            >"$root.log" 2>&1 || { tail "$root.log"; exit 1; }
        chroot "$root" useradd --create-home --shell /bin/bash somebody
        touch "$root.made"
    fi
    cp /etc/resolv.conf /etc/hosts "$root/etc/"
    install -m 644 "$folder/bot.bundle" "$folder/try" "$root/tmp/"
    for place in /proc /sys /dev "${places[@]}"; do
        if [ -f "$place" ]; then # certificates
            [ "$place" -ef "$root$place" ] || { mkdir -p "$root${place%/*}" && cp -L "$place" "$root$place"; }
        elif [ -d "$place" ]; then
            mkdir -p "$root$place" && mount --rbind "$place" "$root$place" && mounted+=("$root$place")
        fi
    done
}

failed=0
for suite; do
    make_machine "$suite"
    for _ in $(seq "$(nproc)"); do
        while :; do :; done &
        busy+=($!)
    done
    for who in ${AS:-root somebody}; do
        echo "== $suite as $who"
        home=$(chroot "$folder/$suite" sh -c "echo ~$who")
        chroot "$folder/$suite" runuser -u "$who" -- env -i "${settings[@]}" PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
            HOME="$home" bash /tmp/try || { failed=1; echo "== $suite as $who: failed"; }
    done
    kill "${busy[@]}"
    busy=()
done
exit "$failed"
