package siem

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/audit"
)

const (
	dialWithin = 15 * time.Second
	sendWithin = 45 * time.Second // a batch, its end included
	settle     = 300 * time.Millisecond
	maxSaid    = 64 << 10 // bytes that a receiver may say; syslog answers nothing
)

var (
	errEarly     = errors.New("the receiver ended before we did")
	errTalkative = errors.New("the receiver speaks, which syslog does not")
)

// send passes one batch on over a connection of its own and returns once the
// receiver has read it to its end.
func (s *Stream) send(ctx context.Context, entries []audit.Entry) error {
	var frames bytes.Buffer
	for _, e := range entries {
		f, err := frame(s.set, e)
		if err != nil {
			return fmt.Errorf("siem: entry %d: %w", e.Seq, err)
		}
		frames.Write(f)
	}
	conn, err := s.dial(ctx)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // the server is ending
	defer stop()
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(sendWithin)); err != nil {
		return errUnreachable.Because(err)
	}
	if err := pass(conn, frames.Bytes()); err != nil {
		return errNotTaken.Because(err)
	}
	return nil
}

// pass writes a batch, ends our side and waits for the receiver's end. Its end
// says that it has read ours only where it comes after ours: so the reading
// begins before the writing, an end that comes first is none, and we end only
// when the receiver has had the time to say that it is leaving.
func pass(conn *tls.Conn, frames []byte) error {
	var ours atomic.Bool // our end is on its way
	early, theirs := make(chan struct{}), make(chan error, 1)
	go func() {
		err := end(conn)
		if !ours.Load() {
			err = errors.Join(errEarly, err)
			close(early)
			_ = conn.NetConn().Close() // what is being written goes to nobody
		}
		theirs <- err
	}()
	if _, err := conn.Write(frames); err != nil {
		_ = conn.NetConn().Close() // ends the reading
		return errors.Join(err, <-theirs)
	}
	select {
	case <-early:
		return <-theirs
	case <-time.After(settle):
	}
	ours.Store(true)
	if err := conn.CloseWrite(); err != nil {
		_ = conn.NetConn().Close()
		return errors.Join(err, <-theirs)
	}
	if err := <-theirs; err != nil {
		return err
	}
	return endOfTCP(conn.NetConn())
}

// end waits for the receiver's end of the TLS connection. io.ErrUnexpectedEOF is
// a clean end too: TCP's, without TLS's close_notify, which several receivers do
// not send. A reset, told by the kernel where somebody dies or closes with
// unread bytes, is none.
func end(conn *tls.Conn) error {
	n, err := io.Copy(io.Discard, io.LimitReader(conn, maxSaid))
	switch {
	case n == maxSaid:
		return errTalkative
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil
	}
	return err
}

// endOfTCP ends our side of TCP too and waits for the receiver's: whoever says
// goodbye in TLS and closes with bytes unread is told by the reset.
func endOfTCP(conn net.Conn) error {
	if tcp, ok := conn.(*net.TCPConn); ok {
		if err := tcp.CloseWrite(); err != nil {
			return err
		}
	}
	_, err := io.Copy(io.Discard, io.LimitReader(conn, maxSaid))
	return err
}

func (s *Stream) dial(ctx context.Context) (*tls.Conn, error) {
	config, err := s.set.tls() // read anew each time: certificates are renewed while servers run
	if err != nil {
		return nil, errCertificate.Because(err)
	}
	ctx, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	raw, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.set.Address)
	if err != nil {
		return nil, errUnreachable.Because(err)
	}
	conn := tls.Client(raw, config)
	if err := conn.HandshakeContext(ctx); err != nil {
		_ = raw.Close() // it failed already
		if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
			return nil, errCertificate.Because(err)
		}
		if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
			return nil, errCertificate.Because(err)
		}
		return nil, errUnreachable.Because(err)
	}
	return conn, nil
}
