package desk

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// opening stands in for every district as far as a PC's own words go into it:
// statements are opened as the rooms do it, and nothing else is believed.
type opening struct {
	*fake
}

var errStatement = sekisho.Fail(sekisho.KindDenied, "request.unsigned")

func opened[T any](c Caller, domain string, s *wire.Signed) error {
	var v T
	if s == nil || s.OpenLease(c.LeaseKey, domain, &v) != nil {
		return errStatement
	}
	return nil
}

func (o opening) Open(_ context.Context, c Caller, open wire.OpenSession) (a wire.SessionAnswer, err error) {
	if err := opened[wire.FaceStatement](c, wire.DomainFace, open.Face); err != nil {
		return a, opened[wire.ApprovedStatement](c, wire.DomainApprove, open.Approved)
	}
	return a, nil
}
func (o opening) Store(_ context.Context, c Caller, s wire.StoreFace) error {
	return opened[wire.FaceEnrolment](c, wire.DomainEnrol, &s.Statement)
}
func (o opening) Refuse(_ context.Context, c Caller, s wire.Signed) error {
	return opened[wire.FaceRefusal](c, wire.DomainRefusal, &s)
}
func (o opening) Report(_ context.Context, c Caller, s wire.Signed) error {
	return opened[wire.IncidentReport](c, wire.DomainRecord, &s)
}
func (o opening) Take(_ context.Context, c Caller, s wire.Signed) (a wire.PostureStanding, err error) {
	return a, opened[wire.PostureReport](c, wire.DomainPosture, &s)
}
func (o opening) Pin(_ context.Context, c Caller, s wire.Signed) error {
	return opened[wire.CheckpointPin](c, wire.DomainReport, &s)
}
func (o opening) Ask(context.Context, Caller, wire.ApprovalRequest) (a wire.Approval, err error) {
	return a, nil
}
func (o opening) Approval(context.Context, Caller, sekisho.ApprovalID) (a wire.Approval, err error) {
	return a, errNotFound
}
func (o opening) LoginNonce(context.Context, Caller) (n wire.LoginNonce, err error) { return n, nil }
func (o opening) PasskeyBegin(context.Context, Caller, string) (p wire.PasskeyOptions, err error) {
	return p, errNotFound
}
func (o opening) PasskeyFinish(_ context.Context, _ Caller, _ string, f wire.PasskeyFinish) error {
	if !json.Valid(f.Credential) {
		return errStatement
	}
	return nil
}
func (o opening) Consent(context.Context, string) (t wire.ConsentText, err error) { return t, nil }
func (o opening) Roster(context.Context) (r wire.Roster, err error)               { return r, nil }
func (o opening) End(context.Context, Caller, string) error                       { return nil }
func (o opening) Object(context.Context, Caller, sekisho.IncidentID, string) error {
	return errNotFound
}
func (o opening) Desktop(context.Context, Caller, sekisho.DesktopID, net.Conn, net.Conn) error {
	return errNotFound
}

// FuzzDoor sends whatever bytes under a right signature, as a PC whose agent
// was replaced can, in quarantine and under a live lease: the answer is never a
// failure of ours, a body that is no JSON is never taken, and no statement
// passes that the lease key did not sign.
func FuzzDoor(f *testing.F) {
	plain, c := setUp(f)
	signed := func(domain string, v any) []byte {
		b, err := json.Marshal(wire.SignWith(c.key, domain, v))
		if err != nil {
			f.Fatal(err)
		}
		return b
	}
	for path, body := range map[string][]byte{
		"consent":                  []byte(`{"version":1,"accept":true}`),
		"approvals":                []byte(`{"kind":"passkey","note":"見本"}`),
		"sessions":                 []byte(`{"face":` + string(signed(wire.DomainFace, wire.FaceStatement{Frames: 5})) + `,"approved":null}`),
		"faces":                    []byte(`{"statement":` + string(signed(wire.DomainEnrol, wire.FaceEnrolment{Poses: 5})) + `}`),
		"posture":                  signed(wire.DomainPosture, wire.PostureReport{Number: 1, Platform: "linux"}),
		"incidents":                signed(wire.DomainRecord, wire.IncidentReport{Evidence: []string{}}),
		"login-refusals":           signed(wire.DomainRefusal, wire.FaceRefusal{}),
		"pins":                     signed(wire.DomainReport, wire.CheckpointPin{Checkpoint: "x"}),
		"passkeys/register/finish": []byte(`{"credential":{"id":""},"approval":"x"}`),
		"session/end":              []byte(`{"reason":"lease.lost"}`),
		"records/x/objection":      []byte(`{"note":"\u0000"}`),
		"evidence/" + hashOf("x"):  []byte("x"),
		"room":                     []byte(`{"rules":0,"answers":[{"question":"private","yes":true}],"remark":"","photo":"_9j_"}`),
		"login-nonce":              nil,
		"desktops/../me":           nil,
	} {
		f.Add(path, body, false, false)
		f.Add(path, body, true, true)
	}
	o := opening{plain}
	door := New(Districts{Gate: o, Faces: o, Posture: o, Guard: o, Road: o, Clock: plain.clk, Log: plain, Room: roomer{}, Shared: &sharer{}})
	srv := &http.Server{Handler: door, ConnContext: connContext}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.Fatal(err)
	}
	go func() { _ = srv.Serve(l) }() // ends by Close
	f.Cleanup(func() { _ = srv.Close() })
	c.url = "http://" + l.Addr().String()
	f.Fuzz(func(t *testing.T, path string, body []byte, put, live bool) {
		plain.clk.Advance(time.Minute) // away from the limits
		plain.caller.Session, plain.caller.Epoch, plain.epoch = "", 0, 0
		if live {
			plain.caller.Session, plain.caller.Epoch, plain.epoch = "s", 7, 7
		}
		method := http.MethodPost
		if put {
			method = http.MethodPut
		}
		r, err := http.NewRequest(method, c.url+prefix+path, nil)
		if err != nil || r.URL.RawQuery != "" {
			return // no client could send it
		}
		status, code, err := c.fuzz(method, r.URL.RequestURI(), body)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		switch {
		case status >= 500 && code != "request.busy", status >= 400 && wire.TextOf(code) == wire.TextOf("internal"):
			t.Fatalf("%s %q answered %d %s to %q", method, path, status, code, body)
		case status == http.StatusOK && !put && len(body) > 0 && !json.Valid(body) && path != "login-nonce":
			t.Fatalf("%q took what is no JSON: %q", path, body)
		}
	})
}

// fuzz is request without the helper's strictness: any bytes, any path.
func (c *client) fuzz(method, path string, body []byte) (int, string, error) {
	r, err := c.signed(method, path, string(body))
	if err != nil {
		return 0, "", err
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, "", err
	}
	var p wire.Problem
	if res.StatusCode >= 400 && json.Unmarshal(b, &p) != nil {
		return res.StatusCode, "", fmt.Errorf("no problem document: %s", b)
	}
	return res.StatusCode, p.Code, nil
}
