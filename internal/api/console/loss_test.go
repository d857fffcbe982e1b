package console_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestJunkCardsThroughAProxyAreCountedTogether: where nobody's source is known,
// guesses go on, and the log holds one row a second and one that says so.
func TestJunkCardsThroughAProxyAreCountedTogether(t *testing.T) {
	c := newCentre(t, true)
	stranger := c.browser()
	stranger.header = http.Header{"X-Forwarded-For": {"198.51.100.7"}}
	try := func(i int) string {
		path := []string{"look", "report"}[i%2]
		return stranger.do("POST", "/lost/"+path, map[string]any{"token": fmt.Sprintf("%026d", i)}).code()
	}
	for i := range 100 {
		if code := try(i); code != "loss.unknown" {
			t.Fatalf("%d: %s", i, code)
		}
	}
	refused, flooded := c.rows("loan.card_refused"), c.rows("door.flooded")
	if len(refused) != 60 || len(flooded) != 1 || flooded[0].Event.Reason != "loss.unknown" || !strings.HasPrefix(flooded[0].Event.Detail["route"], "POST /lost/") {
		t.Errorf("%d rows of cards, %+v", len(refused), flooded)
	}
	c.clk.Advance(time.Second)
	try(0)
	if n := len(c.rows("loan.card_refused")); n != 61 {
		t.Errorf("a second later: %d rows", n)
	}
}
