package siem

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
)

// Formats of a message.
const (
	RFC5424 = "rfc5424" // structured data
	OCSF    = "ocsf"    // an OCSF event as JSON in the message
)

// Settings say where the log is passed on to. Without an address it is not.
type Settings struct {
	Address string // host:port of the receiver; 6514 is syslog's over TLS
	Format  string // RFC5424 or OCSF
	CA      string // file: the authorities (PEM) of which one must have issued the receiver's certificate
	Name    string // that the certificate must bear; "" is the address's host
	Cert    string // files: our own certificate and key, where the receiver asks for one
	Key     string
	Host    string // our own name in the messages
}

// Check says what is wrong with settings, before anything starts.
func (s Settings) Check() error {
	if s.Address == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(s.Address)
	if n, bad := strconv.Atoi(port); err != nil || host == "" || bad != nil || n < 1 || n > 65535 {
		return fmt.Errorf("siem.address must be host:port, not %q", s.Address)
	}
	if s.Format != RFC5424 && s.Format != OCSF {
		return fmt.Errorf("siem.format must be %q or %q, not %q", RFC5424, OCSF, s.Format)
	}
	if s.CA == "" {
		return errors.New("siem.ca must name the file of the receiver's certificate authority")
	}
	if (s.Cert == "") != (s.Key == "") {
		return errors.New("siem.cert and siem.key belong together")
	}
	_, err = s.tls()
	return err
}

// tls is how the receiver is spoken to: TLS 1.2 or newer (RFC 9662 forbids what is older).
func (s Settings) tls() (*tls.Config, error) {
	pem, err := os.ReadFile(s.CA)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("siem.ca: %s holds no certificate", s.CA)
	}
	name := s.Name
	if name == "" {
		name, _, _ = net.SplitHostPort(s.Address) // Check has looked
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: pool, ServerName: strings.Trim(name, "[]")}
	if s.Cert != "" {
		pair, err := tls.LoadX509KeyPair(s.Cert, s.Key)
		if err != nil {
			return nil, fmt.Errorf("siem.cert: %w", err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c, nil
}
