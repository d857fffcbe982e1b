package localdoor

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/sekisho/sekisho/internal/wire"
)

// Name is the host that the desk is served under. A secure context and a
// passkey's RP ID by name; resolved to loopback by every browser (RFC 6761 §6.3).
const Name = "sekisho.localhost"

// checkRequest refuses whatever did not come from our own page. It looks at
// nothing but the request's head.
func (d *Door) checkRequest(r *http.Request) error {
	if r.Host != d.host {
		return foreign("host %q", r.Host) // DNS rebinding
	}
	if r.Header.Get("Service-Worker") != "" || r.Header.Get("Sec-Fetch-Dest") == "serviceworker" {
		return foreign("service worker script")
	}
	if !methods(r) {
		return foreign("method %s", r.Method)
	}
	origins, site := r.Header.Values("Origin"), r.Header.Get("Sec-Fetch-Site")
	if len(origins) > 1 || (len(origins) == 1 && origins[0] != d.origin) {
		return foreign("origin %q", origins)
	}
	if isUpgrade(r) {
		// Browsers send no Sec-Fetch-Site with a WebSocket; the exact Origin and the
		// bearer in the first message stand in for it.
		if len(origins) == 0 || (site != "" && site != "same-origin") {
			return foreign("websocket from site %q, origin %q", site, origins)
		}
		return nil
	}
	if r.Method != http.MethodGet && len(origins) == 0 {
		return foreign("change without an origin")
	}
	switch site {
	case "same-origin":
		return nil
	case "none": // typed, or opened by the agent: only the page itself, in a window of its own
		if r.URL.Path == "/" && r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Dest") == "document" {
			return nil
		}
	}
	return foreign("site %q asks for %s as %q", site, r.URL.Path, r.Header.Get("Sec-Fetch-Dest"))
}

// methods says whether our pages ever ask in this way: the console changes and
// deletes, the desk does not.
func methods(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodPost:
		return true
	case http.MethodPut, http.MethodPatch, http.MethodDelete:
		return hasPrefix(r, wire.ConsolePrefix)
	}
	return false
}

func foreign(format string, args ...any) error {
	return errForeign.Because(fmt.Errorf("localdoor: "+format, args...))
}

func isUpgrade(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// bearerOf reads the Authorization header; a WebSocket carries its bearer in the first message.
func bearerOf(r *http.Request) (string, error) {
	scheme, bearer, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return "", errBearer.Because(errors.New("localdoor: no bearer"))
	}
	return bearer, nil
}
