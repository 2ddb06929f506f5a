# Sourced by bot/run and tests/run: what Jieli is built from, and how.

# Packages of Debian 12. catch2 and rapidcheck are among the first because tests are configured with
# the program, curl because bot/run says to try it.
build_packages=(
  g++ cmake ninja-build pkg-config
  libcpp-httplib-dev nlohmann-json3-dev libsqlite3-dev libspdlog-dev libfmt-dev libssl-dev
  libcli11-dev libtomlplusplus-dev libhowardhinnant-date-dev libutf8proc-dev libopencc-dev
  liblemon-dev libpugixml-dev libpango1.0-dev libxlsxwriter-dev fonts-wqy-microhei
  catch2 librapidcheck-dev curl tzdata ca-certificates
)
test_packages=(openssl python3-openpyxl)
# Where Node comes from elsewhere, npm comes with it and Debian's would not go beside it.
command -v npm >/dev/null || test_packages+=(nodejs npm)
fuzz_packages=(clang-14 libclang-rt-14-dev)

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

fail() {
  echo "$0: $*" >&2
  exit 1
}

# Installs those of the named packages that are not there. With all of them there it needs neither
# root nor network.
install_packages() {
  if ! command -v dpkg-query >/dev/null; then
    echo "$0: not a Debian system; needed are: $*" >&2
    return
  fi
  local installed package missing=()
  installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
  for package; do
    grep -qxF -- "$package installed" <<<"$installed" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0

  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300)
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      fail "run as root: apt-get install --no-install-recommends ${missing[*]}"
    apt=(sudo "${apt[@]}")
  fi
  {
    echo "installing ${missing[*]}"
    "${apt[@]}" update -q
    "${apt[@]}" install -q -y --no-install-recommends "${missing[@]}"
  } </dev/null >&2
}

# build PRESET [TARGET...]: configures and builds in .build/PRESET.
build() {
  local preset=$1 options=()
  shift
  if command -v ccache >/dev/null; then options+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
  # A folder that was moved or copied keeps no cache of its old place.
  local cache=$root/.build/$preset/CMakeCache.txt
  if [[ -e $cache ]] && ! grep -qxF -- "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache"; then
    options+=(--fresh)
  fi
  (
    cd "$root"
    cmake --preset "$preset" "${options[@]}"
    cmake --build --preset "$preset" ${@:+--target "$@"}
  ) >&2
}
