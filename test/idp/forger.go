package idp

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Forger keeps the protocol of an OpenID provider (discovery, keys, PKCE, codes
// that are used once) and puts into its tokens what it is told to.
type Forger struct {
	*httptest.Server
	Secret string

	mu    sync.Mutex
	key   *ecdsa.PrivateKey
	codes map[string]issued
	next  int
}

type issued struct {
	challenge string
	token     string
}

// Token is one ID token before it is signed.
type Token struct {
	Claims map[string]any
	Alg    string            // "ES256"; "none" and "HS256" (by the client's secret) are forgeries
	Key    *ecdsa.PrivateKey // in place of the provider's own
}

// NewForger starts one on loopback.
func NewForger(secret string) (*Forger, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	f := &Forger{Secret: secret, key: key, codes: map[string]issued{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{
			"issuer": f.URL, "authorization_endpoint": f.URL + "/auth", "token_endpoint": f.URL + "/token", "jwks_uri": f.URL + "/keys",
			"response_types_supported": []string{"code"}, "id_token_signing_alg_values_supported": []string{"ES256", "none", "HS256"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k", Algorithm: "ES256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /token", f.redeem)
	f.Server = httptest.NewServer(mux)
	return f, nil
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// Honestly is the token that an honest provider would sign for who comes by address.
func (f *Forger) Honestly(address, subject string, now time.Time) (Token, error) {
	u, err := url.Parse(address)
	if err != nil {
		return Token{}, err
	}
	q := u.Query()
	return Token{Alg: "ES256", Claims: map[string]any{
		"iss": f.URL, "aud": q.Get("client_id"), "sub": subject, "nonce": q.Get("nonce"),
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
	}}, nil
}

// Code gives a code for a token, to whoever comes by address.
func (f *Forger) Code(address string, t Token) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	raw, err := f.sign(t)
	if err != nil {
		return "", err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next++
	code := fmt.Sprintf("code-%d", f.next)
	f.codes[code] = issued{challenge: u.Query().Get("code_challenge"), token: raw}
	return code, nil
}

func (f *Forger) sign(t Token) (string, error) {
	body, err := json.Marshal(t.Claims)
	if err != nil {
		return "", err
	}
	if t.Alg == "none" {
		enc := base64.RawURLEncoding
		return enc.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + enc.EncodeToString(body) + ".", nil
	}
	key := jose.SigningKey{Algorithm: jose.SignatureAlgorithm(t.Alg), Key: jose.JSONWebKey{Key: f.key, KeyID: "k"}}
	if t.Key != nil {
		key.Key = jose.JSONWebKey{Key: t.Key, KeyID: "k"}
	}
	if t.Alg == "HS256" {
		key.Key = []byte(f.Secret)
	}
	signer, err := jose.NewSigner(key, nil)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(body)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

func (f *Forger) redeem(w http.ResponseWriter, r *http.Request) {
	code := r.FormValue("code")
	f.mu.Lock()
	one, ok := f.codes[code]
	delete(f.codes, code)
	f.mu.Unlock()
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	_, secret, _ := r.BasicAuth()
	if plain, err := url.QueryUnescape(secret); err == nil { // RFC 6749 §2.3.1
		secret = plain
	}
	if secret == "" {
		secret = r.FormValue("client_secret")
	}
	if !ok || one.challenge == "" || base64.RawURLEncoding.EncodeToString(sum[:]) != one.challenge || secret != f.Secret {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]string{"error": "invalid_grant"})
		return
	}
	answer(w, map[string]any{"access_token": "none", "token_type": "Bearer", "id_token": one.token})
}
