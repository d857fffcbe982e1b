package app

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/sekisho/sekisho/internal/foundation/siem"
	"github.com/sekisho/sekisho/internal/gate/reminders"
	"github.com/sekisho/sekisho/internal/wire"
)

// Settings is what sekisho.toml holds: only what is needed to start. Everything
// else is data, changed in the console and audited. Secrets never stand here.
type Settings struct {
	Data    string `toml:"data"` // the folder for keys, blobs and, by default, the database
	Storage struct {
		DSN string `toml:"dsn"` // "sqlite:FILE" or "postgres://…"; default: DATA/sekisho.db
	} `toml:"storage"`
	Console struct {
		Listen string `toml:"listen"`
		Origin string `toml:"origin"` // as browsers show it: https://gate.example.jp:8443
		Cert   string `toml:"cert"`   // PEM files; both empty only where the origin is a *.localhost
		Key    string `toml:"key"`
	} `toml:"console"`
	Agents struct {
		Listen string `toml:"listen"`
		Public string `toml:"public"` // host:port that stands in enrolment codes
		// Origins of the PCs' own door, for passkeys: the port is the agent's.
		DeskOrigins []string `toml:"desk_origins"`
	} `toml:"agents"`
	WireGuard struct {
		Listen string `toml:"listen"` // UDP host:port
		Public string `toml:"public"` // host:port that agents send to
	} `toml:"wireguard"`
	Desktops struct {
		// AllowLoopback lets desktops stand on this machine itself. Demonstrations
		// and tests need it; a centre does not.
		AllowLoopback bool `toml:"allow_loopback"`
	} `toml:"desktops"`
	Audit struct {
		// For how many days names, addresses, reasons and the like stay readable in
		// the log; then they are erased and only their commitments are left.
		PersonalDays int `toml:"personal_days"`
	} `toml:"audit"`
	Calls  CallSettings `toml:"calls"`
	SIEM   SIEMSettings `toml:"siem"`
	OIDC   OIDCSettings `toml:"oidc"`
	Mail   MailSettings `toml:"mail"`
	Centre struct {
		Name        string `toml:"name"`
		Responsible string `toml:"responsible"` // who answers for personal data, shown before consent
		Contact     string `toml:"contact"`
	} `toml:"centre"`
}

// Bounds of audit.personal_days: whoever looks into last week needs names, and
// nobody needs them for ever.
const (
	minPersonalDays = 30
	maxPersonalDays = 3650
)

// DefaultSettings are those of an installed server.
func DefaultSettings() (s Settings) {
	s.Data = "/var/lib/sekisho"
	if _, err := os.Stat("go.mod"); err == nil { // a checkout keeps its data inside
		s.Data = filepath.Join("data", "server")
	}
	s.Console.Listen = ":8443"
	s.Agents.Listen = ":8444"
	s.Agents.DeskOrigins = []string{"http://sekisho.localhost:7777"}
	s.WireGuard.Listen = ":51820"
	s.Audit.PersonalDays = 3 * 365
	s.Calls = defaultCalls()
	s.SIEM.Format = siem.RFC5424
	s.Mail.Port, s.Mail.TLS = 587, reminders.StartTLS
	return s
}

// LoadSettings reads the file; a missing default file leaves the defaults, a
// missing named file is an error.
func LoadSettings(file string, named bool) (Settings, error) {
	s := DefaultSettings()
	text, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !named:
	case err != nil:
		return s, errSettings.Because(err)
	default:
		if err := wire.ParseSettings(text, &s); err != nil {
			return s, errSettings.Because(fmt.Errorf("%s: %w", file, err))
		}
	}
	if err := s.complete(); err != nil {
		return s, errSettings.Because(fmt.Errorf("%s: %w", file, err))
	}
	return s, nil
}

// complete fills in what follows from other settings and refuses what cannot work.
func (s *Settings) complete() error {
	if s.Data == "" {
		return errors.New(`"data" must name a folder`)
	}
	if s.Storage.DSN == "" {
		s.Storage.DSN = "sqlite:" + filepath.Join(s.Data, "sekisho.db")
	}
	if s.Console.Origin != "" {
		u, err := url.Parse(s.Console.Origin)
		if err != nil || u.Host == "" || u.Path != "" {
			return fmt.Errorf("console.origin must look like https://gate.example.jp:8443, not %q", s.Console.Origin)
		}
		if u.Scheme != "https" && !localhost(u.Hostname()) {
			return errors.New("console.origin must be https, except on *.localhost")
		}
		if u.Scheme == "https" && (s.Console.Cert == "" || s.Console.Key == "") {
			return errors.New("console.cert and console.key must name the certificate of " + u.Host)
		}
	}
	if err := s.plainStaysHere(); err != nil {
		return err
	}
	if d := s.Audit.PersonalDays; d < minPersonalDays || d > maxPersonalDays {
		return fmt.Errorf("audit.personal_days must be %d to %d, not %d", minPersonalDays, maxPersonalDays, d)
	}
	if err := s.SIEM.of("").Check(); err != nil {
		return err
	}
	if err := s.Mail.of().Check(); err != nil {
		return err
	}
	if err := s.Calls.check(); err != nil {
		return err
	}
	for name, addr := range map[string]string{
		"console.listen": s.Console.Listen, "agents.listen": s.Agents.Listen, "wireguard.listen": s.WireGuard.Listen,
		"agents.public": s.Agents.Public, "wireguard.public": s.WireGuard.Public,
	} {
		if addr == "" && strings.HasSuffix(name, ".public") {
			continue // follows from what is listened on
		}
		if _, _, err := net.SplitHostPort(addr); err != nil {
			return fmt.Errorf("%s must be host:port, not %q", name, addr)
		}
	}
	return nil
}

// plainStaysHere keeps a console without TLS on this machine: what its pages
// and cookies say must not cross a network. Without an address of its own it
// listens on loopback; with another one the server does not start.
func (s *Settings) plainStaysHere() error {
	if strings.HasPrefix(s.Console.Origin, "https://") {
		return nil
	}
	host, port, err := net.SplitHostPort(s.Console.Listen)
	if err != nil {
		return nil // said with the other addresses
	}
	switch ip := net.ParseIP(host); {
	case host == "":
		s.Console.Listen = net.JoinHostPort("127.0.0.1", port)
	case localhost(host), ip != nil && ip.IsLoopback():
	default:
		return fmt.Errorf("console.listen is %q: a console that others reach needs console.origin with https, console.cert and console.key", s.Console.Listen)
	}
	return nil
}

func localhost(host string) bool { return host == "localhost" || strings.HasSuffix(host, ".localhost") }

// public is the address that others use for a listener: the one the settings
// name, or, where that is empty, the listener's own (with host in place of "any").
func public(named string, actual net.Addr, host string) string {
	if named != "" {
		return named
	}
	h, port, err := net.SplitHostPort(actual.String())
	if err != nil {
		return actual.String()
	}
	if ip := net.ParseIP(h); ip == nil || ip.IsUnspecified() {
		h = host
	}
	return net.JoinHostPort(h, port)
}
