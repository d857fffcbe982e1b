package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// protocol is one DevTools connection with calls in flight.
type protocol struct {
	ws     *websocket.Conn
	mu     sync.Mutex
	next   int64
	calls  map[int64]chan reply
	listen map[string][]func(session string, params json.RawMessage)
	gone   chan struct{}
	err    error
}

type message struct {
	ID      int64           `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  any             `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

type reply struct {
	result json.RawMessage
	err    error
}

func dial(ctx context.Context, url string) (*protocol, error) {
	ws, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		return nil, err
	}
	ws.SetReadLimit(256 << 20)
	p := &protocol{ws: ws, calls: map[int64]chan reply{}, listen: map[string][]func(string, json.RawMessage){}, gone: make(chan struct{})}
	go p.read()
	return p, nil
}

func (p *protocol) read() {
	defer close(p.gone)
	for {
		var m struct {
			message
			Params json.RawMessage `json:"params"`
		}
		if err := wsjson.Read(context.Background(), p.ws, &m); err != nil {
			p.mu.Lock()
			p.err = fmt.Errorf("browser: connection lost: %w", err)
			for id, c := range p.calls {
				c <- reply{err: p.err}
				delete(p.calls, id)
			}
			p.mu.Unlock()
			return
		}
		p.mu.Lock()
		call := p.calls[m.ID]
		delete(p.calls, m.ID)
		listeners := p.listen[m.Method]
		p.mu.Unlock()
		if call != nil {
			r := reply{result: m.Result}
			if m.Error != nil {
				r.err = errors.New(m.Error.Message)
			}
			call <- r
		}
		for _, f := range listeners {
			f(m.Session, m.Params)
		}
	}
}

// call sends a command and waits for its result; out may be nil.
func (p *protocol) call(ctx context.Context, session, method string, params, out any) error {
	p.mu.Lock()
	if p.err != nil {
		p.mu.Unlock()
		return p.err
	}
	p.next++
	id, ch := p.next, make(chan reply, 1)
	p.calls[id] = ch
	p.mu.Unlock()
	if params == nil {
		params = struct{}{}
	}
	if err := wsjson.Write(ctx, p.ws, message{ID: id, Session: session, Method: method, Params: params}); err != nil {
		return fmt.Errorf("browser: %s: %w", method, err)
	}
	select {
	case r := <-ch:
		if r.err != nil {
			return fmt.Errorf("browser: %s: %w", method, r.err)
		}
		if out == nil {
			return nil
		}
		return json.Unmarshal(r.result, out)
	case <-ctx.Done():
		return fmt.Errorf("browser: %s: %w", method, ctx.Err())
	}
}

func (p *protocol) on(method string, f func(session string, params json.RawMessage)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.listen[method] = append(p.listen[method], f)
}
