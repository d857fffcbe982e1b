package localdoor

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Bounds of the guard socket.
const (
	maxMessage  = 64 << 10 // one JSON message
	maxPicture  = 2 << 20  // one JPEG
	helloWithin = 5 * time.Second
	sendWithin  = 2 * time.Second // a page that does not take its messages for so long is given up
)

// Page is one page's guard socket after its bearer was checked.
type Page struct {
	ws       *websocket.Conn
	Language string // as the page's hello names it
}

// guard upgrades, checks the bearer of the first message and hands the page to
// the agent until it ends, another page takes over or the door closes.
func (d *Door) guard(w http.ResponseWriter, r *http.Request) {
	ws, err := accept(w, r)
	if err != nil {
		return // accept has answered
	}
	defer ws.CloseNow()
	ctx, cancel := context.WithCancel(d.ctx)
	defer cancel()
	p := &Page{ws: ws}
	hello, replaced, err := d.hello(ctx, p)
	if err != nil {
		_ = ws.Close(websocket.StatusPolicyViolation, sekisho.CodeOf(err)) // it is being refused: its error tells nothing
		return
	}
	p.Language = hello.Language
	watch := context.AfterFunc(d.ctx, func() { ws.CloseNow() }) // a door that closes waits for no farewell
	defer watch()
	go func() { // ends with ctx, when Guard has returned
		select {
		case <-replaced:
			_ = ws.Close(websocket.StatusPolicyViolation, "local.replaced")
			cancel()
		case <-ctx.Done():
		}
	}()
	d.cfg.Agent.Guard(ctx, p)
}

func (d *Door) hello(ctx context.Context, p *Page) (m wire.PageMessage, replaced <-chan struct{}, err error) {
	ctx, cancel := context.WithTimeout(ctx, helloWithin)
	defer cancel()
	if m, _, err = p.Receive(ctx); err != nil {
		return m, nil, errMalformed.Because(err)
	}
	if m.Type != "hello" {
		return m, nil, errBearer
	}
	replaced, err = d.tickets.holds(m.Bearer)
	m.Bearer = ""
	return m, replaced, err
}

// Receive waits for the page's next message. A "picture" or "screen" comes with
// its JPEG. Any message that breaks a bound ends the socket.
func (p *Page) Receive(ctx context.Context) (m wire.PageMessage, jpeg []byte, err error) {
	text, err := p.read(ctx, websocket.MessageText, maxMessage)
	if err != nil {
		return m, nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&m); err != nil {
		return m, nil, errMalformed.Because(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return m, nil, errMalformed
	}
	if m.Type != "picture" && m.Type != "screen" {
		return m, nil, nil
	}
	if jpeg, err = p.read(ctx, websocket.MessageBinary, maxPicture); err != nil {
		return m, nil, err
	}
	if !bytes.HasPrefix(jpeg, []byte{0xff, 0xd8, 0xff}) {
		return m, nil, errMalformed.Because(errors.New("localdoor: a picture that is no JPEG"))
	}
	return m, jpeg, nil
}

func (p *Page) read(ctx context.Context, want websocket.MessageType, limit int64) ([]byte, error) {
	kind, r, err := p.ws.Reader(ctx)
	if err != nil {
		return nil, err
	}
	if kind != want {
		return nil, errMalformed.Because(fmt.Errorf("localdoor: a %v message where a %v is due", kind, want))
	}
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > limit {
		return nil, errMalformed.Because(errors.New("localdoor: message too large"))
	}
	return b, nil
}

// Send hands the page one message.
func (p *Page) Send(ctx context.Context, m wire.AgentMessage) error {
	b, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("localdoor: send %s: %w", m.Type, err)
	}
	ctx, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	return p.ws.Write(ctx, websocket.MessageText, b)
}

// Close ends the socket and tells the page a code of the catalogue.
func (p *Page) Close(code string) { _ = p.ws.Close(websocket.StatusPolicyViolation, code) }

// accept upgrades; checkRequest has compared the Origin already.
func accept(w http.ResponseWriter, r *http.Request) (*websocket.Conn, error) {
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, CompressionMode: websocket.CompressionDisabled, Subprotocols: []string{"binary"},
	})
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(maxPicture + 1)
	return ws, nil
}
