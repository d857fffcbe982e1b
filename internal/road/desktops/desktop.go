package desktops

import (
	"errors"
	"net/netip"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sekisho/sekisho"
)

// Desktop is one virtual desktop as an administrator names it.
type Desktop struct {
	ID        sekisho.DesktopID
	Name      string // at most 100 characters, as operators see it
	Host      string // name or address on the centre's own network
	Port      int
	HasSecret bool // a password is kept; it is never shown again
}

// Visit is one person's opening of a desktop.
type Visit struct {
	Desktop sekisho.DesktopID
	Person  sekisho.PersonID
	Device  sekisho.DeviceID
	Session sekisho.SessionID
}

const (
	maxName   = 100
	maxSecret = 8 // what VNC's challenge looks at (RFC 6143 §7.2.2)
)

var (
	errInvalid     = sekisho.Fail(sekisho.KindInvalid, "desktop.invalid")
	errForbidden   = sekisho.Fail(sekisho.KindInvalid, "desktop.forbidden")
	errSecretAgain = sekisho.Fail(sekisho.KindInvalid, "desktop.secret_again")
	errNameTaken   = sekisho.Fail(sekisho.KindConflict, "desktop.name_taken")
	errNotFound    = sekisho.Fail(sekisho.KindNotFound, "desktop.not_found")
	errUnreachable = sekisho.Fail(sekisho.KindBusy, "desktop.unreachable")
	errPassword    = sekisho.Fail(sekisho.KindConflict, "desktop.password")
	errUnsupported = sekisho.Fail(sekisho.KindConflict, "desktop.unsupported")
	errProtocol    = sekisho.Fail(sekisho.KindInvalid, "desktop.protocol")
)

// hostName is RFC 1123 §2.1, without a trailing dot.
var hostName = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)

// check tidies the words and refuses what cannot be a desktop.
func (d *Desktop) check(r rules) error {
	d.Name, d.Host = strings.TrimSpace(d.Name), strings.ToLower(strings.TrimSpace(d.Host))
	if d.Name == "" || !utf8.ValidString(d.Name) || utf8.RuneCountInString(d.Name) > maxName || strings.ContainsFunc(d.Name, unicode.IsControl) {
		return errInvalid.Because(errors.New("desktops: name"))
	}
	if d.Port < 1 || d.Port > 65535 {
		return errInvalid.Because(errors.New("desktops: port"))
	}
	if a, err := netip.ParseAddr(d.Host); err == nil {
		return r.judge(a)
	}
	last := d.Host[strings.LastIndexByte(d.Host, '.')+1:]
	if len(d.Host) > 253 || !hostName.MatchString(d.Host) || strings.Trim(last, "0123456789") == "" {
		return errInvalid.Because(errors.New("desktops: host")) // "1.2.3" and "0x7f.1" are no names
	}
	if last == "localhost" && !r.loopback {
		return errForbidden
	}
	return nil
}

func checkSecret(s string) error {
	if len(s) > maxSecret || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
		return errInvalid.Because(errors.New("desktops: secret")) // never what it is
	}
	return nil
}
