package identities

import (
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sekisho/sekisho"
)

// Settings name the provider; without an issuer there is none.
type Settings struct {
	Issuer   string // "https://idp.example.jp", exactly as its tokens name it
	ClientID string
	Secret   string // of the client; "" for a public one
	Redirect string // where the provider sends the browser back to
	Name     string // as the sign-in page calls it
	AMR      []string
	ACR      []string
}

// LogValue hides the secret.
func (Settings) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Check says what is wrong with the settings, or nil.
func (s Settings) Check() error {
	if s.Issuer == "" {
		return nil
	}
	u, err := url.Parse(s.Issuer)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || (u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname()))) {
		return fmt.Errorf("oidc.issuer must look like https://idp.example.jp, not %q", s.Issuer)
	}
	if s.ClientID == "" {
		return fmt.Errorf("oidc.client_id must name this console at %s", s.Issuer)
	}
	if s.Redirect == "" {
		return fmt.Errorf("oidc needs console.origin, which the provider sends people back to")
	}
	return nil
}

func loopback(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsLoopback()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}

// Begun is where a browser goes to sign in, and what it must bring back with it.
type Begun struct {
	URL     string
	Browser string // for a cookie of this browser alone
}

// LogValue hides both.
func (Begun) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Return is what a browser brings back from the provider.
type Return struct {
	Browser string // the cookie
	State   string
	Code    string
	Issuer  string // RFC 9207; "" where the provider does not say it
	Error   string // of the provider, RFC 6749 §4.1.2.1
}

// LogValue hides the code.
func (Return) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Bounds.
const (
	flowLife   = 10 * time.Minute
	maxFlows   = 2_000 // under way at once
	maxAnswer  = 1 << 20
	askWithin  = 10 * time.Second
	maxAge     = 10 * time.Minute // of a token
	maxAhead   = time.Minute      // of the provider's clock before ours
	maxSubject = 255              // ASCII characters, OpenID Connect Core §2
)

// validSubject says whether a text can be a subject.
func validSubject(s string) bool {
	return s != "" && len(s) <= maxSubject && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < 0x21 || r > 0x7e })
}

var (
	errOff      = sekisho.Fail(sekisho.KindNotFound, "oidc.off")
	errDown     = sekisho.Fail(sekisho.KindBusy, "oidc.provider_down")
	errBusy     = sekisho.Fail(sekisho.KindBusy, "request.busy")
	errState    = sekisho.Fail(sekisho.KindExpired, "oidc.state")
	errBrowser  = sekisho.Fail(sekisho.KindDenied, "oidc.other_browser")
	errIssuer   = sekisho.Fail(sekisho.KindDenied, "oidc.issuer")
	errProvider = sekisho.Fail(sekisho.KindDenied, "oidc.provider_refused")
	errCode     = sekisho.Fail(sekisho.KindDenied, "oidc.code")
	errToken    = sekisho.Fail(sekisho.KindDenied, "oidc.token")
	errNonce    = sekisho.Fail(sekisho.KindDenied, "oidc.nonce")
	errTime     = sekisho.Fail(sekisho.KindDenied, "oidc.token_time")
	errFactor   = sekisho.Fail(sekisho.KindDenied, "oidc.factor")
	errUnlinked = sekisho.Fail(sekisho.KindDenied, "oidc.not_linked")
	errSubject  = sekisho.Fail(sekisho.KindInvalid, "oidc.subject")
	errTaken    = sekisho.Fail(sekisho.KindConflict, "oidc.subject_taken")
	errNoLink   = sekisho.Fail(sekisho.KindNotFound, "oidc.no_link")
)
