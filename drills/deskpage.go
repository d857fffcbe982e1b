package drills

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/centre"
)

// caller speaks to a PC's own door, with headers of his own choice. With none
// he sends what the operator's page would.
type caller struct {
	port   int
	bearer string
	header map[string]string // replaces; "" leaves out
}

func (c caller) host() string { return net.JoinHostPort("sekisho.localhost", strconv.Itoa(c.port)) }

func (c caller) with(pairs ...string) caller {
	h := maps.Clone(c.header)
	if h == nil {
		h = map[string]string{}
	}
	for pair := range slices.Chunk(pairs, 2) {
		h[pair[0]] = pair[1]
	}
	c.header = h
	return c
}

// dial reaches loopback, whatever name is asked for.
func (c caller) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port)))
}

func (c caller) client() *http.Client {
	return &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{DialContext: c.dial, DisableKeepAlives: true}}
}

func (c caller) headers() (h http.Header, host string) {
	h, host = http.Header{}, c.host()
	all := map[string]string{"Origin": "http://" + c.host(), "Sec-Fetch-Site": "same-origin"}
	if c.bearer != "" {
		all["Authorization"] = "Bearer " + c.bearer
	}
	maps.Copy(all, c.header)
	for name, value := range all {
		switch {
		case name == "Host":
			host = value
		case value != "":
			h.Set(name, value)
		}
	}
	return h, host
}

// send makes a request; a refusal comes back as its code, success as "".
func (c caller) send(ctx context.Context, method, path string, in, out any) (code string, err error) {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return "", err
		}
		body = bytes.NewReader(b)
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://"+c.host()+path, body)
	if err != nil {
		return "", err
	}
	r.Header, r.Host = c.headers()
	res, err := c.client().Do(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 16<<20))
	if err != nil {
		return "", err
	}
	if res.StatusCode >= 300 {
		var p wire.Problem
		if json.Unmarshal(b, &p) != nil || p.Code == "" {
			return strings.TrimSpace(res.Status), nil
		}
		return p.Code, nil
	}
	if out == nil {
		return "", nil
	}
	return "", json.Unmarshal(b, out)
}

// ask is send for drills: "200" or the code of the refusal.
func (c caller) ask(ctx context.Context, method, path string, in any) string {
	code, err := c.send(ctx, method, path, in, nil)
	if err != nil {
		return err.Error()
	}
	if code == "" {
		return "200"
	}
	return code
}

// socket opens the guard's socket and sends a first message; it returns the
// agent's answer, or the code with which it was closed.
func (c caller) socket(ctx context.Context, first any) (ws *websocket.Conn, answer wire.AgentMessage, code string) {
	c.bearer = "" // a browser cannot set it on a WebSocket
	h, host := c.with("Sec-Fetch-Site", "").headers()
	ws, res, err := websocket.Dial(ctx, "ws://"+c.host()+"/local/v1/guard", &websocket.DialOptions{
		HTTPClient: &http.Client{Transport: &http.Transport{DialContext: c.dial}}, HTTPHeader: h, Host: host,
		CompressionMode: websocket.CompressionDisabled,
	})
	if err != nil {
		var p wire.Problem
		if res != nil && json.NewDecoder(res.Body).Decode(&p) == nil && p.Code != "" {
			return nil, answer, p.Code
		}
		return nil, answer, err.Error()
	}
	ws.SetReadLimit(1 << 20)
	within, cancel := context.WithTimeout(ctx, 8*time.Second)
	defer cancel()
	if err = wsjson.Write(within, ws, first); err == nil {
		err = wsjson.Read(within, ws, &answer)
	}
	if err != nil {
		ws.CloseNow()
		return nil, answer, closing(err)
	}
	return ws, answer, ""
}

// closing is the reason with which a socket was closed.
func closing(err error) string {
	if closed, ok := errors.AsType[websocket.CloseError](err); ok && closed.Reason != "" {
		return closed.Reason
	}
	return err.Error()
}

// ticketOf is the one-use ticket in a page's address.
func ticketOf(url string) string {
	_, rest, _ := strings.Cut(url, "#ticket=")
	ticket, _, _ := strings.Cut(rest, "&")
	return ticket
}

// enter trades a fresh ticket for the bearer, as the page does.
func enter(ctx context.Context, pc *centre.PC) (caller, error) {
	c := caller{port: pc.Port}
	url, err := pc.Ticket(ctx)
	if err != nil {
		return c, err
	}
	var b wire.LocalBearer
	code, err := c.send(ctx, http.MethodPost, "/local/v1/bearer", wire.LocalTicket{Ticket: ticketOf(url)}, &b)
	if err == nil && code != "" {
		err = fmt.Errorf("drills: the agent refused its own ticket: %s", code)
	}
	c.bearer = b.Bearer
	return c, err
}

// status asks the agent how it stands.
func (c caller) status(ctx context.Context) (s wire.LocalStatus, err error) {
	code, err := c.send(ctx, http.MethodGet, "/local/v1/status", nil, &s)
	if err == nil && code != "" {
		err = errors.New(code)
	}
	return s, err
}

// connect presses 接続 and waits until the agent says how that went.
func (c caller) connect(ctx context.Context) (s wire.LocalStatus, err error) {
	return c.connectAs(ctx, nil)
}

// connectAs is connect at a shared PC, where who says who he is; nil says nothing.
func (c caller) connectAs(ctx context.Context, who any) (s wire.LocalStatus, err error) {
	code, err := c.send(ctx, http.MethodPost, "/local/v1/connect", who, nil)
	if err != nil || code != "" {
		return s, errors.Join(err, fmt.Errorf("drills: connect: %s", code))
	}
	for until := time.Now().Add(45 * time.Second); time.Now().Before(until); {
		if s, err = c.status(ctx); err != nil {
			return s, err
		}
		if s.Phase != "connecting" {
			return s, nil
		}
		if err := sleep(ctx, 50*time.Millisecond); err != nil {
			return s, err
		}
	}
	return s, errors.New("drills: the agent connects without end")
}
