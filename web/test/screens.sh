#!/usr/bin/env bash
# The screens of both applications, side by side: most of their time is a
# browser that waits. What failed is said once more at the end, where whoever
# sees only the end of a long output finds it.
set -uo pipefail
cd "$(dirname "$0")/.."
said=$(mktemp -d)
trap 'rm -rf "$said"' EXIT

(npm run --silent screens:console 2>&1 | tee "$said/console") &
console=$!
npm run --silent screens 2>&1 | tee "$said/desk"
desk=$?
wait "$console"
console=$?

for app in desk console; do
	if [ "${!app}" -ne 0 ]; then
		echo "the screens of $app failed:"
		sed -n '/Failed \(Tests\|Suites\)\|Unhandled/,$p' "$said/$app" | head -200 | grep . || tail -50 "$said/$app"
	fi
done
[ $((desk + console)) -eq 0 ]
