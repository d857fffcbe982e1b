package identities

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/clock"
)

const (
	fuzzIssuer = "https://idp.example.jp"
	fuzzNonce  = "nonce-of-this-sign-in"
)

// wires answers in the provider's place, without a network.
type wires map[string][]byte // by path

func (w wires) RoundTrip(r *http.Request) (*http.Response, error) {
	body, ok := w[r.URL.Path]
	res := &http.Response{StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json"}}, Request: r}
	if !ok {
		res.StatusCode = http.StatusNotFound
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

// fuzzed is a provider whose answers the fuzzer writes, and its key.
func fuzzed(f *testing.F) (*provider, wires, jose.Signer, time.Time) {
	f.Helper()
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(f, err)
	keys, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k", Algorithm: "ES256", Use: "sig"}}})
	must(f, err)
	w := wires{
		"/keys": keys,
		"/.well-known/openid-configuration": []byte(`{"issuer":"` + fuzzIssuer + `","authorization_endpoint":"` + fuzzIssuer + `/auth","token_endpoint":"` + fuzzIssuer +
			`/token","jwks_uri":"` + fuzzIssuer + `/keys","id_token_signing_alg_values_supported":["ES256","none","HS256"]}`),
	}
	p := newProvider(Settings{Issuer: fuzzIssuer, ClientID: "console", Secret: "a secret of the client, of 32 bytes at least", Redirect: redirect, AMR: []string{"mfa"}}, clock.NewFake(now))
	p.client.Transport = bounded{w}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: "k"}}, nil)
	must(f, err)
	return p, w, signer, now
}

func tokenAnswer(t testing.TB, raw string) []byte {
	t.Helper()
	b, err := json.Marshal(map[string]any{"access_token": "none", "token_type": "Bearer", "id_token": raw})
	must(t, err)
	return b
}

func signed(t testing.TB, s jose.Signer, claims []byte) string {
	t.Helper()
	one, err := s.Sign(claims)
	must(t, err)
	raw, err := one.CompactSerialize()
	must(t, err)
	return raw
}

func honest(now time.Time) string {
	at := func(d time.Duration) string { return jsonOf(now.Add(d).Unix()) }
	return `{"iss":"` + fuzzIssuer + `","aud":"console","sub":"subject-1","nonce":"` + fuzzNonce + `","iat":` + at(0) + `,"exp":` + at(5*time.Minute) + `,"amr":["pwd","mfa"]}`
}

func jsonOf(v any) string {
	b, _ := json.Marshal(v) // numbers and texts
	return string(b)
}

// answered are the only refusals that a provider's answer may come to.
var answered = map[string]bool{"oidc.token": true, "oidc.token_time": true, "oidc.nonce": true, "oidc.factor": true, "oidc.code": true, "oidc.provider_down": true}

// FuzzTokenAnswer writes whatever into the token endpoint's answer: nobody comes
// in but by the very token that the provider signed.
func FuzzTokenAnswer(f *testing.F) {
	p, w, signer, now := fuzzed(f)
	known, _, err := p.ask(f.Context())
	must(f, err)
	good := signed(f, signer, []byte(honest(now)))
	parts := strings.Split(good, ".")
	for _, raw := range []string{good, parts[0] + "." + parts[1] + ".", "eyJhbGciOiJub25lIn0." + parts[1] + ".", good + ".", strings.ToUpper(good), ""} {
		f.Add(tokenAnswer(f, raw))
	}
	for _, text := range []string{``, `{}`, `[]`, `{"id_token":1}`, `{"access_token":"a","id_token":null}`, `{"error":"invalid_grant"}`, `id_token=` + good, "\x00"} {
		f.Add([]byte(text))
	}
	w["/token"] = tokenAnswer(f, good)
	if who, err := p.redeem(f.Context(), known, "code", flow{nonce: fuzzNonce, verifier: "v"}); who != "subject-1" || err != nil {
		f.Fatalf("control: %s %v", who, err)
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		w["/token"] = answer
		who, err := p.redeem(t.Context(), known, "code", flow{nonce: fuzzNonce, verifier: "v"})
		if err != nil {
			if !answered[sekisho.CodeOf(err)] {
				t.Fatalf("%v has no text of its own", err)
			}
			return
		}
		if who != "subject-1" || !bytes.Contains(answer, []byte(parts[1])) {
			t.Fatalf("%q came in by %q", who, answer)
		}
	})
}

