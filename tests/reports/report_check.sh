#!/bin/sh
# Second opinions on report files, from npm: the CycloneDX project's own library
# and Microsoft's SARIF multitool with GitHub's rules.
#
# usage: report_check.sh BUILD_DIR FILE...     (*.sarif and *.cdx.json)
# Installs the judges into BUILD_DIR/report-check once; needs node, npm and, for
# that first time, a network. Exit: 0 no errors; 1 a file has some; 2 set-up.
set -eu

[ $# -ge 2 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/report-check"
judges=$(cd "$1/report-check" && pwd)
shift

install_judges() {
  cp "$here/report_check/package.json" "$here/report_check/cyclonedx.mjs" "$judges/"
  cmp -s "$judges/package.json" "$judges/.installed" && return
  (cd "$judges" && npm install --no-audit --no-fund --loglevel=error) >&2 || exit 2
  cp "$judges/package.json" "$judges/.installed"
}

# The multitool exits with 0 whatever it finds: its output is what counts.
check_sarif() {
  tool=$judges/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool
  chmod u+x "$tool"
  DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 "$tool" validate "$1" --rule-kind 'Sarif;Ghas' \
    --level 'Error;Warning' --output "$judges/out.sarif" --log ForceOverwrite \
    > "$judges/out.log" 2>&1 || { cat "$judges/out.log"; return 1; }
  grep -q 'Analysis completed successfully' "$judges/out.log" || { cat "$judges/out.log"; return 1; }
  errors=$(grep -c ': error ' "$judges/out.log" || true)
  warnings=$(grep -c ': warning ' "$judges/out.log" || true)
  grep -E ': (error|warning) ' "$judges/out.log" | head -20 || true
  echo "$1: $errors errors, $warnings warnings"
  [ "$errors" -eq 0 ]
}

install_judges
status=0
for file in "$@"; do
  case $file in
    *.sarif) check_sarif "$file" || status=1 ;;
    *.cdx.json) node "$judges/cyclonedx.mjs" "$file" || status=1 ;;
    *) echo "$file: neither .sarif nor .cdx.json" >&2; exit 2 ;;
  esac
done
exit $status
