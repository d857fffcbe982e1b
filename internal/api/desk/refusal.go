package desk

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/wire"
)

// rates are what each PC may do in time. A new connection brings no new share.
type rates struct {
	requests *devices.Limit // all of them
	acts     *devices.Limit // those that leave rows, which the log holds for ever
	consents *devices.Limit // nobody changes his mind more often
	rows     *devices.Limit // audit rows of refusals
}

func newRates(clk clock.Clock) rates {
	return rates{
		requests: devices.NewLimit(clk, 120, 50*time.Millisecond),
		acts:     devices.NewLimit(clk, 120, 250*time.Millisecond),
		consents: devices.NewLimit(clk, 10, time.Minute),
		rows:     devices.NewLimit(clk, 60, time.Second),
	}
}

// rate says whether a request is within its PC's share. Uploads have bounds of
// their own: an incident of a bad day must not wait for the next.
func (d *Door) rate(r *http.Request, c Caller, route string) error {
	limits := []*devices.Limit{d.rates.requests}
	switch route {
	case pattern(upload):
	case pattern(consent):
		limits = append(limits, d.rates.acts, d.rates.consents)
	default:
		if r.Method != http.MethodGet || route == pattern(stream) {
			limits = append(limits, d.rates.acts)
		}
	}
	for _, l := range limits {
		if ok, first := l.Take(string(c.Device)); !ok {
			if first {
				d.row(c, route, audit.Event{Kind: "door.flooded", Reason: errBusy.Code})
			}
			return errBusy
		}
	}
	return nil
}

// refuse answers with the problem and leaves the audit row of a refused attempt
// at this door.
func (d *Door) refuse(w http.ResponseWriter, r *http.Request, c Caller, err error) {
	key := string(c.Device)
	if key == "" {
		key = devices.Source(c.Address)
	}
	route, _ := d.route(r) // none for what the door does not know
	ok, first := d.rates.rows.Take(key)
	switch {
	case ok:
		d.row(c, route, audit.Event{Kind: "door.refused", Reason: wire.ProblemOf(err, "").Code})
	case first:
		d.row(c, route, audit.Event{Kind: "door.flooded", Reason: wire.ProblemOf(err, "").Code})
	}
	d.problem(w, r, err)
}

// answerRefusal is for what a route answers: the rooms write their own rows,
// the door writes those of requests that it could not read.
func (d *Door) answerRefusal(w http.ResponseWriter, r *http.Request, c Caller, err error) {
	switch wire.ProblemOf(err, "").Code {
	case errMalformed.Code, errUnsigned.Code, "request.too_large":
		d.refuse(w, r, c, err)
	default:
		d.problem(w, r, err)
	}
}

func (d *Door) problem(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case sekisho.KindOf(err) == sekisho.KindBusy:
		w.Header().Set("Retry-After", "5")
	case sekisho.CodeOf(err) == errQuarantine.Code:
		p := wire.ProblemOf(err, r.Header.Get("Accept-Language"))
		p.Status = http.StatusMisdirectedRequest
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(p.Status)
		_ = json.NewEncoder(w).Encode(p) // the caller is gone if this fails
		return
	}
	wire.WriteProblem(w, r, err)
}

func (d *Door) row(c Caller, route string, e audit.Event) {
	e.Actor, e.Decision, e.Session = audit.Actor{Person: c.Person, Device: c.Device, Process: "agent"}, audit.Deny, c.Session
	e.Object = audit.Object{Type: "door", ID: "desk"}
	if c.Device != "" {
		e.Object = audit.Object{Type: "device", ID: string(c.Device)}
	}
	if route == "" {
		route = "none" // never the caller's own words
	}
	e.Detail = map[string]string{"route": strings.Replace(route, prefix, "", 1), "connection": string(c.Connection)}
	e.Personal = audit.Personal{"source": c.Address.String()}
	d.Log.Afterwards(e)
}
