package reminders

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/smtp"
	"net/textproto"
	"strconv"
	"time"

	"github.com/sekisho/sekisho"
)

// What can be wrong with a mail. Those of KindBusy are tried again.
var (
	errUnreachable = sekisho.Fail(sekisho.KindBusy, "mail.unreachable")
	errCertificate = sekisho.Fail(sekisho.KindBusy, "mail.certificate")
	errNoTLS       = sekisho.Fail(sekisho.KindBusy, "mail.starttls")
	errSignIn      = sekisho.Fail(sekisho.KindBusy, "mail.auth")
	errSender      = sekisho.Fail(sekisho.KindBusy, "mail.sender")
	errLater       = sekisho.Fail(sekisho.KindBusy, "mail.later")
	errRecipient   = sekisho.Fail(sekisho.KindInvalid, "mail.recipient")
	errNotTaken    = sekisho.Fail(sekisho.KindInvalid, "mail.refused")
	errAddress     = sekisho.Fail(sekisho.KindInvalid, "mail.address")
	errOff         = sekisho.Fail(sekisho.KindConflict, "mail.off")
)

const sendWithin = 45 * time.Second // one mail, from the first packet to the server's word

// send hands one message to the mail server; nil once the server has taken it.
func (s Settings) send(ctx context.Context, to string, message []byte) error {
	if !ValidAddress(to) {
		return errAddress
	}
	config, err := s.tls()
	if err != nil {
		return errCertificate.Because(err)
	}
	password, err := s.password()
	if err != nil {
		return errSignIn.Because(err)
	}
	ctx, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	raw, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)))
	if err != nil {
		return errUnreachable.Because(err)
	}
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() }) // too late, or the server is ending
	defer stop()
	defer raw.Close()
	c, err := s.greet(ctx, raw, config)
	if err != nil {
		return err
	}
	if password != "" {
		if err := c.Auth(smtp.PlainAuth("", s.User, password, s.Host)); err != nil {
			return errSignIn.Because(err)
		}
	}
	if err := c.Mail(s.From); err != nil {
		return laterOr(err, errSender)
	}
	if err := c.Rcpt(to); err != nil {
		return laterOr(err, errRecipient)
	}
	w, err := c.Data()
	if err != nil {
		return laterOr(err, errNotTaken)
	}
	if _, err := w.Write(message); err != nil {
		return errUnreachable.Because(err)
	}
	if err := w.Close(); err != nil { // the server's word on the whole of it
		return laterOr(err, errNotTaken)
	}
	_ = c.Quit() // it is taken, whatever the server says now
	return nil
}

// greet comes to TLS, by whichever way, and nothing is said before.
func (s Settings) greet(ctx context.Context, raw net.Conn, config *tls.Config) (*smtp.Client, error) {
	if s.TLS == Implicit {
		conn := tls.Client(raw, config)
		if err := conn.HandshakeContext(ctx); err != nil {
			return nil, handshake(err)
		}
		c, err := smtp.NewClient(conn, s.Host)
		if err != nil {
			return nil, errUnreachable.Because(err)
		}
		return c, nil
	}
	c, err := smtp.NewClient(raw, s.Host)
	if err != nil {
		return nil, errUnreachable.Because(err)
	}
	if ok, _ := c.Extension("STARTTLS"); !ok {
		return nil, errNoTLS
	}
	if err := c.StartTLS(config); err != nil {
		return nil, handshake(err)
	}
	return c, nil
}

func handshake(err error) error {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return errCertificate.Because(err)
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return errCertificate.Because(err)
	}
	if _, ok := errors.AsType[*textproto.Error](err); ok {
		return errNoTLS.Because(err)
	}
	return errUnreachable.Because(err)
}

// laterOr tells what a server says for now (4yz) and what it says for good (5yz,
// RFC 5321, §4.2.1). A line that broke is neither: for now.
func laterOr(err error, forGood *sekisho.Error) error {
	if said, ok := errors.AsType[*textproto.Error](err); ok {
		if said.Code >= 500 {
			return forGood.Because(err)
		}
		return errLater.Because(err)
	}
	return errUnreachable.Because(err)
}
