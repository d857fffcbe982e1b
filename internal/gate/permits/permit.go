package permits

import (
	"time"

	"github.com/sekisho/sekisho"
)

// Where is the kind of place that a permit is for; no more is kept of it.
type Where string

// Kinds of places. The zero value is none and refused.
const (
	AtHome   Where = "home"     // the person's home
	Approved Where = "approved" // another place that the centre approved
)

// Permit lets one person work with one PC outside the office for a time.
type Permit struct {
	ID       sekisho.PermitID
	Device   sekisho.DeviceID
	Person   sekisho.PersonID // to whom the PC is issued
	Where    Where
	From     time.Time
	Until    time.Time // it counts before this moment
	Approver sekisho.PersonID
	Given    time.Time
	Ended    time.Time // zero unless somebody took it back
	EndedBy  sekisho.PersonID
}

// Counts says whether the permit holds at a moment. The zero Permit never does.
func (p Permit) Counts(now time.Time) bool {
	return p.Ended.IsZero() && !now.Before(p.From) && now.Before(p.Until)
}

// Over says whether it can never count again.
func (p Permit) Over(now time.Time) bool { return !p.Ended.IsZero() || !now.Before(p.Until) }

const (
	longest  = 366 * 24 * time.Hour
	furthest = 366 * 24 * time.Hour // ahead, that one may begin
	most     = 1_000                // of one PC, past ones included
)

func (p Permit) check(now time.Time) error {
	switch {
	case p.Where != AtHome && p.Where != Approved:
		return errWhere
	case !p.From.Before(p.Until), p.Until.Sub(p.From) > longest, p.From.Sub(now) > furthest:
		return errDays
	case !now.Before(p.Until):
		return errOver
	case p.Approver == "" || p.Approver == p.Person:
		return errOwn
	}
	return nil
}

var (
	errWhere   = sekisho.Fail(sekisho.KindInvalid, "permit.where")
	errDays    = sekisho.Fail(sekisho.KindInvalid, "permit.days")
	errOver    = sekisho.Fail(sekisho.KindInvalid, "permit.over")
	errOwn     = sekisho.Fail(sekisho.KindDenied, "permit.own")
	errDevice  = sekisho.Fail(sekisho.KindConflict, "permit.device")
	errOverlap = sekisho.Fail(sekisho.KindConflict, "permit.overlap")
	errMany    = sekisho.Fail(sekisho.KindConflict, "permit.too_many")
	errUnknown = sekisho.Fail(sekisho.KindNotFound, "permit.unknown")
	errEnded   = sekisho.Fail(sekisho.KindConflict, "permit.ended")
)
