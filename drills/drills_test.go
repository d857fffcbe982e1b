package drills

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/sekisho/sekisho/internal/twin/stack"
	"github.com/sekisho/sekisho/test/rawpc"
)

func TestEveryDrillHasAName(t *testing.T) {
	seen := map[string]bool{}
	for _, g := range Groups() {
		for _, d := range g.Drills {
			if d.Name == "" || d.Threat == "" || d.Try == nil || seen[d.Name] {
				t.Errorf("%s: %q (%q)", g.Name, d.Name, d.Threat)
			}
			seen[d.Name] = true
		}
	}
	if len(seen) < 70 {
		t.Errorf("%d drills: some were lost", len(seen))
	}
}

func TestContains(t *testing.T) {
	for only, want := range map[string]bool{"": true, "port": true, "roster,scan": true, "roster": false, "roster,lease": false} {
		if got := contains("port scan from quarantine", only); got != want {
			t.Errorf("-only %q: %v", only, got)
		}
	}
}

// A search that finds nothing proves something only if it would find it: in any
// form, wherever it lies, also across the seam of two pieces.
func TestSearchFindsEveryForm(t *testing.T) {
	secret := make([]byte, 48)
	_, _ = rand.Read(secret)
	for name, form := range map[string][]byte{
		"raw": secret, "hex": []byte(hex.EncodeToString(secret)),
		"base64":         []byte(base64.StdEncoding.EncodeToString(append([]byte("x"), secret...))),
		"base64url":      []byte(base64.RawURLEncoding.EncodeToString(append([]byte("xy"), secret...))),
		"base64 aligned": []byte(base64.RawStdEncoding.EncodeToString(secret)),
	} {
		for _, at := range []int{0, 1000, piece - 20, piece + overlap - 30} {
			file := append(bytes.Repeat([]byte{7}, at), form...)
			var f finds
			if err := f.stream(bytes.NewReader(append(file, 1, 2, 3)), forms(secret), []byte("plain"), []byte("sealed")); err != nil || f.secret == 0 {
				t.Errorf("%s at %d: %+v, %v", name, at, f, err)
			}
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a"), append([]byte("plain"), secret...), 0o600); err != nil {
		t.Fatal(err)
	}
	if f, err := searchFolder(dir, forms(secret), []byte("plain"), []byte("sealed")); err != nil || f.secret != 1 || f.plain != 1 || f.sealed != 0 {
		t.Errorf("in a folder: %+v, %v", f, err)
	}
	if f, err := searchMemory(os.Getpid(), forms(secret), []byte("plain"), []byte("sealed")); err != nil || f.secret == 0 {
		t.Errorf("in our own memory: %+v, %v", f, err)
	}
}

// The packets that a drill sends must be what they say: a stack that drops them
// as broken would prove nothing of the gate.
func TestPacketsAreWhatTheySay(t *testing.T) {
	from, to := netip.MustParseAddrPort("100.64.0.9:4000"), netip.MustParseAddrPort("100.64.0.1:80")
	syn := rawpc.SYN(from, to)
	if k, ok := stack.ParsePacket(syn); !ok || k.Src != from || k.Dst != to || k.Proto != stack.ProtoTCP || k.Flags != stack.FlagSYN {
		t.Errorf("SYN: %+v, %v", k, ok)
	}
	if k, ok := stack.ParsePacket(rawpc.Datagram(from, to, []byte("hello"))); !ok || k.Src != from || k.Dst != to || k.Payload != 5 {
		t.Errorf("UDP: %+v, %v", k, ok)
	}
	for name, p := range map[string][]byte{
		"first fragment": rawpc.Fragments(syn)[0], "second fragment": rawpc.Fragments(syn)[1],
		"options": rawpc.WithOptions(syn), "ping": rawpc.Echo(from.Addr(), to.Addr()),
	} {
		if _, ok := stack.ParsePacket(p); ok {
			t.Errorf("%s: taken for a plain packet", name)
		}
		if int(p[2])<<8|int(p[3]) != len(p) {
			t.Errorf("%s: its length is wrong", name)
		}
	}
}

func TestCodeIn(t *testing.T) {
	for text, want := range map[string]string{
		"centre: sekisho: exit status 1: sekisho: The roster is not valid. Sign it again. (roster.invalid)": "roster.invalid",
		"sekisho: something else\nlast line": "last line",
	} {
		if got := codeIn(errors.New(text)); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
	if got := agentCode(errors.New("exit status 1: words\nwhat to do\n(enrolment.other_roots: uplink: x)")); got != "enrolment.other_roots" {
		t.Errorf("%q", got)
	}
}
