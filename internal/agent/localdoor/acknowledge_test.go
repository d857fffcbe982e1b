package localdoor

import (
	"net/http"
	"strings"
	"testing"
)

// A page names a document; signing, and what is signed, is the agent's.
func TestPagesAskForSignaturesAndMakeNone(t *testing.T) {
	s := open(t)
	bearer := s.bearerFor(t, s.ticket())
	with := func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+bearer) }
	good := `{"document":"policy","version":1,"language":"ja"}`
	if res, body := s.request("POST", "/local/v1/acknowledge", good, nil); res.StatusCode == 200 {
		t.Errorf("without a bearer: %d %s", res.StatusCode, body)
	}
	for _, bad := range []string{"", "{}{}", `{"document":"policy","version":1,"language":"ja","digest":"00"}`} {
		if res, body := s.request("POST", "/local/v1/acknowledge", bad, with); res.StatusCode == 200 {
			t.Errorf("%s: %d %s", bad, res.StatusCode, body)
		}
	}
	if res, body := s.request("POST", deskPrefix+"acknowledgements", `{"payload":"","signature":""}`, with); res.StatusCode != 403 || !strings.Contains(body, "local.agent_only") {
		t.Errorf("a page's own statement: %d %s", res.StatusCode, body)
	}
	if s.agent.done() != "" {
		t.Fatalf("the agent was asked: %s", s.agent.done())
	}
	if res, body := s.request("POST", "/local/v1/acknowledge", good, with); res.StatusCode != 200 || s.agent.done() != "acknowledge policy" {
		t.Errorf("control: %d %s, %q", res.StatusCode, body, s.agent.done())
	}
}
