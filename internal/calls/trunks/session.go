package trunks

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/sekisho/sekisho/internal/calls"
)

// session is the timer of RFC 4028: one side refreshes, the other waits for it.
type session struct {
	interval time.Duration // 0: none
	ours     bool          // we refresh
	at       time.Duration // when we refresh, or give up
}

// Bounds of the session interval (RFC 4028 §4, §5).
const (
	minSession = 90 * time.Second
	ourSession = 1800 * time.Second
)

func (s *session) renew(now time.Duration) {
	if s.interval == 0 {
		return
	}
	if s.ours {
		s.at = now + s.interval/2
	} else {
		s.at = now + s.interval - min(32*time.Second, s.interval/3)
	}
}

// negotiateSession answers the peer's wish for a session timer; a status refuses it.
func (d *dialog) negotiateSession(r *sip.Request) (headers [][2]string, status int) {
	text, params, _ := strings.Cut(header(r, "Session-Expires"), ";")
	if text == "" {
		text, params, _ = strings.Cut(header(r, "x"), ";")
	}
	wish := parseSeconds(text)
	if text != "" && wish < minSession {
		return [][2]string{{"Min-SE", seconds(minSession)}}, 422
	}
	interval := ourSession
	if wish > 0 {
		interval = min(wish, ourSession)
	}
	interval = max(interval, min(parseSeconds(header(r, "Min-SE")), 2*time.Hour))
	theirs := strings.Contains(strings.ToLower(params), "refresher=uac")
	knows := supports(r, "timer")
	d.mu.Lock()
	d.session = session{interval: interval, ours: !theirs}
	d.session.renew(d.t.clk.Mono())
	d.mu.Unlock()
	who := "uas"
	if theirs {
		who = "uac"
	}
	headers = append(headers, [2]string{"Session-Expires", seconds(interval) + ";refresher=" + who})
	if knows || theirs {
		headers = append(headers, [2]string{"Require", "timer"})
	}
	return headers, 0
}

// supports says whether a message names an extension in Supported or Require.
func supports(m sip.Message, option string) bool {
	for _, name := range []string{"Supported", "k", "Require"} {
		for _, h := range m.GetHeaders(name) {
			for _, o := range strings.Split(h.Value(), ",") {
				if strings.EqualFold(strings.TrimSpace(o), option) {
					return true
				}
			}
		}
	}
	return false
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }

// parseSeconds reads a number of seconds; 0 where it is none.
func parseSeconds(text string) time.Duration {
	text, _, _ = strings.Cut(text, ";")
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 31)
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Second
}

// refresh keeps the session: by UPDATE where the peer knows it, else by re-INVITE.
func (d *dialog) refresh() {
	d.mu.Lock()
	update, interval, leg := d.update, d.session.interval, d.leg
	d.mu.Unlock()
	headers := append(d.t.contact(d), [2]string{"Session-Expires", seconds(interval) + ";refresher=uac"}, [2]string{"Supported", "timer"})
	method, kind, body := sip.UPDATE, "", []byte(nil)
	if !update {
		method, kind, body = sip.INVITE, "application/sdp", leg.offer()
	}
	res, a, err := d.ask(d.t.ctx, method, headers, kind, body)
	now := d.t.clk.Mono()
	switch {
	case d.t.ctx.Err() != nil:
	case err != nil, res.StatusCode == 481, res.StatusCode == 408:
		d.hang(calls.TrunkLost)
	case res.StatusCode == 491: // both asked at once (§14.1)
		d.mu.Lock()
		d.session.at = now + time.Duration(2100+rand.IntN(1900))*time.Millisecond
		d.mu.Unlock()
	case res.StatusCode < 300:
		if method == sip.INVITE {
			d.ackFor(a)
			if m, err := readSDP(res.Body()); err != nil || leg.agree(m) != nil {
				d.hang(calls.NotUnderstood)
			}
		}
		d.mu.Lock()
		d.session.renew(now)
		d.mu.Unlock()
	default:
		d.mu.Lock()
		if res.StatusCode == 422 {
			d.session.interval = max(d.session.interval, parseSeconds(header(res, "Min-SE")))
		}
		d.update = d.update && res.StatusCode != 405 && res.StatusCode != 501
		d.session.at = now + 10*time.Second
		d.mu.Unlock()
	}
	d.mu.Lock()
	d.asking = false
	d.mu.Unlock()
}

// sessionHeaders repeats what negotiateSession concluded; mu is held.
func (d *dialog) sessionHeaders(r *sip.Request) [][2]string {
	who := "uas"
	if !d.session.ours {
		who = "uac"
	}
	headers := [][2]string{{"Session-Expires", seconds(d.session.interval) + ";refresher=" + who}}
	if supports(r, "timer") {
		headers = append(headers, [2]string{"Require", "timer"})
	}
	return headers
}
