#!/usr/bin/env bash
# Installs what a command of the Makefile needs and this machine lacks (Debian, Ubuntu).
# usage: deploy/tools.sh build|run|test     As root or by sudo; else it prints the exact line and stops.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '%s\n' "$*" >&2; }

# version_at_least HAVE WANT
version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n1)" = "$2" ]; }

have_go=$(go env GOVERSION 2>/dev/null | sed 's/^go//' || true)
if [ -z "$have_go" ] || ! version_at_least "$have_go" 1.26; then
  say "Sekisho needs Go 1.26 or newer (found: ${have_go:-none}). Install it from https://go.dev/dl/ and try again."
  exit 1
fi
have_node=$(node --version 2>/dev/null | sed 's/^v//' || true)
if [ -z "$have_node" ] || ! version_at_least "$have_node" 20.19; then
  say "Sekisho needs Node 20.19 or newer (found: ${have_node:-none}). Install it from https://nodejs.org/ and try again."
  exit 1
fi

need=()
want() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || need+=("$2"); }
case "${1:-build}" in
  build) ;;
  run)
    command -v google-chrome >/dev/null 2>&1 || command -v microsoft-edge >/dev/null 2>&1 || want chromium chromium
    want Xtigervnc tigervnc-standalone-server
    want xterm xterm
    want ffmpeg ffmpeg
    fc-list :lang=ja 2>/dev/null | grep -q . || need+=(fonts-noto-cjk)
    ;;
  test)
    want chromium chromium
    want Xtigervnc tigervnc-standalone-server
    want Xvfb xvfb
    want xterm xterm
    want swtpm swtpm
    want swtpm_setup swtpm-tools
    want cc gcc # the Go TPM simulator, for tests alone: nothing that ships is built with cgo
    [ -e /usr/include/stdlib.h ] || need+=(libc6-dev)
    [ -e /usr/include/openssl/aes.h ] || need+=(libssl-dev)
    want ffmpeg ffmpeg
    want openvpn openvpn
    want sipp sip-tester
    want espeak-ng espeak-ng # voices that must press no key
    want ip iproute2
    want python3 python3
    want rsyslogd rsyslog
    # Installed, a mail server begins to serve: this one comes to CI's machines alone, and is not
    # started there either. Elsewhere its test says that it is missing; another one is left alone.
    [ -z "${CI:-}" ] || [ -x /usr/sbin/sendmail ] || want exim4 exim4-daemon-light
    # Half the processor for the screens, where there is such a package.
    ! apt-cache show chromium-headless-shell >/dev/null 2>&1 || want chromium-headless-shell chromium-headless-shell
    ls /usr/lib/*/rsyslog/lmnsd_gtls.so >/dev/null 2>&1 || need+=(rsyslog-gnutls)
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need+=(postgresql)
    fc-list :lang=ja 2>/dev/null | grep -q . || need+=(fonts-noto-cjk)
    ;;
  *) say "usage: deploy/tools.sh build|run|test"; exit 2 ;;
esac

if [ ${#need[@]} -gt 0 ]; then
  line="apt-get install -y --no-install-recommends ${need[*]}"
  if ! command -v apt-get >/dev/null 2>&1; then
    say "Please install these programs, then try again: ${need[*]}"
    exit 1
  fi
  if [ "$(id -u)" = 0 ]; then as=""
  elif sudo -n true 2>/dev/null; then as="sudo"
  else
    say "Some programs are missing. Please run this line, then try again:"
    say "  sudo apt-get update && sudo $line"
    exit 1
  fi
  say "installing: ${need[*]}"
  $as apt-get update -qq
  if [[ " ${need[*]} " == *" exim4-daemon-light "* ]] && [ -d /run/systemd/system ]; then
    $as systemctl mask --runtime --quiet exim4.service exim4-base.timer
  fi
  # RUNLEVEL=1: what starts services by their scripts takes the machine for one of a single user.
  $as env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 $line -qq >/dev/null
fi

if [ ! -f web/node_modules/.package-lock.json ] || [ web/package-lock.json -nt web/node_modules/.package-lock.json ]; then
  say "installing the web toolchain (npm ci)"
  (cd web && npm ci --no-audit --no-fund --loglevel=error >&2)
  touch web/node_modules/.package-lock.json
fi
