package localdoor

import (
	"bytes"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/sekisho/sekisho/internal/wire"
)

// noncePlaceholder stands in index.html wherever the build put a nonce.
const noncePlaceholder = "__NONCE__"

// types are fixed here: a PC's own table of types can be wrong.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon",
	".wasm": "application/wasm", ".json": "application/json", ".woff2": "font/woff2", ".onnx": "application/octet-stream",
}

// headers are on every answer. Nothing is stored: after a black screen nothing
// must be found in a cache, and an older bundle must never meet a newer agent.
func (d *Door) headers(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Embedder-Policy", "require-corp")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(self), microphone=(self), display-capture=(), geolocation=(), usb=(), serial=(), hid=(), "+
		"clipboard-read=(), clipboard-write=(), publickey-credentials-get=(self), publickey-credentials-create=(self)")
	h.Set("Content-Security-Policy", d.policy("", "'none'"))
}

// policy is the page's Content-Security-Policy, and who may show it in a frame; the worker gets the same with its script.
func (d *Door) policy(nonce, framedBy string) string {
	style := "'self'"
	if nonce != "" {
		style += " 'nonce-" + nonce + "'"
	}
	return strings.Join([]string{
		"default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "style-src " + style,
		"img-src 'self' data: blob:", "media-src 'self' blob:", "font-src 'self'",
		"connect-src 'self' ws://" + d.host, "worker-src 'self'",
		"frame-src 'self'", "frame-ancestors " + framedBy, "base-uri 'none'", "form-action 'none'",
		"require-trusted-types-for 'script'", "trusted-types default",
	}, "; ")
}

// static serves the page, its files and the pinned models.
func (d *Door) static(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	if model, ok := strings.CutPrefix(name, "models/"); ok {
		d.model(w, r, model)
		return
	}
	if name == "" {
		name = "index.html"
	}
	// fs.FS refuses dots and rooted paths; what begins with a dot is not of the page.
	d.file(w, r, d.cfg.Bundle, name, "'none'")
}

// file serves one file of a bundle.
func (d *Door) file(w http.ResponseWriter, r *http.Request, bundle fs.FS, name, framedBy string) {
	content, err := fs.ReadFile(bundle, name)
	if err != nil || strings.HasPrefix(path.Base(name), ".") {
		wire.WriteProblem(w, r, errNotFound)
		return
	}
	if name == "index.html" {
		nonce := secret()
		w.Header().Set("Content-Security-Policy", d.policy(nonce, framedBy))
		content = bytes.ReplaceAll(content, []byte(noncePlaceholder), []byte(nonce))
	}
	write(w, name, content)
}

func (d *Door) model(w http.ResponseWriter, r *http.Request, name string) {
	content, ok := d.cfg.Models.content(name)
	if !ok {
		wire.WriteProblem(w, r, errNotFound)
		return
	}
	write(w, name, content)
}

func write(w http.ResponseWriter, name string, content []byte) {
	kind := types[path.Ext(name)]
	if kind == "" {
		if kind = mime.TypeByExtension(path.Ext(name)); kind == "" {
			kind = "application/octet-stream"
		}
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(content) // the page is gone if this fails
}

func hasPrefix(r *http.Request, prefix string) bool { return strings.HasPrefix(r.URL.Path, prefix) }
