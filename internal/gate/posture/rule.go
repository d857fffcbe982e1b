package posture

import (
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Levels of a rule. What is none of them closes.
const (
	Off   = "off"   // looked at, asked for nothing
	Warn  = "warn"  // the operator is told, the session goes on
	Close = "close" // no session opens, an open one closes
)

// Bounds of what rules hold.
const (
	minAgeDays, maxAgeDays = 7, 730
	minLockS, maxLockS     = 30, 3600
	maxPlaces              = 50
	maxRouters             = 16
	maxPlaceName           = 64 // characters
)

// nameForm is that of a guard policy's name (policies).
var nameForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// versionForm is what an agent's version must look like to be compared.
var versionForm = regexp.MustCompile(`^v?([0-9]{1,6})\.([0-9]{1,6})(?:\.([0-9]{1,6}))?$`)

// everywhere is asked on every system; macOS cannot be looked at, so it fails there.
var everywhere = wire.PosturePlatforms

// known are the systems that have the setting at all.
var known = []string{"windows", "linux"}

func rule(check, level string, on []string, limit int) wire.PostureRule {
	return wire.PostureRule{Check: check, Level: level, On: on, Limit: limit}
}

// builtin are the rules of a place until somebody sets others. At home, where
// nobody else looks after the PC, what lets data out closes; in the office it
// warns, because people and the office's own network stand beside it. The place
// is not asked for before places are named.
func builtin(policy sekisho.PolicyName, place sekisho.Place) wire.PostureRules {
	strong, lock := Warn, 900
	if place != sekisho.PlaceOffice {
		strong, lock = Close, 600
	}
	return wire.PostureRules{Policy: policy, Places: []wire.PosturePlace{}, Rules: []wire.PostureRule{
		rule("disk_encryption", strong, everywhere, 0),
		rule("os_age", Warn, everywhere, 120),
		rule("firewall", strong, everywhere, 0),
		rule("firewall_outbound", Off, known, 0),
		rule("antivirus", Warn, []string{"windows"}, 0),
		rule("screen_lock", Warn, everywhere, lock),
		rule("usb_storage", Warn, everywhere, 0),
		rule("place", Off, everywhere, 0),
		rule("remote_control", strong, everywhere, 0),
		rule("screen_capture", strong, everywhere, 0),
		rule("virtual_camera", strong, everywhere, 0),
		rule("virtual_machine", strong, everywhere, 0),
		rule("agent_version", Off, everywhere, 0),
	}}
}

// Nothing are rules that ask for nothing: what a demonstration needs.
func Nothing(policy sekisho.PolicyName) wire.PostureRules {
	r := builtin(policy, sekisho.PlaceOffice)
	for i := range r.Rules {
		r.Rules[i].Level = Off
	}
	return r
}

// Validate says what is wrong with rules, or nil. Every check stands in them
// once, in the order of wire.PostureChecks.
func Validate(r wire.PostureRules) error {
	if !nameForm.MatchString(string(r.Policy)) || len(r.Rules) != len(wire.PostureChecks) || len(r.Places) > maxPlaces {
		return errRules
	}
	for i, one := range r.Rules {
		if one.Check != wire.PostureChecks[i] || one.Level != Off && one.Level != Warn && one.Level != Close || !platforms(one.On) {
			return errRules
		}
		if err := validLimit(one); err != nil {
			return err
		}
	}
	if r.Agent != "" && !versionForm.MatchString(r.Agent) || r.Agent == "" && of(r, "agent_version").Level != Off {
		return errVersion
	}
	for _, p := range r.Places {
		if !validPlace(p) {
			return errPlace
		}
	}
	return nil
}

func platforms(on []string) bool {
	seen := map[string]bool{}
	for _, p := range on {
		if seen[p] || !slices.Contains(wire.PosturePlatforms, p) {
			return false
		}
		seen[p] = true
	}
	return true
}

func validLimit(r wire.PostureRule) error {
	switch r.Check {
	case "os_age":
		if r.Limit < minAgeDays || r.Limit > maxAgeDays {
			return errLimit
		}
	case "screen_lock":
		if r.Limit < minLockS || r.Limit > maxLockS {
			return errLimit
		}
	default:
		if r.Limit != 0 {
			return errRules
		}
	}
	return nil
}

// validPlace is for places that an administrator writes: MAC addresses.
func validPlace(p wire.PosturePlace) bool {
	mac := func(s string) bool { hw, err := net.ParseMAC(s); return err == nil && len(hw) == 6 }
	return p.Name != "" && strings.TrimSpace(p.Name) == p.Name && wire.ValidText(p.Name, maxPlaceName) && !strings.ContainsAny(p.Name, "\r\n\t") &&
		len(p.Routers) >= 1 && len(p.Routers) <= maxRouters && len(p.Around) <= wire.MaxAround &&
		!slices.ContainsFunc(p.Routers, func(s string) bool { return !mac(s) }) && !slices.ContainsFunc(p.Around, func(s string) bool { return !mac(s) })
}

// of finds a check's rule. One that is missing closes: rules are stored whole.
func of(r wire.PostureRules, check string) wire.PostureRule {
	for _, one := range r.Rules {
		if one.Check == check {
			return one
		}
	}
	return wire.PostureRule{Check: check, Level: Close, On: everywhere}
}

// level is what a rule asks on a system. One that is none of ours is asked for
// everything that is asked anywhere.
func level(r wire.PostureRule, platform string) string {
	if !slices.Contains(r.On, platform) && slices.Contains(wire.PosturePlatforms, platform) {
		return Off
	}
	switch r.Level {
	case Off, Warn:
		return r.Level
	}
	return Close
}

// asks says whether rules may close anything on some system.
func asks(r wire.PostureRules) bool {
	return slices.ContainsFunc(r.Rules, func(one wire.PostureRule) bool {
		return level(one, "") == Close
	})
}

// older says whether a version is below the least; ok is false for one that
// cannot be compared.
func older(version, least string) (old, ok bool) {
	v, l := versionForm.FindStringSubmatch(version), versionForm.FindStringSubmatch(least)
	if v == nil || l == nil {
		return false, false
	}
	for i := 1; i < len(v); i++ {
		a, _ := strconv.Atoi(v[i]) // digits by the form; an absent third part is 0
		b, _ := strconv.Atoi(l[i])
		if a != b {
			return a < b, true
		}
	}
	return false, true
}

// differences lists what changed, for the audit log: "disk_encryption": "warn → close".
func differences(old, now wire.PostureRules) map[string]string {
	out := map[string]string{"version": strconv.Itoa(now.Version)}
	for _, check := range wire.PostureChecks {
		if a, b := inWords(of(old, check)), inWords(of(now, check)); a != b {
			out[check] = a + " → " + b
		}
	}
	if old.Agent != now.Agent {
		out["agent"] = old.Agent + " → " + now.Agent
	}
	if !slices.EqualFunc(old.Places, now.Places, samePlace) {
		out["places"] = strconv.Itoa(len(old.Places)) + " → " + strconv.Itoa(len(now.Places))
	}
	return out
}

func samePlace(a, b wire.PosturePlace) bool {
	return a.Name == b.Name && slices.Equal(a.Routers, b.Routers) && slices.Equal(a.Around, b.Around)
}

var (
	errRefused   = sekisho.Fail(sekisho.KindDenied, "posture.refused")
	errMissing   = sekisho.Fail(sekisho.KindDenied, "posture.missing")
	errStale     = sekisho.Fail(sekisho.KindDenied, "posture.stale")
	errStatement = sekisho.Fail(sekisho.KindDenied, "posture.statement")
	errRules     = sekisho.Fail(sekisho.KindInvalid, "posture.rules")
	errLimit     = sekisho.Fail(sekisho.KindInvalid, "posture.limit")
	errVersion   = sekisho.Fail(sekisho.KindInvalid, "posture.version")
	errPlace     = sekisho.Fail(sekisho.KindInvalid, "posture.place")
	errChanged   = sekisho.Fail(sekisho.KindConflict, "posture.changed")
	errNoNetwork = sekisho.Fail(sekisho.KindConflict, "posture.no_network")
)
