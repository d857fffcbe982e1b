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
	"time"

	"github.com/sekisho/sekisho/internal/foundation/audit"
)

const (
	dialWithin = 15 * time.Second
	sendWithin = 45 * time.Second // a batch, its end included
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
	if _, err := frames.WriteTo(conn); err != nil {
		return errNotTaken.Because(err)
	}
	if err := conn.CloseWrite(); err != nil {
		return errNotTaken.Because(err)
	}
	return end(conn)
}

// end waits for the receiver's end of the connection. A receiver that has read
// ours closes; one that died with unread bytes is a reset, told by the kernel.
// io.ErrUnexpectedEOF is a clean end too: TCP's, without TLS's close_notify,
// which several receivers do not send.
func end(conn *tls.Conn) error {
	_, err := io.Copy(io.Discard, io.LimitReader(conn, 64<<10)) // syslog answers nothing; whatever comes is passed over
	if err == nil || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return errNotTaken.Because(err)
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
