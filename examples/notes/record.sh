#!/bin/sh
# Send a request with curl, and add it with its response as a line to traffic.jsonl.
# Usage: sh record.sh URL [OPTIONS OF CURL]
set -eu
body=$(mktemp)
trap 'rm -f "$body"' EXIT
head='{"request": {"method": "%{method}", "url": "%{url_effective}"}, "status": %{response_code}, '
head=$(curl --silent --show-error --output "$body" --write-out "$head"'"headers": %{header_json}' "$@")
printf '%s, "body_base64": "%s"}\n' "$head" "$(base64 < "$body")" | tr -d '\n' >> traffic.jsonl
echo >> traffic.jsonl
