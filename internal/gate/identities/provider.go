package identities

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/sekisho/sekisho/internal/foundation/clock"
)

// algorithms are those that a key of the provider may sign with: none and the
// symmetric ones are not among them.
var algorithms = []string{oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.EdDSA}

// provider asks the issuer, with bounds on what it answers.
type provider struct {
	settings Settings
	clk      clock.Clock
	client   *http.Client

	mu    sync.Mutex
	known *oidc.Provider // once it has answered
	iss   bool           // it says who it is with each code (RFC 9207)
}

func newProvider(s Settings, clk clock.Clock) *provider {
	return &provider{settings: s, clk: clk, client: &http.Client{
		Timeout: askWithin, Transport: bounded{http.DefaultTransport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// bounded cuts off what is longer than any answer that we need.
type bounded struct{ next http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.next.RoundTrip(r)
	if err == nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(res.Body, maxAnswer), res.Body}
	}
	return res, err
}

// ask gives the provider as it describes itself. A description that names
// another issuer is refused, and one that cannot be had is asked for again.
func (p *provider) ask(ctx context.Context) (*oidc.Provider, bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known != nil {
		return p.known, p.iss, nil
	}
	// Keys are fetched later with this context: it must not end with this request.
	known, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.settings.Issuer)
	if err != nil {
		return nil, false, errDown.Because(err)
	}
	var more struct {
		Says bool `json:"authorization_response_iss_parameter_supported"`
	}
	if err := known.Claims(&more); err != nil {
		return nil, false, errDown.Because(err)
	}
	p.known, p.iss = known, more.Says
	return known, more.Says, nil
}

func (p *provider) flow(known *oidc.Provider) oauth2.Config {
	return oauth2.Config{
		ClientID: p.settings.ClientID, ClientSecret: p.settings.Secret, Endpoint: known.Endpoint(), RedirectURL: p.settings.Redirect, Scopes: []string{oidc.ScopeOpenID},
	}
}

// address is where a browser goes.
func (p *provider) address(known *oidc.Provider, state string, f flow) string {
	cfg := p.flow(known)
	return cfg.AuthCodeURL(state, oidc.Nonce(f.nonce), oauth2.S256ChallengeOption(f.verifier))
}

// claims are those of an ID token that we look at.
type claims struct {
	Azp string   `json:"azp"`
	ACR string   `json:"acr"`
	AMR []string `json:"amr"`
}

// redeem exchanges a code for an ID token and gives the subject that it proves.
func (p *provider) redeem(ctx context.Context, known *oidc.Provider, code string, f flow) (string, error) {
	ctx = oidc.ClientContext(ctx, p.client)
	cfg := p.flow(known)
	tokens, err := cfg.Exchange(ctx, code, oauth2.VerifierOption(f.verifier))
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok && refused.Response != nil && refused.Response.StatusCode < http.StatusInternalServerError {
		return "", errCode.Because(err)
	}
	if err != nil {
		return "", errDown.Because(err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	token, err := known.Verifier(&oidc.Config{ClientID: p.settings.ClientID, SupportedSigningAlgs: algorithms, Now: p.clk.Now}).Verify(ctx, raw)
	if expired := (*oidc.TokenExpiredError)(nil); errors.As(err, &expired) {
		return "", errTime.Because(err)
	}
	if err != nil {
		return "", errToken.Because(err)
	}
	return token.Subject, p.judge(token, f)
}

// read are the claims that anybody looks at here, the library included.
var read = []string{"iss", "aud", "sub", "nonce", "iat", "exp", "nbf", "azp", "acr", "amr"}

// exact says whether these are spelled as they must be. encoding/json, which the
// library reads them with, takes "SUB" for "sub": a claim that a provider lets its
// users choose would stand in the place of one that it vouches for.
func exact(token *oidc.IDToken) bool {
	var all map[string]json.RawMessage
	if err := token.Claims(&all); err != nil {
		return false
	}
	for name := range all {
		if slices.ContainsFunc(read, func(r string) bool { return name != r && strings.EqualFold(name, r) }) {
			return false
		}
	}
	return true
}

// judge looks at what the library leaves to us.
func (p *provider) judge(token *oidc.IDToken, f flow) error {
	var c claims
	if err := token.Claims(&c); err != nil {
		return errToken.Because(err)
	}
	if !exact(token) {
		return errToken
	}
	now := p.clk.Now()
	switch {
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(f.nonce)) != 1:
		return errNonce
	case len(token.Audience) != 1 || c.Azp != "" && c.Azp != p.settings.ClientID:
		return errToken // it is somebody else's, too
	case !validSubject(token.Subject):
		return errToken
	case !now.Before(token.Expiry) || token.IssuedAt.IsZero() || token.IssuedAt.After(now.Add(maxAhead)) || now.Sub(token.IssuedAt) > maxAge:
		return errTime
	case len(p.settings.ACR) > 0 && !slices.Contains(p.settings.ACR, c.ACR):
		return errFactor
	}
	for _, method := range p.settings.AMR {
		if !slices.Contains(c.AMR, method) {
			return errFactor
		}
	}
	return nil
}
