package trunks

import (
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

// Kind is how a trunk knows us. The zero value is none.
type Kind string

// Kinds.
const (
	ByAddress      Kind = "ip"           // by our address alone
	ByRegistration Kind = "registration" // by user and password: we register there
)

// Transport is how messages go. The zero value is none.
type Transport string

// Transports.
const (
	UDP Transport = "udp"
	TCP Transport = "tcp"
	TLS Transport = "tls"
)

// Security is how sound is protected. The zero value is none of these.
type Security string

// Securities. Nothing lies between: a trunk with SDES takes no call in the clear.
const (
	Clear Security = "none"
	SDES  Security = "sdes" // keys in SDP (RFC 4568); only over TLS
)

// Trunk is one line of a carrier, or to a switch.
type Trunk struct {
	ID        sekisho.TrunkID
	Name      string // as administrators see it, 1 to 60 characters
	Kind      Kind
	Host      string // name or address of the peer
	Port      uint16
	Transport Transport
	Security  Security
	User      string         // for registration and digest; "" for none
	HasSecret bool           // a password is kept
	Allow     []netip.Prefix // from where its calls and its sound may come, 1 to 32
	MaxCalls  int            // at once, both ways, 1 to 2,000
	Rules     Rules          // of calls that go out
}

// Rules bound what may be dialled over a trunk. The zero value lets nothing out.
type Rules struct {
	MaxCalls  int      // at once, 0 to 2,000; 0: none goes out
	PerMinute int      // calls begun within a minute, 1 to 600
	From, To  int      // minutes of the day in Zone, 0 to 1440; from 540 to 1080: 9:00 to 18:00
	Zone      string   // IANA; "Asia/Tokyo"
	Prefixes  []string // numbers that may be dialled beside those of the country, as "+1212"; at most 64
}

// Number is a number of ours (ダイヤルイン番号), and where its calls go.
type Number struct {
	Number calls.Number
	Trunk  sekisho.TrunkID
	Work   sekisho.WorkID
	Flow   sekisho.FlowID
}

var (
	errTrunk     = sekisho.Fail(sekisho.KindInvalid, "trunk.fields")
	errPrefix    = sekisho.Fail(sekisho.KindInvalid, "trunk.allow")
	errRules     = sekisho.Fail(sekisho.KindInvalid, "trunk.rules")
	errTaken     = sekisho.Fail(sekisho.KindConflict, "trunk.name_taken")
	errUnknown   = sekisho.Fail(sekisho.KindNotFound, "trunk.unknown")
	errInUse     = sekisho.Fail(sekisho.KindConflict, "trunk.in_use")
	errSecret    = sekisho.Fail(sekisho.KindInvalid, "trunk.secret_again")
	errNumber    = sekisho.Fail(sekisho.KindInvalid, "trunk.number")
	errPlaced    = sekisho.Fail(sekisho.KindConflict, "trunk.number_taken")
	errNoNumber  = sekisho.Fail(sekisho.KindNotFound, "trunk.number_unknown")
	errEmergency = sekisho.Fail(sekisho.KindDenied, "trunk.emergency")
	errForbidden = sekisho.Fail(sekisho.KindDenied, "trunk.forbidden")
	errHours     = sekisho.Fail(sekisho.KindDenied, "trunk.hours")
	errRate      = sekisho.Fail(sekisho.KindBusy, "trunk.rate")
	errFull      = sekisho.Fail(sekisho.KindBusy, "trunk.full")
	errCaller    = sekisho.Fail(sekisho.KindDenied, "trunk.caller")
	errLost      = sekisho.Fail(sekisho.KindBusy, "trunk.lost")
	errSilent    = sekisho.Fail(sekisho.KindBusy, "trunk.silent")
	errBusy      = sekisho.Fail(sekisho.KindBusy, "trunk.busy")
	errClosed    = sekisho.Fail(sekisho.KindExpired, "trunk.call_over")
	errConfig    = sekisho.Fail(sekisho.KindInvalid, "trunk.config")
)

// check says whether a trunk may be kept.
func (t Trunk) check() error {
	switch {
	case strings.TrimSpace(t.Name) != t.Name, t.Name == "" || utf8.RuneCountInString(t.Name) > 60 || strings.ContainsAny(t.Name, "\r\n\x00"),
		!host(t.Host), t.Port == 0,
		t.Kind != ByAddress && t.Kind != ByRegistration,
		t.Transport != UDP && t.Transport != TCP && t.Transport != TLS,
		t.Security != Clear && t.Security != SDES,
		t.Security == SDES && t.Transport != TLS, // else the keys stand in the clear
		t.User != "" && !token(t.User), t.Kind == ByRegistration && t.User == "",
		t.MaxCalls < 1 || t.MaxCalls > 2000:
		return errTrunk
	}
	if len(t.Allow) < 1 || len(t.Allow) > 32 {
		return errPrefix
	}
	for _, p := range t.Allow {
		// A list that names a large part of the internet names nobody.
		if !p.IsValid() || p.Masked() != p || p.Addr().Is4() && p.Bits() < 16 || p.Addr().Is6() && p.Bits() < 32 {
			return errPrefix
		}
	}
	return t.Rules.check(t.MaxCalls)
}

func (r Rules) check(most int) error {
	if r.MaxCalls < 0 || r.MaxCalls > most || len(r.Prefixes) > 64 || len(r.Zone) > 64 {
		return errRules
	}
	if r.MaxCalls > 0 {
		if r.PerMinute < 1 || r.PerMinute > 600 || r.From < 0 || r.To > 1440 || r.From >= r.To {
			return errRules
		}
		if _, err := time.LoadLocation(r.Zone); err != nil || r.Zone == "" || r.Zone == "Local" {
			return errRules
		}
	}
	for _, p := range r.Prefixes {
		if len(p) < 2 || len(p) > 16 || p[0] != '+' || strings.Trim(p[1:], "0123456789") != "" || p[1] == '0' {
			return errRules
		}
	}
	return nil
}

// emergency are numbers that must know where the caller is, and whom to call back:
// police, coast guard, fire and ambulance. A person at home has a telephone of his own.
var emergency = []calls.Number{"110", "118", "119"}

// dear are numbers of the country that cost by the minute or by the call; they go out
// only where Prefixes names them.
var dear = map[string][]string{"81": {"+81990", "+81570", "+81180", "+81170"}}

// permit says whether a number may be dialled now.
func (r Rules) permit(n calls.Number, country string, at time.Time) error {
	for _, e := range emergency {
		if n == e || strings.TrimPrefix(strings.TrimPrefix(string(n), calls.Withhold), calls.Show) == string(e) || string(n) == "+"+country+string(e) {
			return errEmergency
		}
	}
	if r.MaxCalls <= 0 || !r.reaches(string(n), country) {
		return errForbidden
	}
	zone, err := time.LoadLocation(r.Zone)
	if err != nil || r.Zone == "" {
		return errHours
	}
	local := at.In(zone)
	if m := local.Hour()*60 + local.Minute(); m < r.From || m >= r.To {
		return errHours
	}
	return nil
}

// reaches asks of numbers of the country that they are: what is only written like
// one may be dialled as 010, which is every number abroad.
func (r Rules) reaches(n, country string) bool {
	if strings.HasPrefix(n, "+"+country) && !calls.Number(n).National(country) {
		return false
	}
	for _, p := range r.Prefixes {
		if strings.HasPrefix(n, p) {
			return true
		}
	}
	for _, p := range dear[country] {
		if strings.HasPrefix(n, p) {
			return false
		}
	}
	return calls.Number(n).National(country)
}

// host says whether s may stand as a host in a message.
func host(s string) bool {
	if a, err := netip.ParseAddr(s); err == nil {
		return a.Zone() == "" && !a.IsMulticast() && !a.IsUnspecified()
	}
	if s == "" || len(s) > 253 || s[0] == '-' || s[0] == '.' {
		return false
	}
	return strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789.-") == ""
}

// token says whether s may stand as the user of an address.
func token(s string) bool {
	return len(s) <= 64 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.+") == ""
}

// admits says whether an address is on the trunk's list.
func (t Trunk) admits(a netip.Addr) bool {
	for _, p := range t.Allow {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
