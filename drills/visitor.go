package drills

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
)

// visitor speaks to the console's door with headers of his own choice, as no
// browser would.
type visitor struct {
	origin  string
	address string // where it connects to
	cookie  string
	header  map[string]string // replaces what a browser of ours would send; "" leaves out
}

// visitor is somebody at the console's door who has not logged in.
func (f *Field) visitor() visitor {
	u, _ := url.Parse(f.Addresses.ConsoleOrigin) // the server made it
	return visitor{origin: f.Addresses.ConsoleOrigin, address: "127.0.0.1:" + u.Port()}
}

// visitorAs is one who has logged in by the demonstration's login.
func (f *Field) visitorAs(ctx context.Context, person string) (visitor, error) {
	v := f.visitor()
	res, err := v.send(ctx, http.MethodPost, "session/demo", map[string]string{"person": person})
	if err != nil {
		return v, err
	}
	defer res.Body.Close()
	for _, c := range res.Cookies() {
		v.cookie = c.Name + "=" + c.Value
	}
	if res.StatusCode != http.StatusOK || v.cookie == "" {
		return v, fmt.Errorf("drills: demo login: %s", res.Status)
	}
	return v, nil
}

// with is the same visitor with other headers.
func (v visitor) with(pairs ...string) visitor {
	h := maps.Clone(v.header)
	if h == nil {
		h = map[string]string{}
	}
	for pair := range slices.Chunk(pairs, 2) {
		h[pair[0]] = pair[1]
	}
	v.header = h
	return v
}

func (v visitor) without() visitor { v.cookie = ""; return v }

func (v visitor) send(ctx context.Context, method, path string, in any) (*http.Response, error) {
	var body io.Reader
	header := map[string]string{"Origin": v.origin, "Sec-Fetch-Site": "same-origin", "Cookie": v.cookie}
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body, header["Content-Type"] = bytes.NewReader(b), "application/json"
	}
	r, err := http.NewRequestWithContext(ctx, method, v.origin+"/api/console/v1/"+path, body)
	if err != nil {
		return nil, err
	}
	maps.Copy(header, v.header)
	for name, value := range header {
		switch {
		case name == "Host":
			r.Host = value
		case value != "":
			r.Header.Set(name, value)
		}
	}
	c := &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, v.address)
	}}}
	return c.Do(r)
}

// ask sends a request and says what came of it: "200", or the code of the refusal.
func (v visitor) ask(ctx context.Context, method, path string, in any) string {
	res, err := v.send(ctx, method, path, in)
	if err != nil {
		return err.Error()
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return err.Error()
	}
	if res.StatusCode < 300 {
		return fmt.Sprint(res.StatusCode)
	}
	var p wire.Problem
	if json.Unmarshal(b, &p) != nil || p.Code == "" {
		return strings.TrimSpace(res.Status)
	}
	return p.Code
}
