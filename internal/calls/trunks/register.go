package trunks

import (
	"context"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"github.com/sekisho/sekisho"
)

// Times of registration.
const (
	registerFor   = time.Hour
	registerRetry = 30 * time.Second
)

// Standing is whether a trunk that wants registration has it.
type Standing struct {
	Registered bool
	Until      time.Time // of the registration
	Code       string    // of the last error, ""
}

// Standing is the standing of a trunk; false if it needs no registration or is not known.
func (t *Trunks) Standing(id sekisho.TrunkID) (Standing, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s, ok := t.places[id]
	return s, ok
}

// registration is one trunk's, kept by keepRegistered alone.
type registration struct {
	k      *known
	callID string
	tag    string
	cseq   uint32
	next   time.Duration
}

// keepRegistered registers where trunks want it, again before it lapses, and takes
// it back at the end. until ends before ctx: then nothing is registered any more.
func (t *Trunks) keepRegistered(ctx, until context.Context) {
	defer t.wait.Done()
	defer close(t.away)
	all := map[sekisho.TrunkID]*registration{}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		b := t.book.Load()
		for id, r := range all {
			if k := b.trunks[id]; k == nil || k.Kind != ByRegistration || k.Host != r.k.Host || k.User != r.k.User {
				delete(all, id)
				t.stand(id, nil)
			}
		}
		for id, k := range b.trunks {
			if k.Kind != ByRegistration {
				continue
			}
			r := all[id]
			if r == nil {
				r = &registration{callID: random(16), tag: newTag(), cseq: uint32(rand.IntN(10000))}
				all[id] = r
			}
			if r.k = k; t.clk.Mono() >= r.next {
				t.register(until, r, registerFor)
			}
		}
		select {
		case <-until.Done():
			bye, cancel := context.WithTimeout(ctx, time.Second)
			for _, r := range all {
				t.register(bye, r, 0)
			}
			cancel()
			return
		case <-t.fresh:
		case <-tick.C:
		}
	}
}

func (t *Trunks) stand(id sekisho.TrunkID, s *Standing) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if s == nil {
		delete(t.places, id)
		return
	}
	t.places[id] = *s
}

// register sends one REGISTER (RFC 3261 §10.2) and says when the next is due.
func (t *Trunks) register(ctx context.Context, r *registration, lasts time.Duration) {
	got, err := t.tryRegister(ctx, r, lasts)
	if err != nil {
		s := Standing{Code: sekisho.CodeOf(err)}
		if was, ok := t.Standing(r.k.ID); ok && was.Registered && t.clk.Now().Before(was.Until) {
			s.Registered, s.Until = true, was.Until
		}
		t.stand(r.k.ID, &s)
		r.next = t.clk.Mono() + registerRetry + time.Duration(rand.IntN(10))*time.Second
		return
	}
	t.stand(r.k.ID, &Standing{Registered: got > 0, Until: t.clk.Now().Add(got)})
	r.next = t.clk.Mono() + got/2
}

func (t *Trunks) tryRegister(ctx context.Context, r *registration, lasts time.Duration) (time.Duration, error) {
	at, ok := r.k.at()
	if !ok {
		return 0, errLost
	}
	ctx, cancel := context.WithTimeout(ctx, 8*time.Second)
	defer cancel()
	w, err := t.net.reach(ctx, r.k.Transport, at, r.k.Host)
	if err != nil {
		return 0, err
	}
	uri := "sip:" + peerURI(r.k)
	who := "<sip:" + r.k.User + "@" + peerURI(r.k) + ">"
	var credentials [][2]string
	for range 3 {
		r.cseq++
		headers := append(t.contactOf(r.k, r.k.Transport), [2]string{"Expires", seconds(lasts)}, [2]string{"Allow", allowed})
		a, err := t.table.ask(request{method: sip.REGISTER, uri: uri, via: t.sentBy(r.k.Transport), branch: newBranch(), from: who + ";tag=" + r.tag, to: who,
			callID: r.callID, cseq: r.cseq, headers: append(headers, credentials...)}, w)
		if err != nil {
			return 0, err
		}
		res, err := a.wait(ctx)
		switch {
		case err != nil:
			return 0, errSilent.Because(err)
		case res.StatusCode < 300:
			return granted(res, lasts), nil
		case (res.StatusCode == 401 || res.StatusCode == 407) && credentials == nil:
			h, ok := authorize(res, r.k, sip.REGISTER, uri)
			if !ok {
				return 0, errCredentials
			}
			credentials = [][2]string{h}
		case res.StatusCode == 423 && parseSeconds(header(res, "Min-Expires")) > lasts && lasts > 0:
			lasts = min(parseSeconds(header(res, "Min-Expires")), 24*time.Hour)
		case res.StatusCode == 401, res.StatusCode == 407, res.StatusCode == 403:
			return 0, errCredentials
		default:
			return 0, errLost
		}
	}
	return 0, errCredentials
}

// granted is how long the registrar keeps us: at least a minute, at most what we asked for.
func granted(res *sip.Response, asked time.Duration) time.Duration {
	if asked == 0 {
		return 0
	}
	got := parseSeconds(header(res, "Expires"))
	for _, h := range res.GetHeaders("Contact") {
		if _, rest, ok := strings.Cut(strings.ToLower(h.Value()), "expires="); ok {
			got = parseSeconds(strings.TrimRight(rest, " \r\n"))
			break
		}
	}
	if got == 0 {
		got = asked
	}
	return min(max(got, time.Minute), asked)
}
