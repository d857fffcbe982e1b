package drills

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"

	"github.com/sekisho/sekisho"
)

// stream opens a virtual desktop's WebSocket and gives the first words of the
// desktop, or the code with which it was refused.
func stream(ctx context.Context, s *session, id sekisho.DesktopID) string {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	path := "desktops/" + string(id) + "/stream"
	req, err := s.Sign(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err.Error()
	}
	ws, res, err := websocket.Dial(ctx, req.URL.String(), &websocket.DialOptions{
		HTTPHeader: req.Header, CompressionMode: websocket.CompressionDisabled,
		HTTPClient: &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return s.Tunnel.DialTCP(ctx, s.Gateway(80))
		}}},
	})
	if err != nil {
		if res != nil {
			return res.Status
		}
		return err.Error()
	}
	defer ws.CloseNow()
	_, greeting, err := ws.Read(ctx)
	if closed, ok := errors.AsType[websocket.CloseError](err); ok {
		return closed.Reason
	}
	if err == nil {
		return strings.TrimSpace(string(greeting))
	}
	return err.Error()
}
