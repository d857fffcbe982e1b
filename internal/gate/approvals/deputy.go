package approvals

import (
	"slices"
	"time"

	"github.com/sekisho/sekisho"
)

// Deputy is one time for which somebody answers a supervisor's questions for him
// (代理).
type Deputy struct {
	ID        sekisho.DeputyID
	Principal sekisho.PersonID // the supervisor, who named him
	Person    sekisho.PersonID // who answers
	Begins    time.Time
	Ends      time.Time // no more from here on
	Named     time.Time
	Ended     time.Time // before its end, by hand; zero: not
}

// In says whether the deputy may answer at a moment, as far as time goes.
func (d Deputy) In(now time.Time) bool {
	return d.Ended.IsZero() && !now.Before(d.Begins) && now.Before(d.Ends)
}

const (
	longestDeputy = 31 * 24 * time.Hour
	latestDeputy  = 90 * 24 * time.Hour // ahead
	deputiesEach  = 10                  // of one supervisor, not over
)

// deputyRoles may stand in for a supervisor: their own level is not below his. An
// operator would decide about his like; an auditor only reads.
var deputyRoles = []sekisho.Role{sekisho.RoleAdministrator, sekisho.RoleOfficer}

// deputed are the kinds that a deputy answers.
func deputed(kind string) bool {
	return slices.Contains([]string{KindWitness, KindSession, KindPasskey}, kind)
}

func validDeputy(d Deputy, now time.Time) error {
	if d.Principal == "" || d.Person == "" || d.Principal == d.Person {
		return errDeputyOwn
	}
	if !d.Ends.After(d.Begins) || !d.Ends.After(now) || d.Ends.Sub(d.Begins) > longestDeputy || d.Begins.Sub(now) > latestDeputy {
		return errDeputyTime
	}
	return nil
}

var (
	errDeputyOwn     = sekisho.Fail(sekisho.KindInvalid, "deputy.own")
	errDeputyTime    = sekisho.Fail(sekisho.KindInvalid, "deputy.time")
	errDeputyRole    = sekisho.Fail(sekisho.KindDenied, "deputy.role")
	errDeputyNeeds   = sekisho.Fail(sekisho.KindConflict, "deputy.needless")
	errDeputyMany    = sekisho.Fail(sekisho.KindBusy, "deputy.too_many")
	errDeputyUnknown = sekisho.Fail(sekisho.KindNotFound, "deputy.unknown")
	errDeputyNotYou  = sekisho.Fail(sekisho.KindDenied, "deputy.not_yours")
)
