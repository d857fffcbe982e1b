package ivr

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/wire"
)

// Bounds of a look-up.
const (
	AnswerWithin = 2 * time.Second
	maxAnswer    = 64 << 10 // bytes
	maxURL       = 500
)

// SignatureHeader carries "t=SECONDS,v1=HEX": the HMAC-SHA256, by the look-up's key,
// of the time (Unix, decimal), a full stop and the body. Whoever receives it refuses
// what is older than some minutes.
const SignatureHeader = "Sekisho-Signature"

// ask is the body of a look-up.
type ask struct {
	Call   sekisho.CallID    `json:"call"`
	Fields map[string]string `json:"fields"`
}

// answer is what it may say. Everything else in it is ignored.
type answer struct {
	Found  bool              `json:"found"`
	Values map[string]string `json:"values"`
}

// client asks webhooks. loopback allows those on this machine, also without TLS.
type client struct {
	clk      clock.Clock
	loopback bool
	http     *http.Client
	circuits *circuits
}

func newClient(clk clock.Clock, loopback bool) *client {
	dial := &net.Dialer{Timeout: AnswerWithin}
	c := &client{clk: clk, loopback: loopback, circuits: newCircuits(clk)}
	transport := &http.Transport{
		Proxy: nil, MaxIdleConnsPerHost: 8, IdleConnTimeout: 30 * time.Second, MaxResponseHeaderBytes: 16 << 10, ForceAttemptHTTP2: true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dial.DialContext(ctx, network, address)
			if err == nil && !loopback && isLoopback(conn.RemoteAddr()) { // whatever its name is
				return nil, errors.Join(errAddress, conn.Close())
			}
			return conn, err
		},
	}
	c.http = &http.Client{Timeout: AnswerWithin, Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return c
}

func isLoopback(a net.Addr) bool {
	at, err := netip.ParseAddrPort(a.String())
	return err != nil || at.Addr().Unmap().IsLoopback() || at.Addr().IsUnspecified()
}

// checkURL says whether a look-up may have this address: https, or where loopback is
// allowed http on this machine.
func (c *client) checkURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || len(text) > maxURL || u.Host == "" || u.User != nil || u.Fragment != "" {
		return errURL
	}
	at, err := netip.ParseAddr(u.Hostname())
	here := u.Hostname() == "localhost" || err == nil && at.Unmap().IsLoopback()
	if here && c.loopback && (u.Scheme == "http" || u.Scheme == "https") || !here && u.Scheme == "https" {
		return nil
	}
	return errURL
}

// ask asks one webhook. Whatever goes wrong is one of the errors below: what was
// asked stands in none of them.
func (c *client) ask(ctx context.Context, h Hook, key []byte, q ask) (map[string]string, error) {
	if err := c.checkURL(h.URL); err != nil {
		return nil, err
	}
	if !c.circuits.allow(h.ID) {
		return nil, errCircuit
	}
	values, err := c.send(ctx, h.URL, key, q)
	if ctx.Err() != nil && err != nil { // the caller has gone: that says nothing of the look-up
		c.circuits.release(h.ID)
	} else {
		c.circuits.report(h.ID, err == nil || errors.Is(err, errNotFound))
	}
	return values, err
}

func (c *client) send(ctx context.Context, to string, key []byte, q ask) (map[string]string, error) {
	body, err := json.Marshal(q)
	if err != nil {
		return nil, errAnswer
	}
	ctx, cancel := context.WithTimeout(ctx, AnswerWithin)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(body))
	if err != nil {
		return nil, errURL
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(SignatureHeader, Sign(key, c.clk.Now(), body))
	res, err := c.http.Do(req)
	if err != nil {
		return nil, errNoAnswer
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusNotFound {
		return nil, errNotFound
	}
	text, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return nil, errNoAnswer
	}
	if res.StatusCode != http.StatusOK {
		return nil, errAnswer
	}
	return readAnswer(text)
}

// readAnswer takes the values of an answer, if all of them may be attributes.
func readAnswer(text []byte) (map[string]string, error) {
	var a answer
	if len(text) > maxAnswer || json.Unmarshal(text, &a) != nil || len(a.Values) > maxNames {
		return nil, errAnswer
	}
	if !a.Found {
		return nil, errNotFound
	}
	for name, v := range a.Values {
		if !nameForm.MatchString(name) || !wire.ValidText(v, maxValue) {
			return nil, errAnswer
		}
	}
	return a.Values, nil
}

// Sign makes the value of SignatureHeader.
func Sign(key []byte, at time.Time, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	h := hmac.New(sha256.New, key)
	h.Write([]byte(t + "."))
	h.Write(body)
	return "t=" + t + ",v1=" + hex.EncodeToString(h.Sum(nil))
}

// close gives back the connections that are kept.
func (c *client) close() { c.http.CloseIdleConnections() }

// Why a look-up gives nothing.
var (
	errURL      = sekisho.Fail(sekisho.KindInvalid, "lookup.url")
	errAddress  = sekisho.Fail(sekisho.KindDenied, "lookup.address")
	errCircuit  = sekisho.Fail(sekisho.KindBusy, "lookup.stopped")
	errNoAnswer = sekisho.Fail(sekisho.KindBusy, "lookup.no_answer")
	errAnswer   = sekisho.Fail(sekisho.KindInvalid, "lookup.answer")
	errNotFound = sekisho.Fail(sekisho.KindNotFound, "lookup.not_found")
)
