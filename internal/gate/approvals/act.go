package approvals

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Kinds of dangerous act.
const (
	ActPersonNew    = "person.create"  // somebody who is administrator or officer from the start
	ActPersonChange = "person.change"  // a change that makes somebody administrator or officer
	ActPersonResume = "person.resume"  // one who was suspended comes back as such
	ActPolicy       = "policy"         // a guard policy is loosened
	ActPosture      = "posture"        // what is asked of a PC is loosened
	ActTraining     = "training"       // what people must know is loosened
	ActShifts       = "shifts"         // sessions are bound less to shifts
	ActRules        = "rules"          // the access policies are loosened
	ActNetwork      = "network"        // a door answers to more addresses
	ActCourse       = "course"         // a required course asks for less
	ActRoom         = "room"           // a self-check of a room asks for less
	ActAuthority    = "tpm.authority"  // the authority of a TPM maker is trusted
	ActUnknownTPM   = "tpm.unknown"    // unknown TPMs are no longer refused
	ActLevel        = "desktop.level"  // a desktop is said to show less personal data
	ActLift         = "recording.lift" // a recording is no longer held
	ActRetention    = "recording.days" // recordings are kept for less time
	ActPlace        = "device.place"   // a PC may work where it is now
	ActOffices      = "offices"        // who is bound outside the office to an issued PC is loosened
	ActExport       = "export"         // many rows of the log are taken away, with names
	ActRecords      = "records"        // many records of training are taken away, with names
	ActRoleMake     = "role.make"      // an own role with an administrator's or officer's rights
	ActRoleChange   = "role.change"    // such a role is widened
	ActRoleGive     = "role.give"      // such a role is given to somebody
	ActIdentity     = "identity.link"  // who somebody is at the identity provider
	ActWidening     = "widening"       // what a disaster may widen is agreed on beforehand
	ActDisaster     = "disaster"       // a disaster is declared
)

// actRoles are who may ask for a kind of act and who may confirm it. A kind that
// does not stand here is asked for and confirmed by nobody.
var actRoles = map[string]struct{ ask, confirm []sekisho.Role }{
	ActPersonNew:    {admins, admins},
	ActPersonChange: {admins, admins},
	ActPersonResume: {admins, admins},
	ActPolicy:       {admins, admins},
	ActPosture:      {admins, admins},
	ActTraining:     {admins, admins},
	ActShifts:       {admins, admins},
	ActRules:        {admins, admins},
	ActNetwork:      {admins, admins},
	ActRoleMake:     {admins, admins},
	ActRoleChange:   {admins, admins},
	ActRoleGive:     {admins, admins},
	ActIdentity:     {admins, admins},
	ActOffices:      {admins, admins},
	ActCourse:       {admins, admins},
	ActRoom:         {admins, admins},
	ActAuthority:    {admins, admins},
	ActUnknownTPM:   {admins, admins},
	ActLevel:        {admins, admins},
	ActLift:         {admins, admins},
	ActRetention:    {admins, admins},
	ActPlace:        {admins, admins},
	ActWidening:     {admins, admins},
	ActExport:       {[]sekisho.Role{sekisho.RoleOfficer, sekisho.RoleAuditor}, []sekisho.Role{sekisho.RoleAdministrator, sekisho.RoleOfficer}},
	ActRecords:      {[]sekisho.Role{sekisho.RoleAdministrator, sekisho.RoleAuditor}, []sekisho.Role{sekisho.RoleAdministrator, sekisho.RoleOfficer}},
	ActDisaster:     {[]sekisho.Role{sekisho.RoleAdministrator, sekisho.RoleOfficer}, []sekisho.Role{sekisho.RoleAdministrator, sekisho.RoleOfficer}},
}

var admins = []sekisho.Role{sekisho.RoleAdministrator}

// Confirms are the roles that confirm acts of a kind; none for an unknown one.
func Confirms(kind string) []sekisho.Role { return slices.Clone(actRoles[kind].confirm) }

// States of an act, beside Waiting, Refused, Expired and Used.
const (
	Confirmed = "confirmed" // a second person said yes, and its asker has not used it yet
	Withdrawn = "withdrawn" // by whoever asked
	Failed    = "failed"    // confirmed, and could not be done any more
)

