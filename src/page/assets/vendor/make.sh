#!/bin/sh
# Remakes echarts.min.js and fflate.min.js from their npm packages. Needs node and npm; `cargo build` needs neither.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here"/*.entry.js "$work"
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund echarts@6.1.0 fflate@0.8.3 esbuild@0.25.12
for library in echarts:echarts fflate:fflate; do
  npx esbuild "${library%%:*}.entry.js" --bundle --minify --format=iife --global-name="${library##*:}" \
    --target=chrome90,firefox88,safari14 --legal-comments=none --charset=ascii --outfile="$here/${library%%:*}.min.js"
done
sha256sum "$here"/*.min.js
