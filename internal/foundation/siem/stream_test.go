package siem

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/clock"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/foundation/storage/storagetest"
)

type fixture struct {
	t   *testing.T
	db  *storage.DB
	log *audit.Log
}

func newFixture(t *testing.T, db *storage.DB) fixture {
	t.Helper()
	if err := db.Migrate(t.Context(), audit.Schema, Schema); err != nil {
		t.Fatal(err)
	}
	log, err := audit.New(db, clock.System(), ed25519.NewKeyFromSeed(make([]byte, 32)), "test.example/log")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := log.Close(); err != nil {
			t.Error(err)
		}
	})
	return fixture{t, db, log}
}

func (f fixture) add(n int) {
	f.t.Helper()
	err := f.db.Write(f.t.Context(), func(tx storage.Tx) error {
		for i := range n {
			e := audit.Event{
				Kind: "session.opened", Actor: audit.Actor{Person: "p1", Role: sekisho.RoleOperator}, Object: audit.Object{Type: "session", ID: "s1"},
				Session: "s1", Decision: audit.Allow, Detail: map[string]string{"n": strconv.Itoa(i)}, Personal: audit.Personal{"name": "見本 花子"},
			}
			if err := f.log.Append(f.t.Context(), tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f fixture) stream(set Settings) *Stream {
	f.t.Helper()
	s, err := New(f.db, clock.System(), f.log, set)
	if err != nil {
		f.t.Fatal(err)
	}
	s.look = 20 * time.Millisecond
	return s
}

// run runs the stream until the test, or the function it gives, ends it.
func (f fixture) run(s *Stream) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	ended := false
	stop = func() {
		if ended {
			return
		}
		ended = true
		cancel()
		if err := <-done; err != nil {
			f.t.Error(err)
		}
	}
	f.t.Cleanup(stop)
	return stop
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) { // real processes
		if time.Now().After(deadline) {
			t.Fatal("did not happen: " + what)
		}
	}
}

var seqIn = regexp.MustCompile(`seq="(\d+)"`)

// numbers are the entries that the receiver has, each once, in order.
func numbers(lines []string) (out []int) {
	for _, l := range lines {
		if m := seqIn.FindStringSubmatch(l); m != nil {
			n, _ := strconv.Atoi(m[1]) // digits
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func upTo(n int) (out []int) {
	for i := range n {
		out = append(out, i)
	}
	return out
}

// The real thing: rsyslog with TLS is killed in the middle and comes back, the
// server restarts, and nothing is missing.
func TestNothingIsLostOverOutageAndRestart(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		a := newAuthority(t, "centre")
		a.issue("siem.example.jp")
		r := newReceiver(t, a)
		r.start()
		f := newFixture(t, db)
		set := Settings{Address: r.addr, Format: RFC5424, CA: a.file("ca.crt"), Name: "siem.example.jp", Host: "gate"}
		f.add(1200)
		first := f.stream(set)
		stop := f.run(first)
		eventually(t, "the first entries arrive", func() bool { return len(numbers(r.took())) >= 1200 })
		r.kill()
		f.add(300)
		eventually(t, "a try fails", func() bool { return first.State().Code != "" })
		stop()
		f.add(50) // while nobody passes on
		r.start()
		second := f.stream(set)
		f.run(second)
		eventually(t, "the rest arrives", func() bool { return len(numbers(r.took())) >= 1550 })
		if got := numbers(r.took()); !slices.Equal(got[:1550], upTo(1550)) {
			t.Fatalf("there are gaps: %d numbers, the last %d", len(got), got[len(got)-1])
		}
		for _, l := range r.took() {
			if strings.Contains(l, "見本") {
				t.Fatalf("a personal value went out: %s", l)
			}
		}
		eventually(t, "nothing waits", func() bool { s := second.State(); return s.Lag() == 0 && s.Failing.IsZero() && !s.Sent.IsZero() })
		eventually(t, "the log tells of it", func() bool {
			failed, err := f.log.Search(t.Context(), audit.Filter{Kind: "siem.failed"})
			started, err2 := f.log.Search(t.Context(), audit.Filter{Kind: "siem.started"})
			return err == nil && err2 == nil && len(failed) == 1 && failed[0].Event.Reason != "" && len(started) == 2
		})
	})
}

// What the parser of a real receiver makes of a message: rawmsg is as sent, and
// the JSON of an OCSF event is whole.
func TestEventsArriveAsOCSF(t *testing.T) {
	a := newAuthority(t, "centre")
	a.issue("siem.example.jp")
	r := newReceiver(t, a)
	r.start()
	f := newFixture(t, storagetest.SQLite(t))
	f.add(3)
	f.run(f.stream(Settings{Address: r.addr, Format: OCSF, CA: a.file("ca.crt"), Name: "siem.example.jp"}))
	eventually(t, "three events arrive", func() bool { return len(r.took()) >= 3 })
	for i, l := range r.took()[:3] {
		_, text, ok := strings.Cut(l, " - {")
		var e event
		if err := json.Unmarshal([]byte("{"+text), &e); !ok || err != nil || e.Metadata.Sequence != int64(i) || e.Type != 300201 || e.User.UID != "p1" {
			t.Errorf("%s: %+v, %v", l, e, err)
		}
	}
}

// A receiver with a certificate of another authority, or of another name, gets
// nothing; the same one with the right certificate gets everything.
func TestForeignCertificateGetsNothing(t *testing.T) {
	a, foreign := newAuthority(t, "centre"), newAuthority(t, "stranger")
	for name, wrong := range map[string]func() (*authority, Settings){
		"of another authority": func() (*authority, Settings) {
			foreign.issue("siem.example.jp")
			return foreign, Settings{CA: a.file("ca.crt"), Name: "siem.example.jp"}
		},
		"of another name": func() (*authority, Settings) {
			a.issue("other.example.jp")
			return a, Settings{CA: a.file("ca.crt"), Name: "siem.example.jp"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			at, set := wrong()
			r := newReceiver(t, at)
			r.t = t
			r.start()
			f := newFixture(t, storagetest.SQLite(t))
			f.add(5)
			set.Address, set.Format = r.addr, RFC5424
			s := f.stream(set)
			stop := f.run(s)
			eventually(t, "it is refused", func() bool { return s.State().Code == "siem.certificate" })
			if got := r.took(); len(numbers(got)) > 0 {
				t.Errorf("it got %d entries", len(got))
			}
			stop()
			eventually(t, "the log tells", func() bool {
				rows, err := f.log.Search(t.Context(), audit.Filter{Kind: "siem.failed"})
				return err == nil && len(rows) == 1 && rows[0].Event.Reason == "siem.certificate"
			})
			set.CA, set.Name = at.file("ca.crt"), map[bool]string{true: "other.example.jp", false: "siem.example.jp"}[name == "of another name"]
			f.run(f.stream(set))
			eventually(t, "the control arrives", func() bool { return len(numbers(r.took())) >= 5 })
		})
	}
}

// A receiver that resets, or ends without having read to our end, has taken
// nothing, however politely it ends; one that read everything has.
func TestWhatWasNotReadIsSentAgain(t *testing.T) {
	a := newAuthority(t, "centre")
	a.issue("localhost")
	pair, err := tls.LoadX509KeyPair(a.file("server.crt"), a.file("server.key"))
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	defer close(over)
	tcp := func(c net.Conn) *net.TCPConn { return c.(*tls.Conn).NetConn().(*net.TCPConn) }
	shaken := func(c net.Conn) *tls.Conn {
		_ = c.(*tls.Conn).Handshake() // whoever sends sees it fail too
		return c.(*tls.Conn)
	}
	for name, answer := range map[string]func(net.Conn){
		"says goodbye and reads nothing": func(c net.Conn) {
			_ = shaken(c).CloseWrite()
			<-over
		},
		"says goodbye, reads, and stays": func(c net.Conn) {
			_ = shaken(c).CloseWrite()
			_, _ = io.Copy(io.Discard, c)
			<-over
		},
		"ends its side of TCP and reads nothing": func(c net.Conn) {
			_ = shaken(c)
			_ = tcp(c).CloseWrite()
			<-over
		},
		"closes at once": func(c net.Conn) {
			_ = shaken(c)
			_ = tcp(c).Close()
		},
		"closes politely when we have ended, all unread": func(c net.Conn) {
			_ = shaken(c)
			time.Sleep(2 * settle)
			_ = c.Close()
		},
		"speaks without end": func(c net.Conn) {
			for {
				if _, err := c.Write(make([]byte, 4096)); err != nil {
					return
				}
			}
		},
		"took: reads all, closes politely": func(c net.Conn) {
			_, _ = io.Copy(io.Discard, c)
			_ = c.Close()
		},
		"took: reads all, ends TCP alone": func(c net.Conn) {
			_, _ = io.Copy(io.Discard, c)
			_ = tcp(c).Close()
		},
		"took: reads all, closes after us": func(c net.Conn) {
			_, _ = io.Copy(io.Discard, c)
			_ = c.(*tls.Conn).CloseWrite()
			_, _ = io.Copy(io.Discard, tcp(c))
			_ = tcp(c).Close()
		},
		"resets": func(c net.Conn) {
			_, _ = io.ReadFull(c, make([]byte, 10))
			raw := c.(*tls.Conn).NetConn().(*net.TCPConn)
			_ = raw.SetLinger(0)
			_ = raw.Close()
		},
		"closes before the end": func(c net.Conn) {
			_, _ = io.ReadFull(c, make([]byte, 10))
			raw := c.(*tls.Conn).NetConn().(*net.TCPConn)
			_ = raw.Close() // with bytes unread the kernel resets
		},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			go func() {
				for {
					raw, err := l.Accept()
					if err != nil {
						return
					}
					c := tls.Server(raw, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12})
					answer(c)
				}
			}()
			f := newFixture(t, storagetest.SQLite(t))
			f.add(400)
			s := f.stream(Settings{Address: l.Addr().String(), Format: RFC5424, CA: a.file("ca.crt"), Name: "localhost"})
			want, next := "siem.not_taken", int64(0)
			if strings.HasPrefix(name, "took") {
				want, next = "", 400
			}
			if _, err := s.step(t.Context()); (err == nil) != (want == "") || err != nil && sekisho.CodeOf(err) != want {
				t.Errorf("%v", err)
			}
			from, _, err := s.begin(t.Context())
			if err != nil || from.next != next {
				t.Errorf("the cursor stands at %d, %v", from.next, err)
			}
		})
	}
}

