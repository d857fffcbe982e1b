package localdoor

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// guardSocket opens the guard socket and says hello.
func (s *stand) guardSocket(t *testing.T, bearer string) *websocket.Conn {
	t.Helper()
	ws, _, err := s.dial(t.Context(), "/local/v1/guard", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.CloseNow() })
	if err := ws.Write(t.Context(), websocket.MessageText, []byte(`{"type":"hello","language":"en","bearer":"`+bearer+`"}`)); err != nil {
		t.Fatal(err)
	}
	return ws
}

func TestGuardSocketCarriesFramesAndPictures(t *testing.T) {
	s := open(t)
	ws := s.guardSocket(t, s.bearerFor(t, s.ticket()))
	send := func(kind websocket.MessageType, b []byte) {
		t.Helper()
		if err := ws.Write(t.Context(), kind, b); err != nil {
			t.Fatal(err)
		}
	}
	send(websocket.MessageText, []byte(`{"type":"frame","frame":{"id":7,"faces":[{"box":[1,2,3,4]}]}}`))
	if m := <-s.agent.received; m.Type != "frame" || m.Frame == nil || m.Frame.ID != 7 || m.Frame.Faces[0].Box != [4]float32{1, 2, 3, 4} {
		t.Errorf("%+v", m)
	}
	if _, b, err := ws.Read(t.Context()); err != nil || !strings.Contains(string(b), `"verdict"`) {
		t.Errorf("%s, %v", b, err)
	}
	jpeg := append([]byte{0xff, 0xd8, 0xff}, bytes.Repeat([]byte{0}, maxPicture-3)...)
	send(websocket.MessageText, []byte(`{"type":"picture","frame_id":7}`))
	send(websocket.MessageBinary, jpeg)
	if m := <-s.agent.received; m.Type != "picture" || m.FrameID != 7 {
		t.Errorf("%+v", m)
	}
	if got := <-s.agent.pictures; !bytes.Equal(got, jpeg) {
		t.Errorf("%d bytes", len(got))
	}
}

func TestGuardSocketRefuses(t *testing.T) {
	text := func(s string) [2]any { return [2]any{websocket.MessageText, []byte(s)} }
	binary := func(b []byte) [2]any { return [2]any{websocket.MessageBinary, b} }
	for name, messages := range map[string][][2]any{
		"oversize frame":          {text(`{"type":"frame","pose":"` + strings.Repeat("x", maxMessage) + `"}`)},
		"oversize picture":        {text(`{"type":"picture"}`), binary(append([]byte{0xff, 0xd8, 0xff}, make([]byte, maxPicture)...))},
		"picture that is no JPEG": {text(`{"type":"picture"}`), binary([]byte("GIF89a"))},
		"picture as text":         {text(`{"type":"picture"}`), text(`{"type":"alive"}`)},
		"binary out of turn":      {binary([]byte{0xff, 0xd8, 0xff})},
		"no JSON":                 {text(`{`)},
		"two objects":             {text(`{"type":"alive"}{"type":"alive"}`)},
		"unknown field":           {text(`{"type":"frame","verdict":"present"}`)},
		"wrong kind":              {text(`{"type":"frame","frame":{"id":-1}}`)},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			ws := s.guardSocket(t, s.bearerFor(t, s.ticket()))
			for _, m := range messages {
				_ = ws.Write(t.Context(), m[0].(websocket.MessageType), m[1].([]byte)) // the door may have closed already
			}
			select {
			case err := <-s.agent.ended:
				if err == nil {
					t.Error("ended without an error")
				}
			case m := <-s.agent.received:
				t.Errorf("reached the guard: %+v", m.Type)
			case <-time.After(5 * time.Second):
				t.Error("nothing happened")
			}
		})
	}
}

func TestGuardSocketNeedsBearer(t *testing.T) {
	s := open(t)
	for what, first := range map[string]string{
		"wrong bearer": `{"type":"hello","bearer":"` + secret() + `"}`,
		"no bearer":    `{"type":"hello"}`,
		"no hello":     `{"type":"frame","frame":{"id":1},"bearer":"x"}`,
	} {
		ws, _, err := s.dial(t.Context(), "/local/v1/guard", nil)
		if err != nil {
			t.Fatal(err)
		}
		_ = ws.Write(t.Context(), websocket.MessageText, []byte(first))
		if _, _, err := ws.Read(t.Context()); reasonIn(err) != "local.bearer_required" {
			t.Errorf("%s: %v", what, err)
		}
		ws.CloseNow()
	}
	if len(s.agent.received) != 0 {
		t.Error("features reached the guard without a bearer")
	}
}

func TestNewPageReplacesTheOld(t *testing.T) {
	s := open(t)
	old := s.guardSocket(t, s.bearerFor(t, s.ticket()))
	_ = old.Write(t.Context(), websocket.MessageText, []byte(`{"type":"alive"}`))
	<-s.agent.received
	if _, _, err := old.Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	bearer := s.bearerFor(t, s.ticket())
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if _, _, err := old.Read(ctx); reasonIn(err) != "local.replaced" {
		t.Errorf("old page: %v", err)
	}
	<-s.agent.ended
	newer := s.guardSocket(t, bearer)
	_ = newer.Write(t.Context(), websocket.MessageText, []byte(`{"type":"alive"}`))
	if m := <-s.agent.received; m.Type != "alive" {
		t.Errorf("new page: %+v", m)
	}
}

func TestHelloIsNotHandedOn(t *testing.T) {
	s := open(t)
	bearer := s.bearerFor(t, s.ticket())
	ws := s.guardSocket(t, bearer)
	_ = ws.Write(t.Context(), websocket.MessageText, []byte(`{"type":"alive"}`))
	if m := <-s.agent.received; m.Bearer != "" || m.Type != "alive" {
		t.Errorf("%+v", m)
	}
}
