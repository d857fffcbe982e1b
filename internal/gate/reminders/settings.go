package reminders

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"
)

// Ways to TLS.
const (
	Implicit = "implicit" // from the first byte (RFC 8314), usually port 465
	StartTLS = "starttls" // required before anything else (RFC 3207), usually port 587
)

// Settings name the mail server. Without a host no mail is sent.
type Settings struct {
	Host         string
	Port         int    // 1–65535
	TLS          string // Implicit or StartTLS
	User         string // "" sends without signing in
	PasswordFile string // holds the password and nothing else
	From         string
	CA           string // PEM file of the server's authority; "" takes those of the system
}

const maxPassword = 1024

// Check says what is wrong with settings, before anything starts.
func (s Settings) Check() error {
	switch {
	case s.Host == "":
		return nil
	case strings.ContainsAny(s.Host, " /:@\r\n\t"):
		return fmt.Errorf("mail.host must be a name such as mail.example.jp, not %q", s.Host)
	case s.Port < 1 || s.Port > 65535:
		return fmt.Errorf("mail.port must be 1 to 65535, not %d", s.Port)
	case s.TLS != Implicit && s.TLS != StartTLS:
		return fmt.Errorf("mail.tls must be %q or %q, not %q: mail is never sent without TLS", Implicit, StartTLS, s.TLS)
	case !ValidAddress(s.From):
		return fmt.Errorf("mail.from must be an address such as sekisho@example.jp, not %q", s.From)
	case (s.User == "") != (s.PasswordFile == ""):
		return errors.New("mail.user and mail.password_file belong together")
	}
	if _, err := s.password(); err != nil {
		return err
	}
	_, err := s.tls()
	return err
}

// password reads the file anew each time: it is changed while servers run.
func (s Settings) password() (string, error) {
	if s.PasswordFile == "" {
		return "", nil
	}
	b, err := os.ReadFile(s.PasswordFile)
	if err != nil {
		return "", fmt.Errorf("mail.password_file: %w", err)
	}
	p := strings.TrimRight(string(b), "\r\n")
	if p == "" || len(b) > maxPassword || strings.ContainsAny(p, "\r\n\x00") {
		return "", errors.New("mail.password_file must hold the password and nothing else")
	}
	return p, nil
}

func (s Settings) tls() (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: s.Host}
	if s.CA == "" {
		return c, nil
	}
	pem, err := os.ReadFile(s.CA)
	if err != nil {
		return nil, fmt.Errorf("mail.ca: %w", err)
	}
	if c.RootCAs = x509.NewCertPool(); !c.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("mail.ca: %s holds no certificate", s.CA)
	}
	return c, nil
}
