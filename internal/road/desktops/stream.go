package desktops

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
)

const (
	dialLimit  = 5 * time.Second
	greetLimit = 10 * time.Second // both handshakes
)

// stream is one open desktop.
type stream struct {
	visit  Visit
	cancel context.CancelCauseFunc
}

// Stream carries a desktop to a browser until either end leaves or ctx is done.
// It closes browser. The error is nil when the browser or the desktop left in
// order; what a person may see of it has been told to noVNC as well.
func (s *Desktops) Stream(ctx context.Context, browser net.Conn, visit Visit) error {
	defer func() { _ = browser.Close() }()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := context.AfterFunc(ctx, func() { _ = browser.Close() })
	defer stop()
	fromBrowser := bufio.NewReaderSize(browser, strokes)
	// Known before the row is read: a change of the desktop that is committed in
	// between has either been read or ends this stream.
	defer s.enter(&stream{visit: visit, cancel: cancel})()
	r, secret, err := s.open(ctx, visit)
	if err != nil {
		return refused(browser, fromBrowser, err)
	}
	server, err := dial(ctx, r.Desktop, s.rules)
	if err != nil {
		return refused(browser, fromBrowser, s.failed(ctx, visit, err))
	}
	defer func() { _ = server.Close() }()
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	fromServer := bufio.NewReaderSize(server, pictures)
	limit(server, browser)
	screenSize, err := greet(server, fromServer, secret)
	if err != nil {
		return refused(browser, fromBrowser, s.failed(ctx, visit, err))
	}
	if err := welcome(browser, fromBrowser, screenSize, r.Name); err != nil {
		return fmt.Errorf("desktops: stream %s: %w", visit.Desktop, s.failed(ctx, visit, err))
	}
	unlimit(server, browser)
	return s.carry(ctx, visit, browser, fromBrowser, server, fromServer)
}

// enter makes a stream known to CloseStreams until leave is called.
func (s *Desktops) enter(st *stream) (leave func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.streams[st] = struct{}{}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.streams, st)
	}
}

// open reads the row and the password, and writes the visit to the audit log.
// All three or nothing.
func (s *Desktops) open(ctx context.Context, visit Visit) (r row, secret string, err error) {
	err = s.db.Write(ctx, func(tx storage.Tx) (err error) {
		if r, err = selectOne(ctx, tx, visit.Desktop); err != nil {
			return err
		}
		e := visit.event("desktop.opened")
		e.Decision = audit.Allow
		return s.audit.Append(ctx, tx, e)
	})
	if err == nil && r.HasSecret {
		var clear []byte
		clear, err = s.box.Unwrap(purpose, string(r.ID), r.secret)
		secret = string(clear)
	}
	if err != nil {
		return row{}, "", fmt.Errorf("desktops: open %s: %w", visit.Desktop, err)
	}
	return r, secret, nil
}

func (v Visit) event(kind string) audit.Event {
	return audit.Event{
		Kind: kind, Actor: audit.Actor{Person: v.Person, Device: v.Device, Role: sekisho.RoleOperator},
		Object: audit.Object{Type: "desktop", ID: string(v.Desktop)}, Session: v.Session,
	}
}

// failed writes down why a stream did not begin: what ended it, where somebody did.
func (s *Desktops) failed(ctx context.Context, v Visit, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	e := v.event("desktop.failed")
	e.Closing, e.Reason = true, sekisho.CodeOf(err)
	s.audit.Afterwards(e)
	return err
}

// refused tells noVNC the error's code and returns the error.
func refused(browser net.Conn, r *bufio.Reader, err error) error {
	_ = browser.SetDeadline(time.Now().Add(dialLimit))
	refuse(browser, r, sekisho.CodeOf(err))
	return err
}

func limit(conns ...net.Conn) {
	for _, c := range conns {
		_ = c.SetDeadline(time.Now().Add(greetLimit)) // fails only on a closed one
	}
}

func unlimit(conns ...net.Conn) {
	for _, c := range conns {
		_ = c.SetDeadline(time.Time{})
	}
}

// dial connects to what the row names; the address is judged again after its
// name was resolved, so that a name cannot point inside.
func dial(ctx context.Context, d Desktop, rules rules) (net.Conn, error) {
	dialer := net.Dialer{
		Timeout: dialLimit, KeepAlive: 15 * time.Second,
		Control: func(_, address string, _ syscall.RawConn) error { return rules.dialled(address) },
	}
	c, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(d.Host, strconv.Itoa(d.Port)))
	if errors.Is(err, errForbidden) {
		return nil, errForbidden.Because(err)
	}
	if err != nil {
		return nil, errUnreachable.Because(err)
	}
	return c, nil
}

// carry runs both directions until one ends, ends the other and writes the row.
func (s *Desktops) carry(ctx context.Context, visit Visit, browser net.Conn, fromBrowser *bufio.Reader, server net.Conn, fromServer *bufio.Reader) error {
	start := s.clk.Mono()
	q := &requests{pipe: newPipe(fromBrowser, server)}
	p := &screen{pipe: newPipe(fromServer, browser)}
	ended := make(chan error, 2)
	go func() { ended <- q.run() }()
	go func() { ended <- p.run() }()
	err := <-ended
	_ = server.Close()
	_ = browser.Close()
	<-ended // its error is the closing's
	err = whose(ctx, err)
	e := visit.event("desktop.closed")
	e.Closing = true
	e.Detail = map[string]string{
		"seconds":            strconv.FormatInt(int64((s.clk.Mono()-start)/time.Second), 10),
		"keys":               strconv.FormatUint(q.keys.Load(), 10),
		"pointer_events":     strconv.FormatUint(q.pointers.Load(), 10),
		"updates":            strconv.FormatUint(p.updates.Load(), 10),
		"clipboards_dropped": strconv.FormatUint(q.clipboards.Load()+p.clipboards.Load(), 10),
	}
	if err != nil {
		e.Reason = sekisho.CodeOf(err)
		err = fmt.Errorf("desktops: stream %s: %w", visit.Desktop, err)
	}
	s.audit.Afterwards(e)
	return err
}

// whose tells an end that somebody caused, by the lease or against the
// protocol, from a browser or a desktop that simply left.
func whose(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	if _, ours := errors.AsType[*sekisho.Error](err); ours {
		return err
	}
	return nil
}