// FuzzClaims has the provider sign whatever claims: what is accepted says, read
// strictly and by itself, everything that it must.
func FuzzClaims(f *testing.F) {
	p, w, signer, now := fuzzed(f)
	known, _, err := p.ask(f.Context())
	must(f, err)
	good := honest(now)
	for _, change := range [][2]string{
		{"", ""}, {`"sub":"subject-1"`, `"sub":"subject-1","SUB":"subject-2"`}, {`"sub":"subject-1"`, `"Sub":"subject-1"`}, {`"nonce":`, `"nonce":"other","Nonce":`},
		{`"aud":"console"`, `"aud":["console","other"]`}, {`"aud":"console"`, `"aud":["console"]`}, {`"amr":["pwd","mfa"]`, `"amr":"mfa"`}, {`"amr"`, `"AMR"`}, {`"iat":`, `"iat":1e300,"x":`},
		{`"exp":`, `"exp":-1,"x":`}, {`"sub":"subject-1"`, `"sub":"subject 1"`}, {`"sub":"subject-1"`, `"sub":"a","sub":"b"`}, {`"iss"`, `"azp":"other","iss"`},
	} {
		f.Add([]byte(strings.Replace(good, change[0], change[1], 1)))
	}
	f.Add([]byte(`null`))
	f.Add([]byte(``))
	f.Fuzz(func(t *testing.T, claims []byte) {
		w["/token"] = tokenAnswer(t, signed(t, signer, claims))
		who, err := p.redeem(t.Context(), known, "code", flow{nonce: fuzzNonce, verifier: "v"})
		if err != nil {
			if !answered[sekisho.CodeOf(err)] {
				t.Fatalf("%v has no text of its own", err)
			}
			return
		}
		said := map[string]any{} // keys as they are written, which the library does not mind
		if err := json.Unmarshal(claims, &said); err != nil {
			t.Fatalf("took %q", claims)
		}
		aud, azp := said["aud"], said["azp"]
		if list, ok := aud.([]any); ok && len(list) == 1 {
			aud = list[0]
		}
		iat, _ := said["iat"].(float64)
		exp, _ := said["exp"].(float64)
		amr, _ := said["amr"].([]any)
		mfa := false
		for _, one := range amr {
			mfa = mfa || one == "mfa"
		}
		age := now.Sub(time.Unix(int64(iat), 0))
		if said["iss"] != fuzzIssuer || aud != "console" || azp != nil && azp != "" && azp != "console" || said["nonce"] != fuzzNonce || said["sub"] != who || !validSubject(who) ||
			age > maxAge || age < -maxAhead || !time.Unix(int64(exp), 0).After(now) || !mfa {
			t.Fatalf("%q came in by %s", who, claims)
		}
	})
}

// FuzzDescription writes whatever into the provider's description of itself: it is
// another issuer's, or it cannot be read, and then nothing is kept of it.
func FuzzDescription(f *testing.F) {
	fresh, w, _, _ := fuzzed(f)
	good := string(w["/.well-known/openid-configuration"])
	for _, text := range []string{good, strings.ReplaceAll(good, fuzzIssuer, "https://evil.example"), strings.Replace(good, `"issuer"`, `"Issuer"`, 1), ``, `{}`, `[]`, `{"issuer":"` + fuzzIssuer + `"}`, good + good,
		strings.Replace(good, `{`, `{"authorization_response_iss_parameter_supported":"yes",`, 1)} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		p := newProvider(fresh.settings, fresh.clk)
		p.client.Transport = bounded{wires{"/.well-known/openid-configuration": text}}
		known, _, err := p.ask(t.Context())
		if err != nil {
			if sekisho.CodeOf(err) != "oidc.provider_down" || p.known != nil {
				t.Fatalf("%v, and it is kept: %v", err, p.known)
			}
			return
		}
		var said struct {
			Issuer string `json:"issuer"`
		}
		if err := known.Claims(&said); err != nil || said.Issuer != fuzzIssuer {
			t.Fatalf("took %q, %v", text, err)
		}
		if to := p.address(known, "state", flow{nonce: fuzzNonce, verifier: "v"}); known.Endpoint().AuthURL != "" && !strings.Contains(to, "nonce="+fuzzNonce) {
			t.Fatalf("sends people to %q", to)
		}
	})
}
