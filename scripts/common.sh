# SPDX-License-Identifier: MIT
# Sourced by the scripts beside it.

export LC_ALL=C.UTF-8 # Debian always has it; Wine takes its file names from it

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Where things are kept that outlive a clone; cmake/PlatenDependencies.cmake has the same rule.
if [ -n "${PLATEN_CACHE:-}" ]; then
    cache=$PLATEN_CACHE
elif [ -n "${XDG_CACHE_HOME:-}" ]; then
    cache=$XDG_CACHE_HOME/platen
else
    cache=${HOME:?neither HOME nor PLATEN_CACHE is set}/.cache/platen
fi

say() { printf '%s: %s\n' "${0##*/}" "$*"; }
die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# quietly WHAT COMMAND...: shows the command's output only if it fails, then ends the script.
quietly() {
    local what=$1 log
    shift
    log=$(mktemp)
    if ! "$@" >"$log" 2>&1 </dev/null; then
        tail -n 60 "$log" >&2
        rm -f "$log"
        die "failed: $what ($*)"
    fi
    rm -f "$log"
}
