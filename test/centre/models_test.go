package centre

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/agent/connect"
	"github.com/sekisho/sekisho/internal/wire"
)

// invented is an upstream of two invented files behind a real HTTP server.
func invented(t *testing.T, serve func(w http.ResponseWriter, right []byte)) (upstream, []wire.LocalModel) {
	t.Helper()
	u := upstream{files: map[string]published{}, client: http.DefaultClient, limit: 5 * time.Second}
	contents := map[string][]byte{}
	var pins []wire.LocalModel
	for _, name := range []string{"a.onnx", "b.onnx"} {
		content := bytes.Repeat([]byte(name), 20_000)
		sum := sha256.Sum256(content)
		contents["/pinned/"+name] = content
		u.files[name] = published{"/pinned/" + name, int64(len(content))}
		pins = append(pins, wire.LocalModel{Role: name, Name: name, SHA256: hex.EncodeToString(sum[:])})
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if content, ok := contents[r.URL.Path]; ok {
			serve(w, content)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(s.Close)
	u.base = s.URL
	return u, pins
}

func TestDownload(t *testing.T) {
	served := 0
	u, pins := invented(t, func(w http.ResponseWriter, right []byte) { served++; _, _ = w.Write(right) })
	dir := filepath.Join(t.TempDir(), "build", "models")
	if err := u.fetch(t.Context(), dir, pins); err != nil {
		t.Fatal(err)
	}
	if err := holds(dir, pins); err != nil {
		t.Fatal(err)
	}
	if err := u.fetch(t.Context(), dir, pins); err != nil || served != 2 {
		t.Errorf("what was there is fetched again: %d requests, %v", served, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.onnx"), []byte("changed on disk"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := u.fetch(t.Context(), dir, pins); err != nil || served != 3 || holds(dir, pins) != nil {
		t.Errorf("a file that was changed is not fetched again: %d requests, %v", served, err)
	}
}

// TestDownloadRefuses: what is not the pinned file never lies under its name.
func TestDownloadRefuses(t *testing.T) {
	for name, serve := range map[string]func(w http.ResponseWriter, right []byte){
		"another file of the same size": func(w http.ResponseWriter, right []byte) {
			_, _ = w.Write(bytes.ToUpper(right))
		},
		"too large, its size not told": func(w http.ResponseWriter, right []byte) {
			for range 50 {
				_, _ = w.Write(right)
				w.(http.Flusher).Flush()
			}
		},
		"cut off": func(w http.ResponseWriter, right []byte) {
			w.Header().Set("Content-Length", fmt.Sprint(len(right)))
			_, _ = w.Write(right[:len(right)/2])
		},
		"shorter": func(w http.ResponseWriter, right []byte) { _, _ = w.Write(right[:len(right)-1]) },
		"nothing": func(http.ResponseWriter, []byte) {},
		"an error page": func(w http.ResponseWriter, right []byte) {
			w.WriteHeader(http.StatusBadGateway)
			_, _ = w.Write(right)
		},
	} {
		t.Run(name, func(t *testing.T) {
			u, pins := invented(t, serve)
			dir := t.TempDir()
			if err := u.fetch(t.Context(), dir, pins); err == nil || !strings.Contains(err.Error(), "the download of a.onnx failed") {
				t.Fatalf("%v", err)
			}
			if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}

// TestDownloadWhereNobodyAnswers: a machine without a network, or a server that
// takes the connection and says nothing, costs its time limit and no more.
func TestDownloadWhereNobodyAnswers(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	u, pins := invented(t, nil)
	u.base, u.limit = "http://"+silent.Addr().String(), 200*time.Millisecond
	if err := u.fetch(t.Context(), t.TempDir(), pins); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("silent: %v", err)
	}
	u.base, u.limit = "http://models.invalid", time.Minute
	began := time.Now()
	if err := u.fetch(t.Context(), t.TempDir(), pins); err == nil {
		t.Error("a name that cannot exist was downloaded from")
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
	if d := github().client.Transport.(*http.Transport); d.TLSHandshakeTimeout == 0 || d.ResponseHeaderTimeout == 0 {
		t.Error("a server that does not answer could hold us")
	}
}

// TestOrderOfModels: named folder, beside the checkout, download, demonstration.
func TestOrderOfModels(t *testing.T) {
	root := filepath.Join(t.TempDir(), "main")
	down := upstream{base: "http://127.0.0.1:1", files: github().files, client: http.DefaultClient, limit: time.Second}
	made := 0
	s := modelSearch{root: root, upstream: down, make: func(_ context.Context, dir string) error {
		made++
		return os.WriteFile(filepath.Join(dir, "demo_detector.onnx"), []byte("not the pinned bytes"), 0o600)
	}}
	if m, err := s.find(t.Context()); err == nil || made != 1 {
		t.Errorf("an engine of other bytes is taken: %+v, made %d", m, made)
	}
	s.make = func(context.Context, string) error { return errors.New("no node here") }
	_, err := s.find(t.Context())
	for _, word := range []string{"shared/models", "download of yunet_s_dynamic.onnx failed", "no node here"} {
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("the error does not say %q: %v", word, err)
		}
	}
	s.named = t.TempDir()
	if _, err := s.find(t.Context()); err == nil || !strings.Contains(err.Error(), ModelsVariable) {
		t.Errorf("a named folder without models: %v", err)
	}
}

// TestDemonstrationEngineIsMade from what npm ships, byte for byte the pinned one.
func TestDemonstrationEngineIsMade(t *testing.T) {
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "web/node_modules/@vladmandic/face-api/model")); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	s := modelSearch{root: filepath.Join(t.TempDir(), "main"), make: makeDemoEngine(root)}
	s.upstream = upstream{base: "http://127.0.0.1:1", files: github().files, client: http.DefaultClient, limit: time.Second}
	m, err := s.find(t.Context())
	if err != nil || m.Standard || !strings.Contains(m.Source, "demonstration engine") || !strings.Contains(m.Source, "failed") {
		t.Fatalf("%+v, %v", m, err)
	}
	s.make = nil // there already: not made again
	if _, err := s.find(t.Context()); err != nil {
		t.Error(err)
	}
	s.named = m.Dir
	if m, err := s.find(t.Context()); err != nil || m.Standard {
		t.Errorf("named: %+v, %v", m, err)
	}
}

// TestEveryModelIsPublishedAndWrittenDown: the agent's pins, the upstream
// addresses and the page for administrators name the same files.
func TestEveryModelIsPublishedAndWrittenDown(t *testing.T) {
	root, err := Root()
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(root, "docs", "decisions", "0011-face-models.md"))
	if err != nil {
		t.Fatal(err)
	}
	u := github()
	for _, pin := range connect.StandardModels() {
		file, ok := u.files[pin.Name]
		if !ok || file.size == 0 || file.size > 8<<20 {
			t.Errorf("%s: %+v", pin.Name, file)
		}
		for _, want := range []string{pin.Name, pin.SHA256, strings.TrimPrefix(u.base, "https://") + file.path} {
			if !bytes.Contains(page, []byte(want)) {
				t.Errorf("0011 does not name %s", want)
			}
		}
	}
}
