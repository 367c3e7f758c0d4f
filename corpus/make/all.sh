#!/bin/sh
# Makes every sample anew. Needs the packages that `./dev corpus` installs: Debian's own Python, not
# another one that comes first on the PATH.
set -eu
cd "$(dirname "$0")"
for script in stdlib_pickles numpy_files sklearn_pickles joblib_files torch_files one_of_each onnx_models \
  safetensors_files text_files archives json_seeds wire_records provenance_seeds hostile_*.py; do
  echo "$script"
  /usr/bin/python3 "${script%.py}.py"
done
