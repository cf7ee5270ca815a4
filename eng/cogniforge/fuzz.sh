# shellcheck shell=bash disable=SC2154 # ./cogniforge sets the variables that its parts share.
# fuzz: runs the tests in the folders Fuzzing with new inputs, for a given time.

# shellcheck source=/dev/null
source "$parts/test.sh"

cogniforge_fuzz() {
  local minutes=10 most=1 count folder projects=()
  while (($#)); do
    [[ $1 == --minutes ]] || die "Unknown argument $1." 'See ./cogniforge --help.'
    # A test that takes ten minutes counts as hanging.
    [[ ${2-} =~ ^[0-9]{1,3}$ ]] && ((10#$2 >= 1 && 10#$2 <= 120)) || die '--minutes must be 1 to 120.'
    minutes=$((10#$2))
    shift 2
  done
  for folder in "$root"/tests/*/Fuzzing; do
    projects+=("$(basename "${folder%/Fuzzing}")")
    count=$(grep -rh '\[Fact' "$folder" | wc -l)
    ((count <= most)) || most=$count
  done

  # The tests of a project run one after the other.
  export FUZZ_SECONDS=$((minutes * 60 / most + 1))
  test_limit=$((minutes + 40))
  say "Each test gets new inputs for $FUZZ_SECONDS s. FUZZ_SEED of a failure reproduces its input."
  cogniforge_test --fast "${projects[@]}" -- --filter 'FullyQualifiedName~.Fuzzing.'
}
