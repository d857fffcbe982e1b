package console

import (
	"encoding/json"
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/gate/operators"
	own "github.com/sekisho/sekisho/internal/gate/roles"
	"github.com/sekisho/sekisho/internal/wire"
)

// What the console's pages see. Lists are never null; a time that is not known
// is null. Types with names of people in them print [hidden] in logs.

var hidden = slog.StringValue("[hidden]")

// SetupView answers GET /setup.
type SetupView struct {
	State string `json:"state" enum:"needed,done"`
	Demo  bool   `json:"demo" doc:"demonstration data with invented people; sign-in without a passkey exists only here"`
}

// MeView is the person who is signed in.
type MeView struct {
	ID    sekisho.PersonID `json:"id"`
	Name  string           `json:"name"`
	Login string           `json:"login"`
	Roles []sekisho.Role   `json:"roles" nullable:"false"`

	Rights []own.Right      `json:"rights" nullable:"false" doc:"of own roles, beside what the roles allow"`
	Client sekisho.ClientID `json:"client" doc:"the client company whose auditor this is; empty for the centre's own people"`
}

// LogValue hides the name.
func (MeView) LogValue() slog.Value { return hidden }

// SessionView answers GET /session and every way of signing in.
type SessionView struct {
	State   string     `json:"state" enum:"setup,signed_out,signed_in" doc:"setup: the first administrator is still missing"`
	Demo    bool       `json:"demo"`
	Person  *MeView    `json:"person,omitempty"`
	Expires *time.Time `json:"expires" doc:"the session ends then at the latest"`

	Home *HomeView `json:"home,omitempty" doc:"the issued PC that the console is shown on; absent at its own address"`

	Provider string `json:"provider" doc:"name of the identity provider through which one may sign in; empty without one"`
}

// CeremonyView starts a passkey ceremony: the options go to navigator.credentials.
type CeremonyView struct {
	Ceremony string          `json:"ceremony" doc:"hand it back when finishing"`
	Options  json.RawMessage `json:"options" doc:"PublicKeyCredential options as JSON (WebAuthn level 3)"`
	Name     string          `json:"name" doc:"whose passkey this will be; empty when signing in"`
}

// LogValue hides the name.
func (CeremonyView) LogValue() slog.Value { return hidden }

// DemoPersonView is one invented person of the demonstration.
type DemoPersonView struct {
	ID    sekisho.PersonID `json:"id"`
	Name  string           `json:"name"`
	Roles []sekisho.Role   `json:"roles" nullable:"false"`
}

// LogValue hides the name.
func (DemoPersonView) LogValue() slog.Value { return hidden }

// FloorView answers GET /floor.
type FloorView struct {
	Now   time.Time  `json:"now" doc:"the server's time, for counting how long a state lasts"`
	Page  PageView   `json:"page"`
	Seats []SeatView `json:"seats" nullable:"false"`
}

// SeatView is one seat of the floor: an issued PC and the person it was issued to.
type SeatView struct {
	Person     sekisho.PersonID   `json:"person"`
	Name       string             `json:"name"`
	Device     sekisho.DeviceID   `json:"device"`
	AssetTag   string             `json:"asset_tag"`
	Place      sekisho.Place      `json:"place" enum:",home,office"`
	Tier       sekisho.Tier       `json:"tier" enum:",A,B,C"`
	Group      string             `json:"group" enum:"alert,watch,gate,open,away,off" doc:"what it is for whoever watches the floor"`
	Phase      string             `json:"phase" enum:"offline,quarantine,live,closed,break"`
	State      string             `json:"state" enum:"unknown,present,unsure,onlooker,other,absent,covered,spoof,break,lost"`
	Since      *time.Time         `json:"since"`
	Session    sekisho.SessionID  `json:"session"`
	Class      sekisho.LeaseClass `json:"class" enum:",face,approved"`
	Reason     string             `json:"reason" doc:"code of why it was closed"`
	ReasonText string             `json:"reason_text"`
}

// LogValue hides the name.
func (SeatView) LogValue() slog.Value { return hidden }

