package idp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"time"
)

// Honest is zitadel/oidc in a process of its own.
type Honest struct {
	Issuer  string
	Subject string // of its one user
	leash   io.WriteCloser
	process *exec.Cmd
}

const (
	user     = "test-user@127.0.0.1"
	password = "verysecure"
)

// StartHonest builds the provider into dir and starts it for one client.
func StartHonest(ctx context.Context, dir, client, secret, redirect string) (*Honest, error) {
	binary := filepath.Join(dir, "provider")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "github.com/sekisho/sekisho/test/idp/provider").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("idp: build: %w: %s", err, out)
	}
	p := exec.CommandContext(ctx, binary, client, secret, redirect)
	leash, err := p.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.Start(); err != nil {
		return nil, err
	}
	h := &Honest{Subject: "id1", leash: leash, process: p}
	var said struct{ Issuer string }
	if err := json.NewDecoder(out).Decode(&said); err != nil {
		return nil, errors.Join(fmt.Errorf("idp: it said nothing: %w", err), h.Close())
	}
	h.Issuer = said.Issuer
	return h, nil
}

// Close ends the process.
func (h *Honest) Close() error {
	err := h.leash.Close()
	var ended *exec.ExitError
	if e := h.process.Wait(); e != nil && !errors.As(e, &ended) {
		return e
	}
	return err
}

// SignIn goes through the provider's pages as its user's browser does, and gives
// what it sends the browser back with.
func (h *Honest) SignIn(ctx context.Context, address string) (url.Values, error) {
	var back url.Values
	client := &http.Client{Timeout: 10 * time.Second, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Query().Get("code") != "" {
			back = r.URL.Query()
			return http.ErrUseLastResponse
		}
		return nil
	}}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	res, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	id := res.Request.URL.Query().Get("authRequestID")
	if id == "" {
		return nil, fmt.Errorf("idp: no page to sign in at: %s %s", res.Status, res.Request.URL)
	}
	done, err := client.PostForm(h.Issuer+"/login/username", url.Values{"id": {id}, "username": {user}, "password": {password}})
	if err != nil {
		return nil, err
	}
	defer done.Body.Close()
	if back == nil {
		return nil, fmt.Errorf("idp: it sent nobody back: %s", done.Status)
	}
	return back, nil
}
