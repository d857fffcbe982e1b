package trunks

import (
	"context"
	"strconv"
	"strings"

	"github.com/emiago/sipgo/sip"

	"github.com/sekisho/sekisho/internal/calls"
)

// info presses a key by SIP INFO, in its own goroutine: the sender's clock goes on.
func (d *dialog) info(digit calls.Digit) error {
	d.t.background(func() {
		ctx, cancel := context.WithTimeout(d.t.ctx, t64)
		defer cancel()
		// Where the peer refuses it, there is no other way to press a key.
		_, _, _ = d.ask(ctx, sip.INFO, nil, "application/dtmf-relay", []byte("Signal="+string(rune(digit))+"\r\nDuration=100\r\n"))
	})
	return nil
}

// informed takes a key that comes by INFO: where none come in the sound.
func (d *dialog) informed(s *served) {
	digit, ok := readInfo(header(s.req, "Content-Type"), s.req.Body())
	if len(s.req.Body()) > 0 && !ok {
		s.respond(415, [][2]string{{"Accept", "application/dtmf-relay, application/dtmf"}}, nil)
		return
	}
	s.respond(200, nil, nil)
	d.mu.Lock()
	leg := d.leg
	d.mu.Unlock()
	if ok && leg != nil && !leg.over() && !leg.hearsKeys() {
		leg.tell([]calls.Digit{digit})
	}
}

// hearsKeys says whether keys come as telephone-event: then one by INFO is its double.
func (l *Leg) hearsKeys() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.peer.event != noEvent
}

// readInfo reads "Signal=5" or a bare key.
func readInfo(kind string, body []byte) (calls.Digit, bool) {
	if len(body) == 0 || len(body) > 256 {
		return 0, false
	}
	text := strings.TrimSpace(string(body))
	if strings.Contains(strings.ToLower(kind), "relay") {
		line, _, _ := strings.Cut(text, "\n")
		name, value, _ := strings.Cut(line, "=")
		if !strings.EqualFold(strings.TrimSpace(name), "Signal") {
			return 0, false
		}
		text = strings.TrimSpace(value)
	}
	if n, err := strconv.ParseUint(text, 10, 8); err == nil && len(text) == 2 {
		return calls.DigitOf(uint8(n)) // 10 and 11 for * and #
	}
	if len(text) != 1 {
		return 0, false
	}
	d := calls.Digit(strings.ToUpper(text)[0])
	return d, d.Valid()
}