// Two processes on one database: one passes on, the other waits.
func TestOneProcessAtATime(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, db *storage.DB) {
		f := newFixture(t, db)
		one, two := f.stream(Settings{}), f.stream(Settings{})
		_, first, err1 := one.begin(t.Context())
		_, second, err2 := two.begin(t.Context())
		_, again, err3 := one.begin(t.Context())
		if err := errors.Join(err1, err2, err3); err != nil || !first || second || !again {
			t.Errorf("%v %v %v, %v", first, second, again, err)
		}
		if err := two.moved(t.Context(), cursor{}, cursor{next: 9, epoch: 1}); err == nil {
			t.Error("the other one moved the cursor")
		}
		// The other one says what waits all the same.
		f.add(3)
		if s := two.State(); !s.Looked.IsZero() {
			t.Errorf("before it looked: %+v", s)
		}
		two.failed(t.Context(), errUnreachable) // when it still had the stream
		if _, err := two.step(t.Context()); err != nil {
			t.Fatal(err)
		}
		if s := two.State(); s.Lag() < 3 || s.Oldest.IsZero() || s.Looked.IsZero() || s.Code != "" || !s.Failing.IsZero() {
			t.Errorf("%+v", s)
		}
	})
}

// fake is a log that was restored, for what no test can do to a real one in passing.
type fake struct {
	size  int64
	epoch int
	kept  int64
}

