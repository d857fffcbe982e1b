package identities

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/test/idp"
)

// people lets everybody be linked, unless a second is needed.
type people struct{ second bool }

func (p people) Vouched(ctx context.Context, tx storage.Tx, _, _ sekisho.PersonID, second func(context.Context, storage.Tx) error) error {
	if p.second && second == nil {
		return sekisho.Fail(sekisho.KindDenied, "invitation.second_needed")
	}
	if second != nil {
		return second(ctx, tx)
	}
	return nil
}

func (people) NeedsVouching(_ context.Context, _ storage.Tx, p sekisho.PersonID) (bool, error) {
	return p == "sv2", nil
}

func (people) EndProviderSessions(context.Context, storage.Tx, sekisho.PersonID) error { return nil }

const redirect = "http://console.localhost:8080/oidc"

type room struct {
	*Identities
	t   *testing.T
	clk *clock.Fake
	log *audit.Log
}

func newRoom(t *testing.T, db *storage.DB, s Settings) room {
	t.Helper()
	clk := clock.NewFake(time.Now().UTC().Truncate(time.Second)) // an honest provider has the real time
	must(t, db.Migrate(t.Context(), audit.Schema, Schema))
	log, err := audit.New(db, clk, ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	must(t, err)
	t.Cleanup(func() { must(t, log.Close()) })
	s.ClientID, s.Secret, s.Redirect = "console", "a secret of the client, of 32 bytes at least", redirect
	r, err := New(db, clk, log, people{}, s)
	must(t, err)
	return room{r, t, clk, log}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (r room) begin() (Begun, string) {
	r.t.Helper()
	b, err := r.Begin(r.t.Context())
	must(r.t, err)
	u, err := url.Parse(b.URL)
	must(r.t, err)
	return b, u.Query().Get("state")
}

// finish says who came in, or why nobody did.
func (r room) finish(back Return) (who sekisho.PersonID, code string) {
	r.t.Helper()
	err := r.Finish(r.t.Context(), back, func(_ context.Context, _ storage.Tx, p sekisho.PersonID) error { who = p; return nil })
	if err != nil {
		return "", sekisho.CodeOf(err)
	}
	return who, ""
}

// TestWithAnHonestProvider goes the whole way with zitadel/oidc in its own process.
func TestWithAnHonestProvider(t *testing.T) {
	honest, err := idp.StartHonest(t.Context(), t.TempDir(), "console", "a secret of the client, of 32 bytes at least", redirect)
	must(t, err)
	t.Cleanup(func() { must(t, honest.Close()) })
	r := newRoom(t, storagetest.SQLite(t), Settings{Issuer: honest.Issuer})
	enter := func() (sekisho.PersonID, string, url.Values) {
		b, _ := r.begin()
		back, err := honest.SignIn(t.Context(), b.URL)
		must(t, err)
		who, code := r.finish(Return{Browser: b.Browser, State: back.Get("state"), Code: back.Get("code"), Issuer: back.Get("iss")})
		return who, code, back
	}
	if _, code, _ := enter(); code != "oidc.not_linked" {
		t.Errorf("nobody is linked: %s", code)
	}
	must(t, r.Link(t.Context(), "admin", "sv", honest.Subject, nil))
	who, code, back := enter()
	if who != "sv" || code != "" {
		t.Fatalf("%s %s", who, code)
	}
	// The code again, by a sign-in of somebody else's.
	b, state := r.begin()
	if _, code := r.finish(Return{Browser: b.Browser, State: state, Code: back.Get("code"), Issuer: back.Get("iss")}); code != "oidc.code" {
		t.Errorf("a used code: %s", code)
	}
	must(t, r.log.Flush(t.Context()))
	rows, err := r.log.Search(t.Context(), audit.Filter{Kind: "login.refused"})
	if err != nil || len(rows) != 2 || rows[0].Event.Reason != "oidc.code" {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

// TestForgedTokens: one thing is wrong at a time, and the control is not.
func TestForgedTokens(t *testing.T) {
	f, err := idp.NewForger("a secret of the client, of 32 bytes at least")
	must(t, err)
	t.Cleanup(f.Close)
	r := newRoom(t, storagetest.SQLite(t), Settings{Issuer: f.URL, AMR: []string{"mfa", "pwd"}, ACR: []string{"loa2", "loa3"}})
	must(t, r.Link(t.Context(), "admin", "sv", "subject-1", nil))
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	try := func(change func(*idp.Token)) (sekisho.PersonID, string) {
		b, state := r.begin()
		token, err := f.Honestly(b.URL, "subject-1", r.clk.Now())
		must(t, err)
		token.Claims["amr"], token.Claims["acr"] = []string{"pwd", "mfa"}, "loa2"
		change(&token)
		code, err := f.Code(b.URL, token)
		must(t, err)
		return r.finish(Return{Browser: b.Browser, State: state, Code: code})
	}
	if who, code := try(func(*idp.Token) {}); who != "sv" || code != "" {
		t.Fatalf("control: %s %s", who, code)
	}
	now := func(d time.Duration) int64 { return r.clk.Now().Add(d).Unix() }
	for name, x := range map[string]struct {
		change func(*idp.Token)
		code   string
	}{
		"alg none":                  {func(k *idp.Token) { k.Alg = "none" }, "oidc.token"},
		"signed by our own secret":  {func(k *idp.Token) { k.Alg = "HS256" }, "oidc.token"},
		"signed by another key":     {func(k *idp.Token) { k.Key = other }, "oidc.token"},
		"another issuer":            {func(k *idp.Token) { k.Claims["iss"] = "https://evil.example" }, "oidc.token"},
		"another audience":          {func(k *idp.Token) { k.Claims["aud"] = "another client" }, "oidc.token"},
		"two audiences":             {func(k *idp.Token) { k.Claims["aud"] = []string{"console", "another client"} }, "oidc.token"},
		"made for another client":   {func(k *idp.Token) { k.Claims["azp"] = "another client" }, "oidc.token"},
		"foreign nonce":             {func(k *idp.Token) { k.Claims["nonce"] = "of another sign-in" }, "oidc.nonce"},
		"no nonce":                  {func(k *idp.Token) { delete(k.Claims, "nonce") }, "oidc.nonce"},
		"expired":                   {func(k *idp.Token) { k.Claims["exp"] = now(-time.Second) }, "oidc.token_time"},
		"expired this very second":  {func(k *idp.Token) { k.Claims["exp"] = now(0) }, "oidc.token_time"},
		"issued long ago":           {func(k *idp.Token) { k.Claims["iat"] = now(-maxAge - time.Second) }, "oidc.token_time"},
		"issued in the future":      {func(k *idp.Token) { k.Claims["iat"] = now(maxAhead + time.Second) }, "oidc.token_time"},
		"no time":                   {func(k *idp.Token) { delete(k.Claims, "iat") }, "oidc.token_time"},
		"no second factor":          {func(k *idp.Token) { k.Claims["amr"] = []string{"pwd"} }, "oidc.factor"},
		"a lower level":             {func(k *idp.Token) { k.Claims["acr"] = "loa1" }, "oidc.factor"},
		"no level":                  {func(k *idp.Token) { delete(k.Claims, "acr") }, "oidc.factor"},
		"a claim spelled otherwise": {func(k *idp.Token) { k.Claims["Sub"] = "subject-1" }, "oidc.token"},
		"nobody":                    {func(k *idp.Token) { k.Claims["sub"] = "" }, "oidc.token"},
		"somebody else":             {func(k *idp.Token) { k.Claims["sub"] = "subject-2" }, "oidc.not_linked"},
		"his address, not his name": {func(k *idp.Token) { k.Claims["sub"], k.Claims["email"] = "subject-3", "sv@example.jp" }, "oidc.not_linked"},
	} {
		if who, code := try(x.change); who != "" || code != x.code {
			t.Errorf("%s: %q %s, want %s", name, who, code, x.code)
		}
	}
}

// TestWhatABrowserBringsBack: state once, the browser that began, the issuer that was asked.
func TestWhatABrowserBringsBack(t *testing.T) {
	f, err := idp.NewForger("a secret of the client, of 32 bytes at least")
	must(t, err)
	t.Cleanup(f.Close)
	r := newRoom(t, storagetest.SQLite(t), Settings{Issuer: f.URL})
	must(t, r.Link(t.Context(), "admin", "sv", "subject-1", nil))
	coded := func() (Begun, Return) {
		b, state := r.begin()
		token, err := f.Honestly(b.URL, "subject-1", r.clk.Now())
		must(t, err)
		code, err := f.Code(b.URL, token)
		must(t, err)
		return b, Return{Browser: b.Browser, State: state, Code: code}
	}
	b, back := coded()
	for _, want := range []string{"code_challenge_method=S256", "code_challenge=", "nonce=", "scope=openid", "response_type=code", "redirect_uri=" + url.QueryEscape(redirect)} {
		if !strings.Contains(b.URL, want) {
			t.Errorf("%s is not in %s", want, b.URL)
		}
	}
	if who, code := r.finish(back); who != "sv" || code != "" {
		t.Fatalf("control: %s %s", who, code)
	}
	if _, code := r.finish(back); code != "oidc.state" {
		t.Errorf("played again: %s", code)
	}
	for name, x := range map[string]struct {
		change func(*Return)
		code   string
	}{
		"another browser":            {func(b *Return) { b.Browser = secret() }, "oidc.other_browser"},
		"no cookie":                  {func(b *Return) { b.Browser = "" }, "oidc.other_browser"},
		"a made-up state":            {func(b *Return) { b.State = secret() }, "oidc.state"},
		"mixed up with another":      {func(b *Return) { b.Issuer = "https://evil.example" }, "oidc.issuer"},
		"refused by the provider":    {func(b *Return) { b.Error = "access_denied" }, "oidc.provider_refused"},
		"no code":                    {func(b *Return) { b.Code = "" }, "oidc.code"},
		"a made-up code":             {func(b *Return) { b.Code = "code-0" }, "oidc.code"},
		"the code of another's flow": {func(b *Return) { _, stolen := coded(); b.Code = stolen.Code }, "oidc.code"}, // PKCE
	} {
		_, back := coded()
		x.change(&back)
		if who, code := r.finish(back); who != "" || code != x.code {
			t.Errorf("%s: %q %s, want %s", name, who, code, x.code)
		}
		if name == "another browser" { // and the state is used up: the code is in the wrong hands
			if _, code := r.finish(back); code != "oidc.state" {
				t.Errorf("once more: %s", code)
			}
		}
	}
	_, back = coded()
	r.clk.Advance(flowLife)
	if _, code := r.finish(back); code != "oidc.state" {
		t.Errorf("ten minutes later: %s", code)
	}
}

// TestAProviderThatIsDownOrSaysTooMuch is refused with its reason, and asked again later.
func TestAProviderThatIsDownOrSaysTooMuch(t *testing.T) {
	mode := "down"
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		switch mode {
		case "down":
			w.WriteHeader(http.StatusBadGateway)
		case "endless":
			_, _ = w.Write([]byte(`{"issuer":"` + strings.Repeat("x", 2*maxAnswer)))
		case "another issuer":
			_, _ = w.Write([]byte(`{"issuer":"https://evil.example","authorization_endpoint":"https://evil.example/a","token_endpoint":"https://evil.example/t","jwks_uri":"https://evil.example/k"}`))
		default:
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"issuer":"` + server.URL + `","authorization_endpoint":"` + server.URL + `/a","token_endpoint":"` + server.URL + `/t","jwks_uri":"` + server.URL + `/k"}`))
		}
	}))
	t.Cleanup(server.Close)
	r := newRoom(t, storagetest.SQLite(t), Settings{Issuer: server.URL})
	for _, mode = range []string{"down", "endless", "another issuer"} {
		if _, err := r.Begin(t.Context()); sekisho.CodeOf(err) != "oidc.provider_down" {
			t.Errorf("%s: %v", mode, err)
		}
	}
	mode = "up"
	if _, err := r.Begin(t.Context()); err != nil {
		t.Errorf("control: %v", err)
	}
	off, err := New(r.db, r.clk, r.log, people{}, Settings{})
	must(t, err)
	if _, err := off.Begin(t.Context()); sekisho.CodeOf(err) != "oidc.off" || off.Name() != "" {
		t.Errorf("without a provider: %v", err)
	}
	for _, bad := range []string{"http://idp.example.jp", "https://", "https://idp.example.jp/?x=1", "https://u@idp.example.jp"} {
		if err := (Settings{Issuer: bad, ClientID: "c", Redirect: redirect}).Check(); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}

func TestLinks(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		r := newRoom(t, db, Settings{Issuer: "https://idp.example.jp"})
		ctx := t.Context()
		must(t, r.Link(ctx, "admin", "sv", "subject-1", nil))
		must(t, r.Link(ctx, "admin", "sv", "subject-2", nil)) // the newer one alone counts
		if got, err := r.Subjects(ctx); err != nil || len(got) != 1 || got["sv"] != "subject-2" {
			t.Errorf("%v, %v", got, err)
		}
		if err := r.Link(ctx, "admin", "sv2", "subject-2", nil); sekisho.CodeOf(err) != "oidc.subject_taken" {
			t.Errorf("two people, one subject: %v", err)
		}
		for _, bad := range []string{"", "with blank", "改行\n", strings.Repeat("x", 256)} {
			if err := r.Link(ctx, "admin", "sv2", bad, nil); sekisho.CodeOf(err) != "oidc.subject" {
				t.Errorf("%.10q: %v", bad, err)
			}
		}
		r.people = people{second: true}
		if err := r.Link(ctx, "admin", "sv2", "subject-3", nil); sekisho.CodeOf(err) != "invitation.second_needed" {
			t.Errorf("by one alone: %v", err)
		}
		must(t, r.Link(ctx, "admin", "sv2", "subject-3", func(context.Context, storage.Tx) error { return nil }))
		must(t, r.Unlink(ctx, "admin", "sv"))
		if err := r.Unlink(ctx, "admin", "sv"); sekisho.CodeOf(err) != "oidc.no_link" {
			t.Errorf("%v", err)
		}
		must(t, r.ForgetPerson(ctx, "sv2"))
		must(t, r.ForgetPerson(ctx, "sv2"))
		for kind, want := range map[string]int{"identity.linked": 3, "identity.unlinked": 2} {
			if rows, err := r.log.Search(ctx, audit.Filter{Kind: kind}); err != nil || len(rows) != want {
				t.Errorf("%s: %d, %v", kind, len(rows), err)
			}
		}
	})
}
