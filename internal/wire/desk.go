package wire

import (
	"time"

	"github.com/sekisho/sekisho"
)

// The desk door (/api/desk/v1 on port 80 inside the tunnel). Every request is
// signed by the lease key (RequestToSign). Routes marked [agent] are composed
// by the agent alone; the PC's front door refuses them to pages.

// Me answers GET /me [quarantine]: who this PC was issued to and what is missing before work.
type Me struct {
	Connection sekisho.ConnectionID `json:"connection"`
	Device     DeskDevice           `json:"device"`
	Person     DeskPerson           `json:"person"`
	Missing    []string             `json:"missing"` // of "consent", "face", "training"; in the order to do them
	Session    *DeskSession         `json:"session"` // the live one, if any
	Policy     GuardPolicy          `json:"policy"`
	Demo       bool                 `json:"demo"` // demonstration data
	Training   TrainingDue          `json:"training"`
	Notice     string               `json:"notice"` // the centre's emergency announcement; "" where there is none
}

// DeskDevice is the issued PC as its operator sees it.
type DeskDevice struct {
	ID       sekisho.DeviceID `json:"id"`
	AssetTag string           `json:"asset_tag"`
	Tier     sekisho.Tier     `json:"tier"`
	Place    sekisho.Place    `json:"place"`
}

// DeskPerson is the operator to himself.
type DeskPerson struct {
	ID         sekisho.PersonID `json:"id"`
	Name       string           `json:"name"`
	Consented  bool             `json:"consented"`
	Lapsed     bool             `json:"lapsed"`      // consented to an earlier text: asked again, and nothing is deleted before he answers
	FaceUsable bool             `json:"face_usable"` // false: class approved
	Commitment string           `json:"commitment"`  // of the enrolled face on this PC, "" if none
	Model      string           `json:"model"`
	Console    bool             `json:"console"` // the console has something for this person, at this PC
}

// DeskSession is the live session.
type DeskSession struct {
	ID      sekisho.SessionID  `json:"id"`
	Class   sekisho.LeaseClass `json:"class"`
	Opened  time.Time          `json:"opened"`
	Expires *time.Time         `json:"expires"` // end of an approved session

	ShiftEnds *time.Time `json:"shift_ends"` // end of the person's shift with its grace; null where none binds
}

// GuardPolicy is a named guard policy with its times; both ends run it.
type GuardPolicy struct {
	Name          sekisho.PolicyName `json:"name"`
	Version       int                `json:"version"`
	Place         sekisho.Place      `json:"place"`
	Onlooker      bool               `json:"onlooker"`        // is a second face a reason to close (office: false)
	AbsentMS      int                `json:"absent_ms"`       // 5,000–30,000: closed after this long
	Reentry       string             `json:"reentry"`         // "standard" or "strict": after other, spoof, covered
	LockOS        bool               `json:"lock_os"`         // lock the operating system when the guard turns the screen black
	AllowSoftware bool               `json:"allow_software"`  // tier C named by this policy
	ConfirmEvery  int                `json:"confirm_every_s"` // class approved without a camera: seconds between confirmations
}

// ConsentText answers GET /consent [quarantine].
type ConsentText struct {
	Version     int    `json:"version"`
	Language    string `json:"language"`
	Title       string `json:"title"`
	Purpose     string `json:"purpose"`
	Kept        string `json:"kept"`    // what is kept, where, how long
	Refusal     string `json:"refusal"` // refusing brings no disadvantage; what happens instead
	Contact     string `json:"contact"`
	Responsible string `json:"responsible"`
}

// ConsentAnswer is POST /consent [quarantine].
type ConsentAnswer struct {
	Version int  `json:"version"`
	Accept  bool `json:"accept"`
}

// Approval is POST /approvals and GET /approvals/{id} [quarantine]: a question
// that a supervisor answers. Kind is "face_enrolment" (a witness), "approved_session"
// or "passkey"; the answer allows that and nothing else.
type Approval struct {
	ID      sekisho.ApprovalID `json:"id"`
	Kind    string             `json:"kind"`
	Code    string             `json:"code"`  // four digits of the asker's screen, which the supervisor types in
	State   string             `json:"state"` // waiting, approved, refused, expired, used
	Expires time.Time          `json:"expires"`
}

// ApprovalRequest asks for one; Note is the operator's own words (at most 200 characters).
type ApprovalRequest struct {
	Kind string `json:"kind"`
	Note string `json:"note"`
}

// LoginNonce answers POST /login-nonce [agent, quarantine]: single use, 60 s.
type LoginNonce struct {
	Nonce     Bytes  `json:"nonce"`
	Challenge string `json:"challenge"` // "", "turn_left", "turn_right": asked of the person
}

// OpenSession is POST /sessions [agent, quarantine]: exactly one of Face and Approved.
type OpenSession struct {
	Face     *Signed `json:"face"`
	Approved *Signed `json:"approved"`
}

// SessionAnswer is the opened session; nonces then arrive on port 7001.
type SessionAnswer struct {
	Session  DeskSession   `json:"session"`
	Policy   GuardPolicy   `json:"policy"`
	Desktops []DeskDesktop `json:"desktops"`
}

// DeskDesktop is a virtual desktop this session may reach: GET /desktops, and a
// WebSocket at /desktops/{id}/stream that speaks RFB 3.8 without a password.
type DeskDesktop struct {
	ID   sekisho.DesktopID `json:"id"`
	Name string            `json:"name"`
}

// StoreFace is POST /faces [agent, quarantine].
type StoreFace struct {
	Statement Signed `json:"statement"` // FaceEnrolment
}

// Roster answers GET /roster [agent, quarantine]: the officers' roster as signed offline.
type Roster struct {
	Signed Bytes `json:"signed"` // see twin/sealing
}

// Records answers GET /records?before: a page of 自分の記録, newest first.
type Records struct {
	Records []Record `json:"records"`
	Before  int64    `json:"before"` // to ask for the next page with; 0 at the end
}

// Record is one row of 自分の記録.
type Record struct {
	At       time.Time          `json:"at"`
	Kind     string             `json:"kind"` // audit kind
	Incident sekisho.IncidentID `json:"incident"`
	State    sekisho.State      `json:"state"`
	Decision string             `json:"decision"` // "", "true", "harmless", "false"
	Pictures int                `json:"pictures"` // sealed pictures kept now
	DeleteAt *time.Time         `json:"delete_at"`
	Viewer   string             `json:"viewer"` // who opened it: name and role
	Note     string             `json:"note"`
}

// Event is the envelope of every /events WebSocket.
type Event struct {
	V    int    `json:"v"` // 1
	Seq  uint64 `json:"seq"`
	Type string `json:"type"`
	Data any    `json:"data"`
}

// PasskeyOptions carries WebAuthn options as the browser's JSON methods take them.
type PasskeyOptions struct {
	Options RawJSON `json:"options"`
}

// PasskeyFinish carries the browser's answer (PublicKeyCredential.toJSON).
type PasskeyFinish struct {
	Credential RawJSON            `json:"credential"`
	Approval   sekisho.ApprovalID `json:"approval"`
}

// Objection is POST /records/{incident}/objection.
type Objection struct {
	Note string `json:"note"`
}

// EndSession is POST /session/end [agent]; Reason is one of EndReasons.
type EndSession struct {
	Reason string `json:"reason"`
}

// EndReasons are the codes for which an agent ends a session of its own accord.
// A PC's own words never reach the log or a supervisor's screen.
var EndReasons = []string{
	"session.ended_by_you", "lease.unsure", "lease.absent", "lease.lost", "lease.break", "lease.confirmation_missing", "evidence.no_roster",
}
