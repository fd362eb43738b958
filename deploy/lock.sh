#!/bin/sh
# Pins every dependency with its hashes: one lock for development, one per service that agrees with it.
set -eu
cd "$(dirname "$0")/.."
uv=${UV:-.venv/bin/uv}
compile() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
        --no-emit-package klaster-shared "$@"
}
services="registry indicators events gateway"
inputs="requirements-dev.in shared/pyproject.toml"
for service in $services; do inputs="$inputs services/$service/pyproject.toml"; done
# shellcheck disable=SC2086 # the list is meant to be split
compile $inputs --output-file requirements-dev.lock "$@"
compile requirements-contract.in --output-file requirements-contract.lock "$@"
for service in $services; do
    compile "services/$service/pyproject.toml" --constraints requirements-dev.lock \
        --output-file "services/$service/requirements.lock" "$@"
done
