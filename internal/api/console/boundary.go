package console

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/sekisho/sekisho"
)

// prefix is where the API lives on this origin.
const prefix = "/api/console/v1"

// maxBody bounds every request body of this door: a passkey's answer is the
// largest thing that anybody sends here, a few KiB.
const maxBody = 64 << 10

// maxRules bounds the body of the routes that take a whole text of policies:
// twice what gate/rules takes, since JSON escapes line ends and quotes.
const maxRules = 512 << 10

// bodyLimits are the routes that take files or whole texts, with their bounds.
var bodyLimits = map[string]int64{
	"POST /attestation/keys":     maxImport,
	"POST /people/joiners/plan":  maxListBody,
	"POST /people/joiners/apply": maxListBody,
	"POST /people/leavers/plan":  maxListBody,
	"POST /people/leavers/apply": maxListBody,
	"POST /kitting/plan":         maxListBody,
	"POST /kitting/apply":        maxListBody,
	"POST /shifts/list/plan":     maxShiftList,
	"POST /shifts/list/apply":    maxShiftList,
	"PUT /flows/draft":           maxFlow,
	"PUT /prompts/sound":         maxSound,
	"PUT /rules":                 maxRules,
	"POST /rules/check":          maxRules,
}

// bodyLimit bounds the body of a request before anything of it is read.
func bodyLimit(r *http.Request) int64 {
	if limit, ok := bodyLimits[r.Method+" "+strings.TrimPrefix(r.URL.Path, prefix)]; ok {
		return limit
	}
	return maxBody
}

// caller is what one request says about who sends it.
type caller struct {
	language string     // Accept-Language
	from     netip.Addr // as the connection says; no header is believed
	token    string     // the session cookie, or ""
	who      *Identity  // nil until signed in
	inside   Inside     // the guard session whose PC carries the request; zero at the console's own address
	idle     bool       // a refresh that nobody asked for: it must not keep the session awake
}

type callerKey struct{}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

func withCaller(ctx context.Context, c caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// boundary holds the checks that come before every route: our own name, our
// own origin, a bounded body, and the headers that every answer carries.
type boundary struct {
	origin string // "https://console.example.jp", exactly as a browser sends it
	host   string // its host and port
	secure bool
}

func newBoundary(origin string) (boundary, error) {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.User != nil || (u.Scheme != "https" && u.Scheme != "http") {
		return boundary{}, errMalformed
	}
	if u.Scheme == "http" && !loopbackName(u.Hostname()) {
		return boundary{}, sekisho.Fail(sekisho.KindInvalid, "console.origin_not_secure")
	}
	return boundary{origin: u.Scheme + "://" + u.Host, host: u.Host, secure: u.Scheme == "https"}, nil
}

// loopbackName says whether browsers treat http on this name as a secure
// context and accept a Secure cookie from it (Chromium 156: tried).
func loopbackName(name string) bool {
	if ip, err := netip.ParseAddr(name); err == nil {
		return ip.IsLoopback()
	}
	return name == "localhost" || strings.HasSuffix(name, ".localhost")
}

// guard wraps next with the checks, and tells whom it turned away.
func (b boundary) guard(next http.Handler, turnedAway func(c caller, route string, err error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if b.secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		c := caller{language: r.Header.Get("Accept-Language"), idle: r.URL.Query().Get("refresh") == "1"}
		c.from = source(r)
		if cookie, err := r.Cookie(cookieName); err == nil {
			c.token = cookie.Value
		}
		r = r.WithContext(withCaller(r.Context(), c))
		if r.Host != b.host {
			turnedAway(c, "", errHost)
			writeRefusal(w, r, errHost)
			return
		}
		if err := b.sameOrigin(r); err != nil {
			turnedAway(c, "", err)
			writeRefusal(w, r, err)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, bodyLimit(r))
		next.ServeHTTP(w, r)
	})
}

// source is where a request comes from, as the connection says. Through a proxy
// on this host everybody would seem to sit at it; some things are allowed to
// whoever does, so a request that was passed on comes from nowhere known.
func source(r *http.Request) netip.Addr {
	ap, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	if from := ap.Addr().Unmap(); !from.IsLoopback() {
		return from
	}
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via"} {
		if len(r.Header.Values(name)) > 0 {
			return netip.Addr{}
		}
	}
	return ap.Addr().Unmap()
}

// sameOrigin refuses what another page made this browser send. What changes
// something needs both of the browser's own statements; a read must at least
// not be said to come from elsewhere. A WebSocket upgrade carries no
// Sec-Fetch-Site, but always its Origin.
func (b boundary) sameOrigin(r *http.Request) error {
	site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
	if origin != "" && origin != b.origin {
		return errOrigin
	}
	switch {
	case upgrade(r):
		if origin != b.origin || (site != "" && site != "same-origin") {
			return errOrigin
		}
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		if !strings.HasPrefix(r.URL.Path, prefix) {
			return nil // pages and assets hold nothing; links from elsewhere may open them
		}
		if site != "" && site != "same-origin" && site != "none" {
			return errOrigin
		}
	default:
		if origin != b.origin || site != "same-origin" {
			return errOrigin
		}
	}
	return nil
}

func upgrade(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}
