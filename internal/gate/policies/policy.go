package policies

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Bounds of a policy's times.
const (
	minAbsentMS  = 5_000
	maxAbsentMS  = 30_000
	minConfirmS  = 15  // more often is harassment
	maxConfirmS  = 300 // less often is no guard
	reentryPlain = "standard"
	reentryHard  = "strict"
)

// A name is shown, typed and written in logs: lower case, digits, hyphens.
var nameForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// builtin are the policies of a new centre. Tier C is named by neither.
var builtin = map[sekisho.PolicyName]wire.GuardPolicy{
	"home": {
		Name: "home", Version: 1, Place: sekisho.PlaceHome, Onlooker: true,
		AbsentMS: 10_000, Reentry: reentryHard, LockOS: true, ConfirmEvery: 60,
	},
	"office": {
		Name: "office", Version: 1, Place: sekisho.PlaceOffice, Onlooker: false,
		AbsentMS: 30_000, Reentry: reentryPlain, LockOS: false, ConfirmEvery: 120,
	},
}

// Validate says what is wrong with a policy, or nil. A place at home always
// watches for onlookers: that is what the customers were promised.
func Validate(p wire.GuardPolicy) error {
	switch {
	case !nameForm.MatchString(string(p.Name)):
		return errName
	case p.Place != sekisho.PlaceHome && p.Place != sekisho.PlaceOffice:
		return errPlace
	case p.AbsentMS < minAbsentMS || p.AbsentMS > maxAbsentMS:
		return errAbsent
	case p.Reentry != reentryPlain && p.Reentry != reentryHard:
		return errReentry
	case p.ConfirmEvery != 0 && (p.ConfirmEvery < minConfirmS || p.ConfirmEvery > maxConfirmS):
		return errConfirm
	case p.Place == sekisho.PlaceHome && !p.Onlooker:
		return errOnlooker
	case p.Version < 1:
		return errVersion
	}
	return nil
}

// differences lists what changed, for the audit log: "absent_s": "10 → 8".
func differences(old, now wire.GuardPolicy) map[string]string {
	out := map[string]string{"version": strconv.Itoa(now.Version)}
	add := func(field string, a, b any) {
		if a != b {
			out[field] = fmt.Sprintf("%v → %v", a, b)
		}
	}
	add("place", old.Place, now.Place)
	add("onlooker", old.Onlooker, now.Onlooker)
	add("absent_s", seconds(old.AbsentMS), seconds(now.AbsentMS))
	add("reentry", old.Reentry, now.Reentry)
	add("lock_os", old.LockOS, now.LockOS)
	add("allow_software", old.AllowSoftware, now.AllowSoftware)
	add("confirm_every_s", old.ConfirmEvery, now.ConfirmEvery)
	return out
}

// seconds are what people write and read; the contract has milliseconds.
func seconds(ms int) float64 { return float64(ms) / 1000 }

func byName(all map[sekisho.PolicyName]wire.GuardPolicy) []wire.GuardPolicy {
	out := make([]wire.GuardPolicy, 0, len(all))
	for _, p := range all {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b wire.GuardPolicy) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return out
}

var (
	errName     = sekisho.Fail(sekisho.KindInvalid, "policy.name")
	errPlace    = sekisho.Fail(sekisho.KindInvalid, "policy.place")
	errAbsent   = sekisho.Fail(sekisho.KindInvalid, "policy.absent")
	errReentry  = sekisho.Fail(sekisho.KindInvalid, "policy.reentry")
	errConfirm  = sekisho.Fail(sekisho.KindInvalid, "policy.confirm")
	errOnlooker = sekisho.Fail(sekisho.KindInvalid, "policy.onlooker_at_home")
	errVersion  = sekisho.Fail(sekisho.KindConflict, "policy.changed_meanwhile")
	errUnknown  = sekisho.Fail(sekisho.KindNotFound, "policy.unknown")
)