// DeviceView is one PC of the inventory.
type DeviceView struct {
	ID          sekisho.DeviceID   `json:"id"`
	AssetTag    string             `json:"asset_tag"`
	Model       string             `json:"model"`
	Place       sekisho.Place      `json:"place" enum:"home,office"`
	Policy      sekisho.PolicyName `json:"policy"`
	Person      sekisho.PersonID   `json:"person"`
	PersonName  string             `json:"person_name"`
	State       string             `json:"state" enum:"registered,pending,issued,suspended,returned,revoked"`
	Since       *time.Time         `json:"since"`
	Reason      string             `json:"reason"`
	Tier        sekisho.Tier       `json:"tier" enum:",A,B,C"`
	KeyKind     string             `json:"key_kind" enum:",tpm,software"`
	Fingerprint string             `json:"fingerprint"`
	Hostname    string             `json:"hostname"`
	Platform    string             `json:"platform"`
	Agent       string             `json:"agent"`
	Registered  *time.Time         `json:"registered"`
	CodeUntil   *time.Time         `json:"code_until" doc:"end of an enrolment code that nobody used yet"`
	CodeHeld    bool               `json:"code_held" doc:"the code opens nothing until the PC's receipt is confirmed; code_until is the end of the waiting"`
	Ground      string             `json:"ground" enum:",list,certificate,person" doc:"on what its TPM's proof rests; empty without a proof"`
	EK          string             `json:"ek" doc:"SHA-256 of its TPM's endorsement key, lower-case hex; empty without a TPM"`
	Trouble     string             `json:"trouble" doc:"a code: what is wrong with it at the moment"`
	TroubleText string             `json:"trouble_text" doc:"the code's text in the caller's language"`
	TroubleAt   *time.Time         `json:"trouble_at"`
	Pool        *DevicePoolView    `json:"pool" doc:"the group that shares it; in the list, and for a PC of one person, null"`
}

// LogValue hides the link between a person and a PC.
func (DeviceView) LogValue() slog.Value { return hidden }

// EnrolmentCodeView shows an enrolment code: once, and never again.
type EnrolmentCodeView struct {
	Code  string     `json:"code"`
	Until *time.Time `json:"until"`
	Held  bool       `json:"held" doc:"it waits for the receipt of its PC; until is then the end of the waiting"`
}

// LogValue hides the code.
func (EnrolmentCodeView) LogValue() slog.Value { return hidden }

// PersonView is one person as administrators see him.
type PersonView struct {
	ID         sekisho.PersonID `json:"id"`
	Name       string           `json:"name"`
	Kana       string           `json:"kana"`
	Login      string           `json:"login"`
	Roles      []sekisho.Role   `json:"roles" nullable:"false"`
	FaceUsable bool             `json:"face_usable" doc:"false: works under lease class approved"`
	Place      sekisho.Place    `json:"place" enum:",home,office"`
	Active     bool             `json:"active" doc:"neither suspended nor past the last day"`
	Suspended  bool             `json:"suspended"`
	Passkeys   int              `json:"passkeys"`
	Password   string           `json:"password" enum:"none,allowed,set"`
	Agency     string           `json:"agency"`
	LastDay    operators.Day    `json:"last_day" doc:"of the contract, in Japan; empty has no end"`
}

// LogValue hides the person.
func (PersonView) LogValue() slog.Value { return hidden }

// InvitationView is a link by which a person registers a passkey, shown once; or
// the question to a second administrator that stands before it.
type InvitationView struct {
	URL      string     `json:"url" doc:"empty while a second administrator has to approve"`
	Until    *time.Time `json:"until"`
	Approval *AskedView `json:"approval,omitempty"`
}

// LogValue hides the link, which is as good as the account.
func (InvitationView) LogValue() slog.Value { return hidden }

// AskedView is a question as its asker sees it: with the code, which he reads out
// to whoever decides.
type AskedView struct {
	ID      sekisho.ApprovalID `json:"id"`
	Code    string             `json:"code"`
	State   string             `json:"state" enum:"waiting,approved,refused,expired,used"`
	Expires *time.Time         `json:"expires"`
}

// LogValue hides the code.
func (AskedView) LogValue() slog.Value { return hidden }

