package trunks

import (
	"context"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// Timers of RFC 3261 §17.
const (
	t1  = 500 * time.Millisecond
	t2  = 4 * time.Second
	t64 = 64 * t1
)

// served is a request of a peer while it may be repeated (RFC 3261 §17.2).
type served struct {
	req   *sip.Request
	way   way
	tag   string // ours, in To
	table *table

	mu       sync.Mutex
	last     []byte // what we answered last
	status   int
	acked    bool
	next     time.Duration // when last is sent again
	gap      time.Duration
	until    time.Duration // when it is forgotten
	onCancel func()
}

// asked is a request of ours until its answer came (RFC 3261 §17.1).
type asked struct {
	req     request
	bytes   []byte
	way     way
	table   *table
	answers chan *sip.Response // the last is a final one; nil: none came

	mu    sync.Mutex
	next  time.Duration
	gap   time.Duration
	until time.Duration
	final bool
	heard bool   // a provisional one came
	ack   []byte // sent again for each repeated final answer
}

// table holds all transactions; one goroutine keeps their time.
type table struct {
	now    func() time.Duration
	mu     sync.Mutex
	served map[string]*served
	asked  map[string]*asked
}

func newTable(now func() time.Duration) *table {
	return &table{now: now, served: map[string]*served{}, asked: map[string]*asked{}}
}

// maxTransactions bounds what floods can make us remember.
const maxTransactions = 20000

// serve finds the transaction of a request; fresh says that it was not there before.
func (t *table) serve(r *sip.Request, w way, method sip.RequestMethod) (s *served, fresh bool) {
	branch, _ := r.Via().Params.Get("branch")
	key := string(method) + " " + branch + " " + r.Via().Host + " " + w.to.Addr().String()
	t.mu.Lock()
	defer t.mu.Unlock()
	if s := t.served[key]; s != nil || method != r.Method {
		return s, false
	}
	if len(t.served) >= maxTransactions {
		return nil, false
	}
	s = &served{req: r, way: w, table: t, tag: newTag(), until: t.now() + 10*time.Minute}
	t.served[key] = s
	return s, true
}

// respond sends a response and remembers it.
func (s *served) respond(status int, headers [][2]string, body []byte) {
	b := respond(s.req, status, s.tag, headers, body)
	now := s.table.now()
	s.mu.Lock()
	if s.status >= 200 {
		s.mu.Unlock()
		return
	}
	s.last, s.status = b, status
	if status >= 200 {
		s.until, s.onCancel = now+t64, nil
		if s.req.IsInvite() && status >= 300 && !s.way.reliable() {
			s.next, s.gap = now+t1, t1
		}
	}
	s.mu.Unlock()
	s.push(b)
}

// push sends bytes; where that fails, the peer's repetition or our timers try again.
func (s *served) push(b []byte) { _ = s.way.send(b) }

func (s *served) repeat() {
	s.mu.Lock()
	b := s.last
	s.mu.Unlock()
	if b != nil {
		s.push(b)
	}
}

func (s *served) ack() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.acked, s.next = true, 0
}

// tick says whether the transaction is over.
func (s *served) tick(now time.Duration) bool {
	s.mu.Lock()
	due := s.next > 0 && now >= s.next
	if due {
		s.gap = min(2*s.gap, t2)
		s.next = now + s.gap
	}
	b, over := s.last, now >= s.until
	s.mu.Unlock()
	if due && !over {
		s.push(b)
	}
	return over
}

// ask sends a request. Its answers come over the channel of what is returned.
func (t *table) ask(r request, w way) (*asked, error) {
	now := t.now()
	a := &asked{req: r, bytes: r.bytes(), way: w, table: t, answers: make(chan *sip.Response, 16), gap: t1, until: now + t64}
	if !w.reliable() {
		a.next = now + t1
	}
	t.mu.Lock()
	if len(t.asked) >= maxTransactions {
		t.mu.Unlock()
		return nil, errBusy
	}
	t.asked[r.key()] = a
	t.mu.Unlock()
	if err := w.send(a.bytes); err != nil {
		t.mu.Lock()
		delete(t.asked, r.key())
		t.mu.Unlock()
		return nil, errLost.Because(err)
	}
	return a, nil
}

// answered takes a response; false if nobody waits for it.
func (t *table) answered(r *sip.Response, from way) bool {
	branch, _ := r.Via().Params.Get("branch")
	t.mu.Lock()
	a := t.asked[string(r.CSeq().MethodName)+" "+branch]
	t.mu.Unlock()
	if a == nil || a.way.to.Addr() != from.to.Addr() || r.CallID().Value() != a.req.callID {
		return false
	}
	a.take(r)
	return true
}

func (a *asked) take(r *sip.Response) {
	now := a.table.now()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.final {
		if r.StatusCode >= 200 && a.ack != nil {
			_ = a.way.send(a.ack) // it comes again if this one is lost
		}
		return
	}
	if r.StatusCode < 200 {
		a.heard = true
		a.gap = t2
		if a.req.method == sip.INVITE {
			a.next, a.until = 0, now+5*time.Minute
		}
	} else {
		a.final, a.next, a.until = true, 0, now+t64
		if a.req.method == sip.INVITE && r.StatusCode >= 300 {
			a.ack = a.req.ackFor(r).bytes()
			_ = a.way.send(a.ack)
		}
	}
	select {
	case a.answers <- r:
	default: // sixteen provisional answers that nobody reads: only a final one matters
		if r.StatusCode >= 200 {
			select {
			case <-a.answers:
			default:
			}
			a.answers <- r // room is there: nobody else sends
		}
	}
	if a.final {
		close(a.answers)
	}
}

func (a *asked) tick(now time.Duration) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.final {
		return now >= a.until
	}
	if now >= a.until {
		a.final = true
		close(a.answers)
		return true
	}
	if a.next > 0 && now >= a.next {
		a.gap *= 2
		if a.req.method != sip.INVITE {
			a.gap = min(a.gap, t2)
		}
		a.next = now + a.gap
		_ = a.way.send(a.bytes)
	}
	return false
}

// wait gives the final answer; nil if there was none in time.
func (a *asked) wait(ctx context.Context) (*sip.Response, error) {
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case r, ok := <-a.answers:
			if !ok {
				return nil, errSilent
			}
			if r.StatusCode >= 200 {
				return r, nil
			}
		}
	}
}

// tick moves the time of all transactions on.
func (t *table) tick() {
	now := t.now()
	t.mu.Lock()
	defer t.mu.Unlock()
	// Sending is done under the lock: datagrams do not block, and repetitions are rare.
	for k, s := range t.served {
		if s.tick(now) {
			delete(t.served, k)
		}
	}
	for k, a := range t.asked {
		if a.tick(now) {
			delete(t.asked, k)
		}
	}
}

// held is how many are remembered.
func (t *table) held() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.served) + len(t.asked)
}
