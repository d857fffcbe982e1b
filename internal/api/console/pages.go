package console

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// noncePlaceholder stands in index.html wherever the page's nonce belongs.
const noncePlaceholder = "__NONCE__"

// kinds fixes the media types in code: the registry of a Windows PC can say
// that .js is text/plain, and browsers then refuse the script.
var kinds = map[string]string{
	".css":   "text/css; charset=utf-8",
	".html":  "text/html; charset=utf-8",
	".ico":   "image/x-icon",
	".js":    "text/javascript; charset=utf-8",
	".json":  "application/json",
	".png":   "image/png",
	".svg":   "image/svg+xml",
	".txt":   "text/plain; charset=utf-8",
	".woff2": "font/woff2",
}

// asset is one file of the bundle, in memory, also compressed where that helps.
type asset struct {
	kind         string
	body, packed []byte
	etag         string
	immutable    bool // its name holds its hash
}

// pages serves one bundle: index.html with a fresh nonce for every answer, and
// the assets it names. Nothing is read from disk after start, so no path can
// lead out of the bundle.
type pages struct {
	index  []byte // nil when the bundle was never built
	assets map[string]asset
}

func newPages(files fs.FS) (*pages, error) {
	p := &pages{assets: map[string]asset{}}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Base(name) == ".gitkeep" {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		if name == "index.html" {
			p.index = body
			return nil
		}
		kind, ok := kinds[path.Ext(name)]
		if !ok {
			return nil // a file without a known type is not served
		}
		p.assets["/"+name] = newAsset(kind, body, strings.HasPrefix(name, "assets/"))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("console: read pages: %w", err)
	}
	if p.index != nil && !bytes.Contains(p.index, []byte(noncePlaceholder)) {
		return nil, errors.New("console: index.html has no " + noncePlaceholder)
	}
	return p, nil
}

func newAsset(kind string, body []byte, immutable bool) asset {
	sum := sha256.Sum256(body)
	a := asset{kind: kind, body: body, etag: `"` + hex.EncodeToString(sum[:12]) + `"`, immutable: immutable}
	if strings.HasPrefix(kind, "text/") || strings.Contains(kind, "json") || strings.Contains(kind, "svg") {
		var buf bytes.Buffer
		z := gzip.NewWriter(&buf)
		if _, err := z.Write(body); err == nil && z.Close() == nil && buf.Len() < len(body) {
			a.packed = buf.Bytes()
		}
	}
	return a
}

func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		writeRefusal(w, r, errMethod)
		return
	}
	if a, ok := p.assets[r.URL.Path]; ok {
		a.serve(w, r)
		return
	}
	// Every other path is a route inside the page, but only for a browser that
	// asks for a page: a missing script must not be answered with HTML.
	if !strings.Contains(r.Header.Get("Accept"), "text/html") || path.Ext(r.URL.Path) != "" {
		writeRefusal(w, r, errNotFound)
		return
	}
	p.serveIndex(w, r)
}

func (p *pages) serveIndex(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	if p.index == nil {
		h.Set("Content-Type", "text/plain; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'none'")
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintln(w, "管理画面がこの実行ファイルに含まれていません。make build で組み立て直してください。\nThis binary was built without the console's pages. Build it with: make build")
		return
	}
	raw := make([]byte, 18)
	_, _ = rand.Read(raw) // crypto/rand never fails
	nonce := base64.StdEncoding.EncodeToString(raw)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy(nonce))
	h.Set("Permissions-Policy", permissions)
	h.Set("X-Frame-Options", "DENY")
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(bytes.ReplaceAll(p.index, []byte(noncePlaceholder), []byte(nonce)))
	}
}

// policy is the page's Content Security Policy. Only our own scripts run, only
// our own origin is spoken to, styles that the components write carry the
// nonce, and text becomes markup nowhere (Trusted Types; the one default
// policy refuses anything that looks like markup). WebAssembly may be compiled,
// by our own scripts: what a password is stretched and blinded with (OPAQUE).
func policy(nonce string) string {
	return "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'nonce-" + nonce + "'; img-src 'self' data:; font-src 'self'; " +
		"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
		"require-trusted-types-for 'script'; trusted-types default"
}

const permissions = "camera=(), microphone=(), display-capture=(), geolocation=(), usb=(), serial=(), hid=(), bluetooth=(), " +
	"payment=(), clipboard-read=(), clipboard-write=(self), publickey-credentials-get=(self), publickey-credentials-create=(self)"

func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("ETag", a.etag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if a.immutable {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if r.Header.Get("If-None-Match") == a.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.body
	if a.packed != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = a.packed
	}
	if r.Method == http.MethodGet {
		_, _ = w.Write(body)
	}
}
