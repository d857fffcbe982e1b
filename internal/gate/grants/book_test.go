package grants

import (
	"crypto/ed25519"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
	"github.com/sekisho/sekisho/internal/wire"
)

func TestFaceOpensASessionAndItsRowStandsFirst(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		c := newCentre(t, db)
		p := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
		if p.alive() {
			t.Fatal("alive in quarantine")
		}
		opened := 0
		c.book.OnOpen(func(s Session) {
			opened++
			if rows := c.rows("session.opened"); len(rows) != 1 || rows[0].Session != s.ID || rows[0].Detail["policy"] != "office" {
				t.Errorf("open before its row: %v", rows)
			}
		})
		s := p.login()
		if !p.alive() || opened != 1 || s.Epoch == 0 || s.Class != sekisho.ClassFace || s.Expires != nil {
			t.Fatalf("session %+v, alive %v, listeners %d", s, p.alive(), opened)
		}
		st, ok := c.book.Find(p.Address)
		if !ok || !st.Live || st.Session.ID != s.ID || st.Last != s.ID {
			t.Fatalf("standing %+v", st)
		}
		if rows := c.rows("login."); len(rows) != 1 || rows[0].Kind != "login.accepted" {
			t.Fatalf("login rows %v", rows)
		}
		if !c.book.End(s.ID, sekisho.Unknown, "session.closed_by_sv") || p.alive() || c.book.End(s.ID, sekisho.Unknown, "again") {
			t.Fatal("End does not end once")
		}
		rows := c.rows("session.ended")
		if len(rows) != 1 || rows[0].Reason != "session.closed_by_sv" || rows[0].Detail["state"] != "unknown" {
			t.Fatalf("rows %v", rows)
		}
	})
}

