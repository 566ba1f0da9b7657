# Sourced by the scripts that build; the working directory is the project's folder.

# Processors that this process may use.
jobs_here() {
  nproc 2>/dev/null || echo 2
}

# quietly WHAT LOG COMMAND...: runs the command; its output goes to the log and is shown only if it fails.
quietly() {
  local what=$1 log=$2
  shift 2
  if ! "$@" >"$log" 2>&1; then
    tail -n 60 "$log" >&2
    echo "$what failed; all of its output: $log" >&2
    return 1
  fi
}

# configure_and_build PRESET TARGET [-DOPTION=VALUE...]: into build/PRESET. What is up to date is not built again.
# Callers that ask for its success switch `set -e` off inside it, so each step says by itself that it failed.
configure_and_build() {
  local preset=$1 target=$2
  shift 2
  local folder=build/$preset
  mkdir -p "$folder"
  # A folder that was copied or moved here from elsewhere cannot be reused.
  if [ -f "$folder/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "$folder/CMakeCache.txt"; then
    rm -rf "$folder"
    mkdir -p "$folder"
  fi
  if [ ! -f "$folder/build.ninja" ] && [ $# -eq 0 ]; then
    set -- -DNPCSIM_TESTS=OFF
  fi
  if [ ! -f "$folder/build.ninja" ] || [ $# -gt 0 ]; then
    quietly "configuring $folder" "$folder/configure.log" cmake --preset "$preset" "$@" || return 1
  fi
  if ! cmake --build "$folder" --target "$target" -- -n 2>/dev/null | grep -q 'no work to do'; then
    echo "building $folder ($target)" >&2
  fi
  quietly "building $folder" "$folder/build.log" cmake --build "$folder" --target "$target" --parallel "$(jobs_here)" || return 1
}