// ApprovalView is one question that waits for a second person. Its code is not
// here: the asker's screen shows it, and whoever approves must have heard it from
// the asker. A code on both screens would be confirmed unseen. Person is whom it
// is about; AskedBy names the administrator who asks about somebody.
type ApprovalView struct {
	ID       sekisho.ApprovalID `json:"id"`
	Kind     string             `json:"kind" enum:"face_enrolment,approved_session,passkey,invitation"`
	State    string             `json:"state" enum:"waiting,approved,refused,expired,used"`
	Person   sekisho.PersonID   `json:"person"`
	Name     string             `json:"name"`
	AskedBy  string             `json:"asked_by"`
	Device   sekisho.DeviceID   `json:"device"`
	AssetTag string             `json:"asset_tag"`
	Note     string             `json:"note"`
	Asked    *time.Time         `json:"asked"`
	Expires  *time.Time         `json:"expires"`
	Video    bool               `json:"video" doc:"only a witness by video will do"`
}

// LogValue hides the person.
func (ApprovalView) LogValue() slog.Value { return hidden }

// DesktopView is one virtual desktop. Its secret goes in and never comes out.
type DesktopView struct {
	ID        sekisho.DesktopID   `json:"id"`
	Name      string              `json:"name"`
	Host      string              `json:"host"`
	Port      int                 `json:"port"`
	Level     string              `json:"level" enum:"full,little,none" doc:"how much personal data it shows; sessions by approval reach less"`
	HasSecret bool                `json:"has_secret"`
	People    []DesktopPersonView `json:"people" nullable:"false" doc:"who may reach it"`
}

// DesktopPersonView is one person who may reach a desktop.
type DesktopPersonView struct {
	ID   sekisho.PersonID `json:"id"`
	Name string           `json:"name"`
}

// LogValue hides the name.
func (DesktopPersonView) LogValue() slog.Value { return hidden }

// IncidentView is one detection (検知).
type IncidentView struct {
	ID        sekisho.IncidentID `json:"id"`
	At        time.Time          `json:"at"`
	State     string             `json:"state" enum:"unknown,present,unsure,onlooker,other,absent,covered,spoof,break,lost"`
	Person    sekisho.PersonID   `json:"person"`
	Name      string             `json:"name"`
	Device    sekisho.DeviceID   `json:"device"`
	AssetTag  string             `json:"asset_tag"`
	Decision  string             `json:"decision" enum:",true,harmless,false"`
	Evidence  string             `json:"evidence" enum:"expected,arrived,missing,deleted,none" doc:"missing: it did not arrive within a minute, an alarm; none: nothing is sealed, by design"`
	Decided   *time.Time         `json:"decided"`
	DecidedBy string             `json:"decided_by"`
}

// LogValue hides the person.
func (IncidentView) LogValue() slog.Value { return hidden }

// IncidentDetailView adds what officers and auditors need to decide and to review.
type IncidentDetailView struct {
	IncidentView
	Session   sekisho.SessionID `json:"session"`
	Faces     int               `json:"faces" doc:"faces in view at the verdict"`
	FirstMS   int64             `json:"first_ms" doc:"from the first frame that showed it to the verdict"`
	OSLocked  bool              `json:"os_locked"`
	Note      string            `json:"note" doc:"of the decision"`
	Pictures  int               `json:"pictures" doc:"sealed records kept now"`
	Bundles   []BundleView      `json:"bundles" nullable:"false" doc:"sealed records; empty for whoever may not fetch them"`
	Viewers   []ViewerView      `json:"viewers" nullable:"false"`
	DeleteAt  *time.Time        `json:"delete_at"`
	Held      bool              `json:"held" doc:"an officer holds the records: they are not deleted"`
	Objection string            `json:"objection" doc:"the operator's own words"`
}

// LogValue hides the person.
func (IncidentDetailView) LogValue() slog.Value { return hidden }

// BundleView is one sealed record: ciphertext for two officers.
type BundleView struct {
	Hash string `json:"hash"`
}