func TestStatementsThatOpenNothing(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
	other := c.connect(c.person("baba", sekisho.RoleOperator)).enrol()
	foreign := *p
	foreign.key = other.key
	replayed := p.statement(nil)
	if _, err := c.book.Open(t.Context(), p.ID, replayed); err != nil {
		t.Fatalf("control: %v", err)
	}
	both := p.statement(nil)
	both.Approved = both.Face
	relayed := p.statement(nil)
	cases := map[string]struct {
		on   *pc
		open wire.OpenSession
		code string
	}{
		"nonce used before":              {p, replayed, "face.nonce"},
		"signed by another connection":   {p, foreign.statement(nil), "session.statement"},
		"shown on another connection":    {other, relayed, "session.statement"},
		"neither face nor approval":      {p, wire.OpenSession{}, "session.one_statement"},
		"both":                           {p, both, "session.one_statement"},
		"for another person":             {p, p.statement(func(s *wire.FaceStatement) { s.Person = other.Person }), "session.statement"},
		"names another connection":       {p, p.statement(func(s *wire.FaceStatement) { s.Connection = other.ID }), "session.statement"},
		"face statement as approval":     {p, wire.OpenSession{Approved: p.statement(nil).Face}, "session.statement"},
		"connection that does not exist": {&pc{c, Connection{ID: sekisho.ConnectionID(wire.NewID())}, nil}, relayed, "connection.unknown"},
	}
	c.book.End(c.book.byPerson.get(p.Person).session.ID, sekisho.Unknown, "session.closed_by_sv")
	for name, test := range cases {
		_, err := c.book.Open(t.Context(), test.on.ID, test.open)
		if err == nil || sekisho.CodeOf(err) != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
	for name, change := range map[string]struct {
		fn   func(*wire.FaceStatement)
		code string
	}{
		"another commitment":            {func(s *wire.FaceStatement) { s.Commitment = hash("swapped") }, "face.commitment"},
		"a verdict older than 1,500 ms": {func(s *wire.FaceStatement) { s.AgeMS = 1501 }, "face.too_old"},
		"not live":                      {func(s *wire.FaceStatement) { s.Live = false }, "face.not_live"},
		"a challenge nobody asked":      {func(s *wire.FaceStatement) { s.Challenge = "turn_left" }, "face.challenge"},
	} {
		if _, err := c.book.Open(t.Context(), p.ID, p.statement(change.fn)); err == nil || sekisho.CodeOf(err) != change.code {
			t.Errorf("%s: %v, want %s", name, err, change.code)
		}
	}
	if p.alive() || other.alive() {
		t.Fatal("something opened")
	}
	rows := len(c.rows("login.refused"))
	if rows < 10 {
		t.Errorf("%d rows of refused logins", rows)
	}
	// A login that ends where it would begin leaves its row too.
	_, err := c.people.Suspend(t.Context(), c.sv, p.Person, "left")
	c.must(err)
	if _, err := c.book.LoginNonce(t.Context(), p.ID); err == nil || len(c.rows("login.refused")) != rows+1 {
		t.Errorf("%v, %d rows", err, len(c.rows("login.refused")))
	}
}

func TestRenewalsThatRenewNothing(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
	other := c.connect(c.person("baba", sekisho.RoleOperator)).enrol()
	s, os := p.login(), other.login()
	first := p.nonce(s.ID)
	c.clk.Advance(time.Second)
	renewal := p.answer(first, sekisho.Present)
	out := c.book.Renew(renewal, p.Address)
	ack, err := wire.ParseLeaseNonce(out.Reply)
	if out.Refused != Taken || err != nil || ack.Acked != 1 || ack.Counter != 1 {
		t.Fatalf("control: %+v %+v %v", out, ack, err)
	}
	c.clk.Advance(time.Second)
	second := p.nonce(s.ID)
	if second.Counter != 2 || second.Acked != 1 {
		t.Fatalf("second nonce %+v", second)
	}
	before := c.book.Deadline(p.Address).Load()
	foreign := *p
	foreign.key = other.key
	flipped := p.answer(second, sekisho.Present)
	flipped[60] ^= 1
	for name, test := range map[string]struct {
		raw  []byte
		from netip.Addr
		want Refusal
	}{
		"replayed byte for byte":               {renewal, p.Address, RefusedAgain},
		"replayed from another address":        {renewal, other.Address, RefusedSession},
		"from an address outside":              {renewal, netip.MustParseAddr("100.64.9.9"), RefusedStranger},
		"an answered nonce, another state":     {p.answer(first, sekisho.Unsure), p.Address, RefusedAgain},
		"signed by another session's key":      {foreign.answer(second, sekisho.Present), p.Address, RefusedSignature},
		"another's session from own address":   {other.answer(wire.LeaseNonce{Session: os.ID, Counter: 1}, sekisho.Present), p.Address, RefusedSession},
		"one bit flipped":                      {flipped, p.Address, RefusedSignature},
		"a counter that was never issued":      {p.answer(wire.LeaseNonce{Session: s.ID, Counter: 3}, sekisho.Present), p.Address, RefusedNonce},
		"nonce of another counter":             {p.answer(wire.LeaseNonce{Session: s.ID, Counter: 2, Nonce: first.Nonce}, sekisho.Present), p.Address, RefusedNonce},
		"verdict older than 1,500 ms":          {p.answer(second, sekisho.Present, func(r *wire.LeaseRenewal) { r.Age = 1501 * time.Millisecond }), p.Address, RefusedAge},
		"verdict older than the nonce":         {p.answer(second, sekisho.Present, func(r *wire.LeaseRenewal) { r.Age = time.Millisecond }), p.Address, RefusedAge},
		"not a datagram":                       {[]byte("hello"), p.Address, RefusedMalformed},
		"a nonce sent back":                    {c.book.Nonce(s.ID), p.Address, RefusedMalformed},
		"onlooker claimed by another's key":    {foreign.answer(second, sekisho.Onlooker), p.Address, RefusedSignature},
		"onlooker for a session of another PC": {other.answer(wire.LeaseNonce{Session: s.ID}, sekisho.Onlooker), other.Address, RefusedSession},
	} {
		if out := c.book.Renew(test.raw, test.from); out.Refused != test.want || out.Ended != nil {
			t.Errorf("%s: %q, want %q", name, out.Refused, test.want)
		}
	}
	if now := c.book.Deadline(p.Address).Load(); now != before {
		t.Errorf("the deadline moved from %v to %v", time.Duration(before), time.Duration(now))
	}
	if !p.alive() || !other.alive() {
		t.Error("an honest session died of it")
	}
}

func TestFloodIsDroppedUnread(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
	s := p.login()
	junk := p.answer(wire.LeaseNonce{Session: s.ID, Counter: 77}, sekisho.Present)
	dropped := 0
	for range 100 {
		if c.book.Renew(junk, p.Address).Refused == RefusedFlood {
			dropped++
		}
	}
	if dropped != 100-checksEach {
		t.Fatalf("%d of 100 dropped, want %d", dropped, 100-checksEach)
	}
	c.clk.Advance(time.Second)
	if out := c.book.Renew(p.answer(p.nonce(s.ID), sekisho.Present), p.Address); out.Refused != Taken {
		t.Fatalf("after a second: %q", out.Refused)
	}
}

func TestEndingIsToldInOrderBeforeAnythingReturns(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
	var order []string
	c.book.OnEnd(func(e Ended) {
		if p.alive() || c.book.Deadline(p.Address).Load() != 0 {
			t.Error("told while packets still pass")
		}
		order = append(order, "flows")
	})
	c.book.OnEnd(func(Ended) { order = append(order, "floor") })
	s := p.login()
	n := p.nonce(s.ID)
	c.clk.Advance(time.Second)
	out := c.book.Renew(p.answer(n, sekisho.Onlooker, func(r *wire.LeaseRenewal) { r.Age = 300 * time.Millisecond }), p.Address)
	if out.Ended == nil || out.Ended.State != sekisho.Onlooker || len(order) != 2 || order[0] != "flows" || order[1] != "floor" {
		t.Fatalf("%+v, told %v", out, order)
	}
	if out.Ended.VerdictAt != c.clk.Mono()-300*time.Millisecond {
		t.Errorf("verdict at %v, now %v", out.Ended.VerdictAt, c.clk.Mono())
	}
	closed, err := wire.ParseLeaseClosed(out.Reply)
	if err != nil || closed.State != sekisho.Onlooker || closed.Reason != "lease.onlooker" {
		t.Errorf("notice %+v, %v", closed, err)
	}
	// It never revives: neither the same nonce nor any other, and it is told only once.
	c.clk.Advance(time.Second)
	if out := c.book.Renew(p.answer(n, sekisho.Present), p.Address); out.Refused != RefusedDead || out.Ended != nil {
		t.Errorf("after the end: %+v", out)
	}
	if b := c.book.Beat(s.ID); b.Live || c.book.Nonce(s.ID) != nil {
		t.Error("a dead session gets nonces")
	}
	if p.alive() || len(c.ended) != 1 {
		t.Errorf("alive %v, told %d times", p.alive(), len(c.ended))
	}
	// A new login is a new session with a new epoch.
	if again := p.login(); again.Epoch <= s.Epoch || again.ID == s.ID || !p.alive() {
		t.Errorf("again %+v", again)
	}
}

func TestLapseWithoutAnybodyAsking(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
	s := p.login()
	n := p.nonce(s.ID)
	c.clk.Advance(6*time.Second - 1)
	if !p.alive() || c.book.Sweep() != 0 {
		t.Fatal("dead before its time")
	}
	c.clk.Advance(1)
	if p.alive() {
		t.Fatal("packets pass after the deadline, before any sweep")
	}
	if out := c.book.Renew(p.answer(n, sekisho.Present), p.Address); out.Refused != RefusedDead || out.Ended == nil {
		t.Fatalf("a late renewal: %+v", out)
	}
	if c.book.Sweep() != 0 || len(c.ended) != 1 || c.ended[0].State != sekisho.Lost || c.ended[0].Reason != "lease.expired" {
		t.Fatalf("ended %+v", c.ended)
	}
	s = p.login()
	c.clk.Advance(7 * time.Second)
	if c.book.Sweep() != 1 || len(c.ended) != 2 || c.ended[1].Session.ID != s.ID {
		t.Fatalf("sweep ended %+v", c.ended)
	}
}

func TestWallClockJumpsChangeNothing(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
	s := p.login()
	for _, jump := range []time.Duration{-time.Hour, time.Hour, -10 * 365 * 24 * time.Hour, 20 * 365 * 24 * time.Hour} {
		n := p.nonce(s.ID)
		c.clk.Advance(500 * time.Millisecond)
		if out := c.book.Renew(p.answer(n, sekisho.Present), p.Address); out.Refused != Taken {
			t.Fatalf("renewal: %q", out.Refused)
		}
		issue := c.clk.Mono() - 500*time.Millisecond
		c.clk.Jump(jump)
		if got := time.Duration(c.book.Deadline(p.Address).Load()); got != issue+wire.LeaseTTL {
			t.Fatalf("after a jump of %v the deadline is %v, want %v", jump, got, issue+wire.LeaseTTL)
		}
		c.clk.Advance(1500 * time.Millisecond)
		if !p.alive() {
			t.Fatalf("a jump of %v closed the lease", jump)
		}
	}
	p.nonce(s.ID) // issued and never answered
	c.clk.Jump(-time.Hour)
	c.clk.Advance(4 * time.Second)
	c.clk.Jump(-time.Hour)
	if p.alive() {
		t.Fatal("clocks set back keep a lease alive")
	}
}

func TestNewestSessionOfAPersonWins(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	who := c.person("aoki", sekisho.RoleOperator)
	home, office := c.connect(who).enrol(), c.connect(who).enrol()
	old := home.login()
	now := office.login()
	if home.alive() || !office.alive() {
		t.Fatalf("old alive %v, new alive %v", home.alive(), office.alive())
	}
	if len(c.ended) != 1 || c.ended[0].Session.ID != old.ID || c.ended[0].Reason != "session.newer" {
		t.Fatalf("ended %+v", c.ended)
	}
	again := office.login() // on the same PC too
	if !office.alive() || len(c.ended) != 2 || c.ended[1].Session.ID != now.ID || again.Epoch <= now.Epoch {
		t.Fatalf("ended %+v", c.ended)
	}
}

func TestManyLoginsAtOnceLeaveOneSession(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	who := c.person("aoki", sekisho.RoleOperator)
	var pcs []*pc
	for range 8 {
		pcs = append(pcs, c.connect(who).enrol())
	}
	opens := make([]wire.OpenSession, len(pcs))
	for i, p := range pcs {
		opens[i] = p.statement(nil)
	}
	var all sync.WaitGroup
	for i, p := range pcs {
		all.Go(func() {
			if _, err := c.book.Open(t.Context(), p.ID, opens[i]); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	alive := 0
	for _, p := range pcs {
		if p.alive() {
			alive++
		}
	}
	if alive != 1 || len(c.ended) != 7 {
		t.Fatalf("%d sessions alive, %d ended", alive, len(c.ended))
	}
}

func TestDisconnectEndsAndForgets(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
	p.login()
	packet := c.book.Deadline(p.Address) // as the road keeps it
	open := p.statement(nil)
	if !c.book.Disconnect(p.ID, "connection.closed") || c.book.Disconnect(p.ID, "connection.closed") {
		t.Fatal("Disconnect does not disconnect once")
	}
	if packet.Load() != 0 || p.alive() || len(c.ended) != 1 {
		t.Fatal("packets pass after the disconnection")
	}
	if _, err := c.book.Open(t.Context(), p.ID, open); sekisho.CodeOf(err) != "connection.unknown" {
		t.Fatalf("open after the disconnection: %v", err)
	}
	// The address may be given to another PC; the old number stays dead.
	next := c.connect(c.person("baba", sekisho.RoleOperator), func(n *Connection) { n.Address = p.Address }).enrol()
	next.login()
	if packet.Load() != 0 || !next.alive() {
		t.Fatal("the old connection's number lives on")
	}
}

func TestConnectRefuses(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	who := c.person("aoki", sekisho.RoleOperator)
	p := c.connect(who)
	valid := func() Connection {
		n := p.Connection
		n.ID, n.Address = sekisho.ConnectionID(wire.NewID()), netip.MustParseAddr("100.64.7.7")
		return n
	}
	for name, test := range map[string]struct {
		change func(*Connection)
		code   string
	}{
		"taken address":  {func(n *Connection) { n.Address = p.Address }, "connection.invalid"},
		"taken id":       {func(n *Connection) { n.ID = p.ID }, "connection.invalid"},
		"no key":         {func(n *Connection) { n.LeaseKey = nil }, "connection.invalid"},
		"unknown tier":   {func(n *Connection) { n.Tier = sekisho.TierNone }, "connection.invalid"},
		"software key":   {func(n *Connection) { n.Tier = sekisho.TierC }, "connection.software_key"},
		"unknown policy": {func(n *Connection) { n.Policy = "lax" }, "policy.unknown"},
		"nobody's PC":    {func(n *Connection) { n.Person = "" }, "connection.invalid"},
	} {
		n := valid()
		test.change(&n)
		if err := c.book.Connect(t.Context(), n); sekisho.CodeOf(err) != test.code {
			t.Errorf("%s: %v, want %s", name, err, test.code)
		}
	}
	if err := c.book.Connect(t.Context(), valid()); err != nil {
		t.Errorf("control: %v", err)
	}
}

func TestSuspendedPeopleOpenNothing(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	who := c.person("aoki", sekisho.RoleOperator)
	p := c.connect(who).enrol()
	p.login()
	open := p.statement(nil)
	_, err := c.people.Suspend(t.Context(), c.sv, who, "left")
	c.must(err)
	c.book.EndPerson(who, "person.suspended")
	_, err = c.book.Open(t.Context(), p.ID, open)
	c.refused(err, "person.inactive")
	if p.alive() {
		t.Fatal("alive")
	}
}

// TestEachSessionEndsOnce lets everything that can end a session do so at once.
func TestEachSessionEndsOnce(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	p := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol()
	const rounds = 20
	for range rounds {
		s := p.login()
		n := p.nonce(s.ID)
		present, onlooker := p.answer(n, sekisho.Present), p.answer(n, sekisho.Onlooker)
		var all sync.WaitGroup
		for _, act := range []func(){
			func() { c.book.Renew(present, p.Address) },
			func() { c.book.Renew(onlooker, p.Address) },
			func() { c.book.End(s.ID, sekisho.Unknown, "session.closed_by_sv") },
			func() { c.book.EndPerson(p.Person, "person.suspended") },
			func() { c.clk.Advance(wire.LeaseTTL); c.book.Sweep() },
			func() { c.book.Beat(s.ID) },
			func() { c.book.Alive(p.Address); c.book.Live() },
		} {
			all.Go(act)
		}
		all.Wait()
		if p.alive() {
			t.Fatal("alive after all of it")
		}
	}
	seen := map[sekisho.SessionID]int{}
	for _, e := range c.ended {
		seen[e.Session.ID]++
	}
	if len(c.ended) != rounds || len(seen) != rounds || len(c.rows("session.ended")) != rounds {
		t.Fatalf("%d sessions ended %d times, %d rows", len(seen), len(c.ended), len(c.rows("session.ended")))
	}
}

func TestEndAll(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	a, b := c.connect(c.person("aoki", sekisho.RoleOperator)).enrol(), c.connect(c.person("baba", sekisho.RoleOperator)).enrol()
	a.login()
	b.login()
	if n := c.book.EndAll("server.stopping"); n != 2 || a.alive() || b.alive() || len(c.ended) != 2 || c.book.EndAll("again") != 0 {
		t.Fatalf("ended %d of 2, told %d times", n, len(c.ended))
	}
}

// FuzzRenew throws bytes at a live lease: none may move or end it.
func FuzzRenew(f *testing.F) {
	pub, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		f.Fatal(err)
	}
	clk := clock.NewFake(time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC))
	b := &Book{
		clk: clk, byAddress: newIndex[netip.Addr](), byConnection: newIndex[sekisho.ConnectionID](),
		bySession: newIndex[sekisho.SessionID](), byPerson: newIndex[sekisho.PersonID](),
	}
	b.suspect.start(map[sekisho.PersonID]sekisho.State{})
	s := &seat{conn: Connection{ID: "c", Person: "p", Address: netip.MustParseAddr("100.64.0.9"), LeaseKey: pub}}
	b.byAddress.add(s.conn.Address, s)
	b.byConnection.add(s.conn.ID, s)
	session, err := b.install(s, Session{ID: sekisho.SessionID(wire.NewID()), Person: "p", Class: sekisho.ClassFace}, suspicion{})
	if err != nil {
		f.Fatal(err)
	}
	n, err := wire.ParseLeaseNonce(b.Nonce(session.ID))
	if err != nil {
		f.Fatal(err)
	}
	real, err := wire.LeaseRenewal{Session: session.ID, Counter: n.Counter, Nonce: n.Nonce, State: sekisho.Onlooker}.
		Sign(func(m []byte) []byte { return ed25519.Sign(key, m) })
	if err != nil {
		f.Fatal(err)
	}
	before := s.deadline.Load()
	f.Add([]byte{})
	f.Add(b.Nonce(session.ID))
	f.Add(real[:116])
	flipped := append([]byte{}, real...)
	flipped[44] ^= 2
	f.Add(flipped)
	f.Fuzz(func(t *testing.T, raw []byte) {
		clk.Advance(time.Nanosecond)
		out := b.Renew(raw, s.conn.Address)
		if string(raw) == string(real) {
			t.Skip("the one datagram that may end it")
		}
		if out.Refused == Taken || out.Ended != nil || s.deadline.Load() != before {
			t.Fatalf("%x: %+v", raw, out)
		}
	})
}

func TestUnknownAddressesAreDead(t *testing.T) {
	c := newCentre(t, storagetest.SQLite(t))
	a := netip.MustParseAddr("100.64.200.1")
	if e, d := c.book.Alive(a); e != 0 || d != 0 || c.book.Deadline(a).Load() != 0 {
		t.Fatal("an address that nobody has is alive")
	}
}

func BenchmarkRenew(b *testing.B) {
	pub, key, _ := ed25519.GenerateKey(nil)
	id := sekisho.SessionID(wire.NewID())
	l := NewLease(Terms{Class: sekisho.ClassFace}, 0)
	for b.Loop() {
		n := l.Issue(0, [16]byte{1})
		raw, _ := wire.LeaseRenewal{Session: id, Counter: n, Nonce: [16]byte{1}, State: sekisho.Present}.Sign(func(m []byte) []byte { return ed25519.Sign(key, m) })
		r, err := wire.ParseLeaseRenewal(raw, pub)
		if err != nil || l.Renew(0, r) != Taken {
			b.Fatal("refused")
		}
	}
}
