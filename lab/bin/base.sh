# The base: one Debian tree per estate; every host is an overlay over one. Built once, kept in the cache. Sourced by lab.sh.
# shellcheck shell=bash

# The base's name says what went into it: a change of the recipe makes another base, and no flag is needed.
base_directory() {
  local recipe
  recipe=$(cat "$LAB_DIRECTORY/host/bootstrap.sh" "$LAB_DIRECTORY/host/provision.sh" | sha256sum)
  printf '%s/base-%s-%s' "$CACHE" "$ESTATE" "${recipe:0:12}"
}

ensure_base() {
  local base
  base=$(base_directory)
  [[ -d $base ]] && return
  # Two labs that come up at once build it once. Descriptor 9 is the lab's own lock.
  mkdir -p "$CACHE"
  exec 8>"$CACHE/lock"
  flock 8
  [[ -d $base ]] || build_base "$base"
  exec 8>&-
}

build_base() {
  local base=$1 building started=$SECONDS
  remove_unused_bases
  building=$(mktemp --directory "$CACHE/building.XXXXXX")
  say "building the base of $ESTATE with debootstrap; about a minute, once"
  bootstrap_into "$building" >"$building/build.log" 2>&1 || refuse_base "$building"
  rm -f "$building/build.log"
  chmod 755 "$building"
  # A rename is the only way a base appears: one that was killed half way is never taken for a base.
  mv "$building" "$base"
  say "base ready in $((SECONDS - started)) s: $base"
}

# In a process and mount namespace of its own, and killed when this script dies (pdeathsig, so not from a subshell): a
# killed `up` leaves no debootstrap behind that still writes, and no mounts.
bootstrap_into() {
  setpriv --pdeathsig KILL -- unshare --mount --pid --fork --kill-child --mount-proc -- \
    bash "$LAB_DIRECTORY/host/bootstrap.sh" "$1" "$(estate_suite "$ESTATE")" "$(estate_server "$ESTATE")" "$(debian_mirror)"
}

# The Debian mirror of this machine's own apt, which carries every suite; empty (debootstrap's default) if it uses none.
debian_mirror() {
  # shellcheck disable=SC2016 # $(REPO_URI) is for apt to expand
  apt-get indextargets --format '$(REPO_URI)' \
    'Created-By: Packages' 'Label: Debian' 'Component: main' 'Origin: Debian' 2>/dev/null |
    grep -m 1 -E '^(https?|file):' || true
}

refuse_base() {
  mask_addresses <"$1/build.log" | tail -n 15 >&2
  rm -rf "$1"
  refuse "$EXIT_UNAVAILABLE" "debootstrap could not build the base; its last words are above."
}

# What a killed build left, and this estate's bases of older recipes that no lab stands on.
remove_unused_bases() {
  local base
  rm -rf "$CACHE"/building.*
  for base in "$CACHE/base-$ESTATE"-????????????; do
    [[ -d $base ]] || continue
    grep -qsxF "$base" /var/lib/redisops-lab/*/base || rm -rf "$base"
  done
}