// ViewerView says who fetched a record, when and why.
type ViewerView struct {
	Name   string    `json:"name"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
}

// LogValue hides the name.
func (ViewerView) LogValue() slog.Value { return hidden }

// AuditPageView answers GET /audit, newest first.
type AuditPageView struct {
	Rows   []AuditRowView    `json:"rows" nullable:"false"`
	Before int64             `json:"before" doc:"seq to ask for the next page with; 0 at the end"`
	Looked *time.Time        `json:"looked" doc:"where words are searched and more is to be looked at: how far back this page has looked"`
	Names  map[string]string `json:"names" doc:"names of the people and PCs on this page, by id"`
}

// LogValue hides the rows.
func (AuditPageView) LogValue() slog.Value { return hidden }

// AuditRowView is one row of the log.
type AuditRowView struct {
	Seq        int64              `json:"seq" doc:"number in the log, from 0"`
	At         time.Time          `json:"at"`
	Kind       string             `json:"kind"`
	Person     sekisho.PersonID   `json:"person" doc:"who acted"`
	Device     sekisho.DeviceID   `json:"device"`
	Role       string             `json:"role"`
	Process    string             `json:"process"`
	Object     string             `json:"object" doc:"what kind of thing it was done to"`
	ObjectID   string             `json:"object_id"`
	Decision   string             `json:"decision"`
	Reason     string             `json:"reason" doc:"a code, or a short word"`
	ReasonText string             `json:"reason_text" doc:"the code's text in the caller's language; empty for a word"`
	Session    sekisho.SessionID  `json:"session"`
	Customer   sekisho.CustomerID `json:"customer" doc:"whose data it touched; an opaque id"`
	Call       sekisho.CallID     `json:"call" doc:"the call during which it happened"`
	Detail     map[string]string  `json:"detail"`
	Personal   map[string]string  `json:"personal" doc:"values that identify somebody; the log itself holds only salted commitments of them"`
	Late       bool               `json:"late" doc:"written after the fact, when it could not be written at once"`
	Leaf       string             `json:"leaf" doc:"hash of the row's leaf in the Merkle tree, lower-case hex"`
}

// LogValue hides the row.
func (AuditRowView) LogValue() slog.Value { return hidden }

// SubjectView is one person or PC that the log can be searched for.
type SubjectView struct {
	Type  string `json:"type" enum:"person,device"`
	ID    string `json:"id"`
	Label string `json:"label"`
}

// LogValue hides the name.
func (SubjectView) LogValue() slog.Value { return hidden }

// SubjectsView answers GET /audit/subjects.
type SubjectsView struct {
	Subjects []SubjectView `json:"subjects" nullable:"false"`
}

// LogValue hides the names.
func (SubjectsView) LogValue() slog.Value { return hidden }

// CheckpointView is the log's newest signed checkpoint (C2SP tlog-checkpoint).
type CheckpointView struct {
	Size   int64  `json:"size" doc:"entries that it covers"`
	Root   string `json:"root" doc:"of the Merkle tree, lower-case hex"`
	Text   string `json:"text" doc:"the signed note, to keep as a pin"`
	Key    string `json:"key" doc:"the log's verifier key (signed-note vkey)"`
	Opened bool   `json:"opened" doc:"false: the log is not the one that is remembered, and nothing opens"`
}

// lists
type (
	// DevicesView answers GET /devices.
	DevicesView struct {
		Page    PageView     `json:"page"`
		Devices []DeviceView `json:"devices" nullable:"false"`
	}
	// PeopleView answers GET /people.
	PeopleView struct {
		Page   PageView     `json:"page"`
		People []PersonView `json:"people" nullable:"false"`
	}
	// ApprovalsView answers GET /approvals.
	ApprovalsView struct {
		Now       time.Time      `json:"now"`
		For       []string       `json:"for" nullable:"false" doc:"names of supervisors for whom the caller answers as their deputy"`
		Approvals []ApprovalView `json:"approvals" nullable:"false"`
	}
	// DesktopsView answers GET /desktops.
	DesktopsView struct {
		Desktops []DesktopView `json:"desktops" nullable:"false"`
	}
	// IncidentsView answers GET /incidents.
	IncidentsView struct {
		Incidents []IncidentView `json:"incidents" nullable:"false"`
	}
	// PoliciesView answers GET /policies.
	PoliciesView struct {
		Policies []wire.GuardPolicy `json:"policies" nullable:"false"`
	}
	// DemoPeopleView answers GET /demo/people.
	DemoPeopleView struct {
		People []DemoPersonView `json:"people" nullable:"false"`
	}
)
