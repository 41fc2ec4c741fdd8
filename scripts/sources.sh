# SPDX-License-Identifier: MIT
# Sourced, after common.sh, by scripts that fetch Debian's packages without installing them: sources
# to build from, and the kernel of the system test. The package lists are private copies of the
# machine's own: the machine's configuration is read and never changed.

# private_lists FOLDER TYPE: the machine's lists, with TYPE (deb-src, deb) for deb, in FOLDER/parts.
private_lists() {
    local work=$1 type=$2 file
    mkdir -p "$work/parts" "$work/lists/partial" "$work/cache/archives/partial"
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [ -f "$file" ] || continue
        sed -nE '/cdrom:/d;s/^[[:space:]]*deb[[:space:]]+/'"$type"' /p' "$file" \
            >"$work/parts/${file//\//_}"
    done
    for file in /etc/apt/sources.list.d/*.sources; do
        [ -f "$file" ] || continue
        sed -E "s/^types:.*/Types: $type/I" "$file" >"$work/parts/${file##*/}"
    done
}

private_apt() {
    local work=$1
    shift
    apt-get -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/parts" \
        -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" \
        -o APT::Sandbox::User="$(id -un)" -o APT::Get::List-Cleanup=0 \
        -o Acquire::Languages=none -o Acquire::Retries=3 "$@"
}

# fetch_sources FOLDER [OPTION...] PACKAGE...: the source packages, unpacked unless an option says
# otherwise, in FOLDER/src.
fetch_sources() {
    local work=$1
    shift
    say "fetches the sources of $*"
    private_lists "$work" deb-src
    # A list of somebody else's may have no sources at all; what counts is whether ours are found.
    private_apt "$work" update >"$work/update.log" 2>&1 </dev/null || true
    mkdir -p "$work/src"
    (cd "$work/src" && private_apt "$work" source "$@" >"$work/source.log" 2>&1 </dev/null) || {
        cat "$work/update.log" "$work/source.log" >&2
        die "failed: fetching the source packages: $*"
    }
}