func (l *fake) Onwards(_ context.Context, from int64, limit int) (out []audit.Entry, h audit.Head, err error) {
	for seq := from; seq < l.size && len(out) < limit; seq++ {
		out = append(out, audit.Entry{Seq: seq})
	}
	return out, audit.Head{Size: l.size, Epoch: l.epoch}, nil
}
func (l *fake) Kept(context.Context, int) (int64, error) { return l.kept, nil }
func (l *fake) Afterwards(audit.Event)                   {}

// After a restore nothing is passed on until the roots have said from where the
// log goes on; then it goes on from there.
func TestAfterARestoreItGoesOnWhereNothingWasLost(t *testing.T) {
	f := newFixture(t, storagetest.SQLite(t))
	s := f.stream(Settings{})
	log := &fake{size: 60, epoch: 1}
	s.log = log
	if _, _, err := s.begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.moved(t.Context(), cursor{}, cursor{next: 100, epoch: 1, at: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.step(t.Context()); sekisho.CodeOf(err) != "siem.log_shorter" {
		t.Fatalf("a log that is shorter: %v", err)
	}
	log.epoch, log.kept, log.size = 2, 58, 58
	if _, err := s.step(t.Context()); err != nil {
		t.Fatal(err)
	}
	if from, _, err := s.begin(t.Context()); err != nil || from.next != 58 || from.epoch != 2 {
		t.Errorf("%+v, %v", from, err)
	}
}

func TestBackoffIsBounded(t *testing.T) {
	for tried := 1; tried < 200; tried++ {
		if d := backoff(tried); d < firstWait/2 || d > longWait {
			t.Errorf("after %d: %s", tried, d)
		}
	}
}

func TestSettings(t *testing.T) {
	a := newAuthority(t, "centre")
	good := Settings{Address: "siem.example.jp:6514", Format: RFC5424, CA: a.file("ca.crt")}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	if err := (Settings{Format: "anything"}).Check(); err != nil {
		t.Errorf("off: %v", err)
	}
	for name, change := range map[string]func(*Settings){
		"no port": func(s *Settings) { s.Address = "siem.example.jp" }, "port 0": func(s *Settings) { s.Address = "siem:0" }, "no host": func(s *Settings) { s.Address = ":6514" },
		"format": func(s *Settings) { s.Format = "cef" }, "no authority": func(s *Settings) { s.CA = "" }, "authority missing": func(s *Settings) { s.CA = "/nowhere" },
		"authority is none": func(s *Settings) { s.CA = "stream_test.go" }, "certificate alone": func(s *Settings) { s.Cert = a.file("ca.crt") },
	} {
		s := good
		change(&s)
		if err := s.Check(); err == nil {
			t.Error(fmt.Sprint(name, " passes"))
		}
	}
}
