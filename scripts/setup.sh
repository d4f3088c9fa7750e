# shellcheck shell=bash
# What ./run, ./test and scripts/*.sh share: installing packages, configuring and building. To be sourced.
#
# Everything here speaks on stderr and reads nothing: stdin and stdout belong to the program that is started in the
# end, from the folder the script was started in. Nothing asks.

# shellcheck disable=SC2034  # for ./run
started_in=$PWD
project_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$project_root" || exit 1

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# Ends the script: the first argument says what is wrong, the others what to do about it.
die() {
  say "error: $1"
  shift
  [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
  exit 1
}

# The names in the given sections of scripts/packages.txt, without those whose command exists already: Debian's npm
# cannot be installed beside another node.
packages_of() {
  local section line wanted=" $* "
  while IFS= read -r line; do
    line=${line%%#*}
    line=${line//[[:space:]]/}
    case $line in
      '') ;;
      '['*']') section=${line//[\[\]]/} ;;
      *:*) [[ $wanted != *" $section "* ]] || command -v "${line%:*}" >/dev/null || printf '%s\n' "${line#*:}" ;;
      *) [[ $wanted != *" $section "* ]] || printf '%s\n' "$line" ;;
    esac
  done <scripts/packages.txt
}

# The given packages that dpkg does not know as installed.
missing_of() {
  local installed package
  # dpkg-query fails when one of the names is unknown; what it prints about the others is still right.
  installed=" $(dpkg-query -W -f='${db:Status-Status}:${Package} ' "$@" 2>/dev/null || true) "
  for package in "$@"; do
    [[ $installed == *" installed:$package "* ]] || printf '%s\n' "$package"
  done
}

system_name() {
  local name=''
  # shellcheck source=/dev/null
  [ ! -r /etc/os-release ] || name=$(. /etc/os-release && printf '%s' "${PRETTY_NAME:-}")
  printf '%s' "${name:-an unknown system}"
}

# Runs apt-get as root without a question; waits up to five minutes for another apt to finish.
apt_get() {
  local name
  local -a as_root=() settings=(DEBIAN_FRONTEND=noninteractive)
  [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
  # sudo drops the proxy settings, which apt may need.
  for name in http_proxy https_proxy no_proxy; do
    [ -z "${!name:-}" ] || settings+=("$name=${!name}")
  done
  "${as_root[@]}" env "${settings[@]}" apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "$@" >&2 </dev/null
}

require_root() {
  local command="$1"
  [ "$(id -u)" -ne 0 ] || return 0
  command -v sudo >/dev/null ||
    die "packages are missing, and neither are you root nor is sudo installed" "run as root:  $command"
  sudo -n true 2>/dev/null ||
    die "packages are missing, and sudo asks for a password" "run:  sudo $command" "and then this script again"
}

# Installs what is missing of the given sections; quick when nothing is.
install_packages() {
  local -a wanted missing
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    die "this is $(system_name); the script installs with apt on Debian 12" \
      "elsewhere, install what scripts/packages.txt lists, then:  cmake --workflow --preset release"
  fi
  mapfile -t wanted < <(packages_of "$@")
  mapfile -t missing < <(missing_of "${wanted[@]}")
  [ ${#missing[@]} -gt 0 ] || return 0

  require_root "apt-get install --no-install-recommends ${missing[*]}"
  say "installing ${missing[*]}"
  # Lists that know every package are good enough; otherwise, or if they are too old to download from, fetch new ones.
  if ! apt_get install --simulate --no-install-recommends "${missing[@]}" &>/dev/null; then
    apt_get update -qq || die "apt-get update failed (see above)" "check the network and /etc/apt/sources.list*"
  fi
  apt_get install -qq -y --no-install-recommends "${missing[@]}" && return 0
  say "trying once more with fresh package lists"
  apt_get update -qq && apt_get install -qq -y --no-install-recommends "${missing[@]}" && return 0
  die "apt could not install ${missing[*]} (see above); this is $(system_name), Arbees is built on Debian 12" \
    "mend it by hand:  apt-get update && apt-get install ${missing[*]}"
}

# ccache must never be the reason why a build fails: without a writable home its cache is kept in build/. Paths count
# from the tree's root, so that a clone elsewhere is built from the cache of the first one.
prepare_ccache() {
  export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$project_root} CCACHE_NOHASHDIR=${CCACHE_NOHASHDIR:-1}
  [ -z "${CCACHE_DIR:-}" ] || return 0
  local cache=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}
  if ! mkdir -p "$cache/ccache" 2>/dev/null || [ ! -w "$cache/ccache" ]; then
    export CCACHE_DIR="$project_root/build/ccache"
  fi
}

# configure PRESET [CMAKE ARGS]: only where it is needed; Ninja itself notices changed CMake files.
configure() {
  local preset=$1 folder="build/$1"
  shift
  if ! mkdir -p "$folder" 2>/dev/null || [ ! -w "$folder" ]; then
    die "$project_root/$folder cannot be written (made by another user?)" "remove it:  sudo rm -rf $project_root/build"
  fi
  prepare_ccache
  # A tree that was copied or moved together with its build folder must be built afresh.
  if [ -f "$folder/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$project_root" "$folder/CMakeCache.txt"; then
    say "$folder belongs to another source tree: starting afresh"
    rm -rf "$folder"
  fi
  if [ $# -eq 0 ] && [ -f "$folder/build.ninja" ] && [ ! CMakePresets.json -nt "$folder/build.ninja" ]; then
    return 0
  fi
  say "configuring $preset"
  cmake --preset "$preset" "$@" >&2 </dev/null || die "cmake could not configure $preset (see above)" \
    "if this tree was used with other tools before:  rm -rf $project_root/$folder"
}

# build PRESET [TARGET]
build() {
  local preset=$1
  local -a target=()
  [ $# -eq 1 ] || target=(--target "$2")
  say "building $preset"
  cmake --build --preset "$preset" --parallel "$(nproc)" "${target[@]}" >&2 </dev/null ||
    die "the build of $preset failed (see above)" \
      "if it was killed for lack of memory:  cmake --build --preset $preset --parallel 1"
}
