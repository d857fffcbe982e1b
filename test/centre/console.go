package centre

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/softkey"
)

// Console is one person logged in to the management door, over its real API.
type Console struct {
	origin string
	http   *http.Client
	cookie string
	Person string
	Key    *softkey.Key // his passkey; nil where he has none
}

// Answer is what a door said when it refused.
type Answer struct {
	Status  int
	Problem wire.Problem
	Body    string
}

func (a *Answer) Error() string {
	return fmt.Sprintf("%d %s %s", a.Status, a.Problem.Code, a.Problem.Title)
}

// Anonymous is a client of the console's door that has not logged in.
func (c *Centre) Anonymous() *Console {
	// *.localhost is loopback by RFC 6761, whatever the resolver thinks.
	return c.at(netip.AddrFrom4([4]byte{127, 0, 0, 1}))
}

func (c *Centre) at(host netip.Addr) *Console {
	u, _ := url.Parse(c.Addresses.ConsoleOrigin) // the server made it
	return &Console{origin: c.Addresses.ConsoleOrigin, http: &http.Client{
		Timeout: 30 * time.Second,
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, net.JoinHostPort(host.String(), u.Port()))
			},
			TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS13, InsecureSkipVerify: true}, // Options.TLS certifies itself
		},
	}}
}

// CopiedTo is whoever copied k's cookie and comes with it from another address of
// this machine.
func (k *Console) CopiedTo(c *Centre, from netip.Addr) *Console {
	thief := c.at(from)
	thief.cookie, thief.Person = k.cookie, k.Person
	return thief
}

// As logs a seeded person in by the demonstration's own login.
func (c *Centre) As(ctx context.Context, login string) (*Console, error) {
	person, ok := c.Seeded.People[login]
	if !ok {
		return nil, fmt.Errorf("centre: nobody was seeded as %q", login)
	}
	k := c.Anonymous()
	k.Person = person
	return k, k.Post(ctx, "session/demo", map[string]string{"person": person}, nil)
}

// Cookie is the session's cookie, for whoever copies it.
func (k *Console) Cookie() string { return k.cookie }

// Get, Post, Put, Delete and Patch call the API; a refusal comes back as *Answer.
func (k *Console) Get(ctx context.Context, path string, out any) error {
	return k.call(ctx, http.MethodGet, path, nil, out)
}
func (k *Console) Post(ctx context.Context, path string, in, out any) error {
	return k.call(ctx, http.MethodPost, path, in, out)
}
func (k *Console) Put(ctx context.Context, path string, in, out any) error {
	return k.call(ctx, http.MethodPut, path, in, out)
}
func (k *Console) Delete(ctx context.Context, path string) error {
	return k.call(ctx, http.MethodDelete, path, nil, nil)
}
func (k *Console) Patch(ctx context.Context, path string, in, out any) error {
	return k.call(ctx, http.MethodPatch, path, in, out)
}

func (k *Console) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, k.origin+"/api/console/v1/"+path, body)
	if err != nil {
		return err
	}
	r.Header.Set("Origin", k.origin)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if in != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if k.cookie != "" {
		r.Header.Set("Cookie", k.cookie)
	}
	res, err := k.http.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	for _, c := range res.Cookies() {
		k.cookie = c.Name + "=" + c.Value
	}
	b, err := io.ReadAll(io.LimitReader(res.Body, 64<<20))
	if err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		a := &Answer{Status: res.StatusCode, Body: string(b)}
		_ = json.Unmarshal(b, &a.Problem) // not every refusal is a problem document
		return a
	}
	switch o := out.(type) {
	case nil:
		return nil
	case *[]byte:
		*o = b
		return nil
	}
	return json.Unmarshal(b, out)
}
