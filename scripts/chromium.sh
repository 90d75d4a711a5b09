#!/bin/sh
# A headless Chromium for the tests of the page: the one that is there, else Debian's or Ubuntu's. Fails without one.
set -eu

found() {
    command -v chromium || command -v chromium-browser || command -v google-chrome
}

if ! found >/dev/null 2>&1; then
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "chromium.sh: no Chromium, and no apt-get to install it with; install chromium yourself" >&2
        exit 1
    fi
    as_root=
    if [ "$(id -u)" -ne 0 ]; then as_root=sudo; fi
    $as_root apt-get update -qq
    $as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null
fi

browser=$(found)
echo "chromium: $browser ($("$browser" --version 2>/dev/null | head -n 1))"
