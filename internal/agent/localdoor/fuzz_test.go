package localdoor

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/sekisho/sekisho/internal/wire"
)

// FuzzGuard says whatever on the guard socket after a right hello: the agent
// gets a message that is whole and known, or the socket ends. The door stands.
func FuzzGuard(f *testing.F) {
	s := open(f)
	bearer := s.bearerFor(f, s.ticket())
	jpeg := []byte{0xff, 0xd8, 0xff, 0xe0, 0xff, 0xd9}
	for _, text := range []string{
		`{"type":"alive"}`, `{"type":"leave"}`, `{"type":"login","approval":"x"}`, `{"type":"picture","incident":"i","frame_id":7}`, `{"type":"screen"}`,
		`{"type":"frame","frame":{"id":7,"age_ms":12.5,"width":640,"height":480,"faces":[{"box":[1,2,3,4],"score":0.9,"embedding":"AAAA","live":null}],"nonce":"n"}}`,
		`{"type":"frame","frame":{"id":-1}}`, `{"type":"frame","frame":{"age_ms":1e999}}`, `{"type":"alive"}{"type":"login"}`, `{"type":"alive","verdict":{}}`, `[]`, `null`, "", "\x00",
		strings.Repeat("[", 4096), `{"type":"hello","bearer":"again"}`,
	} {
		f.Add([]byte(text), jpeg)
		f.Add([]byte(text), []byte("GIF89a"))
	}
	f.Fuzz(func(t *testing.T, text, picture []byte) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		ws, _, err := s.dial(ctx, "/local/v1/guard", nil)
		if err != nil {
			t.Fatalf("the door stands no more: %v", err)
		}
		defer ws.CloseNow()
		// What the door has closed already takes no more: that is no failure.
		_ = ws.Write(ctx, websocket.MessageText, []byte(`{"type":"hello","bearer":"`+bearer+`"}`))
		_ = ws.Write(ctx, websocket.MessageText, text)
		_ = ws.Write(ctx, websocket.MessageBinary, picture)
		_ = ws.Close(websocket.StatusNormalClosure, "")
		select {
		case <-s.agent.ended:
		case <-ctx.Done():
			t.Fatal("the socket never ended")
		}
		if len(s.agent.received) > 1 {
			t.Fatalf("%d messages of one", len(s.agent.received))
		}
		select {
		case got := <-s.agent.received:
			var want wire.PageMessage
			dec := json.NewDecoder(bytes.NewReader(text))
			dec.DisallowUnknownFields()
			if err := dec.Decode(&want); err != nil || len(text) > maxMessage {
				t.Fatalf("%q became %+v", text, got)
			}
			if _, err := dec.Token(); err != io.EOF {
				t.Fatalf("more than one message became %+v", got)
			}
			takes := got.Type == "picture" || got.Type == "screen"
			if takes != (len(s.agent.pictures) == 1) {
				t.Fatalf("%s came with %d pictures", got.Type, len(s.agent.pictures))
			}
			if takes {
				if b := <-s.agent.pictures; !bytes.HasPrefix(b, []byte{0xff, 0xd8, 0xff}) || len(b) > maxPicture {
					t.Fatalf("a picture of %d bytes that is no JPEG", len(b))
				}
			}
		default:
		}
	})
}

// FuzzDoor sends whatever request: nothing is done and nothing goes through the
// tunnel but for our own page with its bearer, on a route that is a page's.
func FuzzDoor(f *testing.F) {
	s := open(f)
	bearer := s.bearerFor(f, s.ticket())
	for _, path := range []string{"/", "/local/v1/connect", "/local/v1/bearer", "/local/v1/status", "/api/desk/v1/me", "/api/desk/v1/consent?lang=ja", "/api/desk/v1/sessions",
		"/api/desk/v1/login-refusals", "/api/desk/v1/evidence/x", "/api/desk/v1/records/x/objection", "/api/desk/v1/approvals/..%2fsessions", "/models/x", "//", "/api/desk/v1//me"} {
		f.Add("POST", path, s.host, s.origin, "same-origin", `{}`, true)
		f.Add("GET", path, s.host, "", "same-origin", "", true)
		f.Add("GET", path, s.host, "", "none", "", false)
		f.Add("POST", path, "attacker.example", "https://attacker.example", "cross-site", `{"ticket":"x"}`, true)
	}
	f.Fuzz(func(t *testing.T, method, path, host, origin, site, body string, holds bool) {
		r, err := http.NewRequestWithContext(t.Context(), method, "http://127.0.0.1:"+s.port, strings.NewReader(body))
		if err != nil {
			t.Skip("no request")
		}
		r.URL.Opaque, r.Host = path, host
		for name, value := range map[string]string{"Origin": origin, "Sec-Fetch-Site": site} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		r.Header.Set("Content-Type", "application/json")
		if holds {
			r.Header.Set("Authorization", "Bearer "+bearer)
		}
		acts, through := s.agent.done(), len(s.far.requests())
		res, err := http.DefaultTransport.RoundTrip(r)
		if err == nil {
			_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20)) // whatever it is, it must not hold the door
			res.Body.Close()
			if res.StatusCode >= 500 && res.StatusCode != http.StatusServiceUnavailable {
				t.Fatalf("%s %q: %d", method, path, res.StatusCode)
			}
		}
		ours := holds && host == s.host && site == "same-origin" && (origin == s.origin || origin == "" && method == http.MethodGet)
		if s.agent.done() != acts && !ours {
			t.Fatalf("%s %q from %q acted: %s", method, path, origin, s.agent.done())
		}
		for _, sent := range s.far.requests()[through:] {
			target, _, _ := strings.Cut(strings.TrimPrefix(sent, method+" "), " ")
			target, _, _ = strings.Cut(target, "?")
			probe, err := http.NewRequest(method, "http://gateway"+target, nil)
			if err != nil || !ours {
				t.Fatalf("%s %q from %q went through as %q", method, path, origin, sent)
			}
			if _, _, known := routeOf(probe); !known {
				t.Fatalf("no page's route went through: %q", sent)
			}
		}
	})
}