const (
	actLife        = 24 * time.Hour // to be confirmed
	useLife        = time.Hour      // what was confirmed for its asker to use
	maxObject      = 256            // bytes
	maxPayload     = 1 << 20        // bytes
	maxDifferences = 200
	maxWords       = 16_384 // characters of one side of a difference: as much as a widening holds
	actsEach       = 30     // asked by one person in one hour
	actsShown      = 100    // closed ones in the list
)

// Act is one dangerous act with its answer, if any.
type Act struct {
	ID          sekisho.ActID
	Kind        string
	Object      string // what it is done to: a person's id, a policy's name, an own role's, with the id of who gets it
	Asker       sekisho.PersonID
	Payload     []byte // what will be done, as its performer reads it; empty once closed
	Digest      string // SHA-256 of kind, object, payload and differences, lower-case hex
	Differences []wire.Difference
	State       string
	Asked       time.Time
	Expires     time.Time
	Decider     sekisho.PersonID
	Decided     time.Time
	Reason      string // code, where it failed
}

// LogValue hides what the act is about.
func (Act) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// at is the act as it stands at a moment: what was not confirmed, or not used, in
// time is expired.
func (a Act) at(now time.Time) Act {
	if (a.State == Waiting || a.State == Confirmed) && !now.Before(a.Expires) {
		a.State = Expired
	}
	return a
}

// digest names exactly what is asked for. Whoever confirms sends back the digest
// of what he was shown.
func (a Act) digest() string {
	h := sha256.New()
	all := [][]byte{[]byte(a.Kind), []byte(a.Object), []byte(a.Asker), a.Payload, a.words()}
	for _, part := range all {
		sum := sha256.Sum256(part)
		h.Write(sum[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// words are the differences as they are stored.
func (a Act) words() []byte {
	b, err := json.Marshal(a.Differences)
	if err != nil {
		panic("approvals: strings that JSON does not take: " + err.Error()) // it takes every string
	}
	return b
}

// validAct says what is wrong with what is asked for, or nil.
func validAct(a Act) error {
	if _, known := actRoles[a.Kind]; !known || a.Asker == "" || len(a.Object) > maxObject || len(a.Payload) == 0 || len(a.Payload) > maxPayload {
		return errAct
	}
	if len(a.Differences) == 0 {
		return errAct
	}
	if !readable(a.Differences) {
		return errActLong
	}
	return nil
}

// readable says whether all of it can be shown. What cannot is not asked for:
// nothing is cut, since nobody confirms what he has not seen.
func readable(all []wire.Difference) bool {
	return len(all) <= maxDifferences && !slices.ContainsFunc(all, func(d wire.Difference) bool {
		return utf8.RuneCountInString(d.Before) > maxWords || utf8.RuneCountInString(d.After) > maxWords
	})
}

var (
	errAct          = sekisho.Fail(sekisho.KindInvalid, "act.kind")
	errActLong      = sekisho.Fail(sekisho.KindInvalid, "act.too_long")
	errActMany      = sekisho.Fail(sekisho.KindBusy, "act.too_many")
	errActUnknown   = sekisho.Fail(sekisho.KindNotFound, "act.unknown")
	errActDecided   = sekisho.Fail(sekisho.KindConflict, "act.decided")
	errActExpired   = sekisho.Fail(sekisho.KindExpired, "act.expired")
	errActOwn       = sekisho.Fail(sekisho.KindDenied, "act.own")
	errActRole      = sekisho.Fail(sekisho.KindDenied, "act.role")
	errActSeen      = sekisho.Fail(sekisho.KindConflict, "act.not_what_was_shown")
	errActAsker     = sekisho.Fail(sekisho.KindDenied, "act.asker")
	errActOther     = sekisho.Fail(sekisho.KindConflict, "act.other")
	errActWaiting   = sekisho.Fail(sekisho.KindDenied, "act.waiting")
	errActUncarried = sekisho.Fail(sekisho.KindInternal, "act.not_confirmed")
	errNoSecond     = sekisho.Fail(sekisho.KindDenied, "act.no_second")
)
