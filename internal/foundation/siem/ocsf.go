package siem

import (
	"encoding/hex"
	"encoding/json"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/wire"
)

// ocsfVersion is the version of the Open Cybersecurity Schema Framework.
const ocsfVersion = "1.8.0"

// Classes that entries become; what fits none is a Base Event.
const (
	classBase      = 0    // Base Event
	classFinding   = 2004 // Detection Finding
	classAccount   = 3001 // Account Change
	classAuth      = 3002 // Authentication
	classEntity    = 3004 // Entity Management
	activityOther  = 99
	statusSuccess  = 1
	statusFailure  = 2
	ocsfInfo       = 1
	ocsfMedium     = 3
	ocsfCritical   = 5
	findingCreate  = 1
	findingUpdate  = 2
	findingClose   = 3
	authLogon      = 1
	authLogoff     = 2
	accountCreate  = 1
	accountEnable  = 2
	accountDisable = 5
	accountLock    = 9
	accountUnlock  = 12
	entityCreate   = 1
	entityRead     = 2
	entityUpdate   = 3
	entityDelete   = 4
	entityEnroll   = 6
	entitySuspend  = 12
	entityResume   = 13
)

type activity struct{ class, id int }

// activities says what an entry is, by its kind; the rest go by their object below.
var activities = map[string]activity{
	"login.accepted": {classAuth, authLogon}, "login.refused": {classAuth, authLogon}, "login.ended": {classAuth, authLogoff},
	"session.opened": {classAuth, authLogon}, "session.ended": {classAuth, authLogoff},
	"person.created": {classAccount, accountCreate}, "person.changed": {classAccount, activityOther}, "person.invited": {classAccount, activityOther},
	"person.suspended": {classAccount, accountDisable}, "person.resumed": {classAccount, accountEnable},
	"face.locked": {classAccount, accountLock}, "face.cleared": {classAccount, accountUnlock}, "passkey.registered": {classAccount, activityOther},
	"device.registered": {classEntity, entityCreate}, "device.enrolled": {classEntity, entityEnroll}, "device.approved": {classEntity, entityUpdate},
	"device.suspended": {classEntity, entitySuspend}, "device.resumed": {classEntity, entityResume}, "device.revoked": {classEntity, entityDelete}, "device.returned": {classEntity, entityDelete},
	"desktop.created": {classEntity, entityCreate}, "desktop.changed": {classEntity, entityUpdate}, "desktop.deleted": {classEntity, entityDelete},
	"policy.changed": {classEntity, entityUpdate}, "roster.installed": {classEntity, entityUpdate}, "key.created": {classEntity, entityCreate},
	"certificate.issued": {classEntity, entityCreate}, "certificate.revoked": {classEntity, entityDelete},
	"evidence.viewed": {classEntity, entityRead}, "evidence.deleted": {classEntity, entityDelete},
	"audit.exported": {classEntity, entityRead}, "audit.rows_exported": {classEntity, entityRead}, "report.made": {classEntity, entityCreate}, "report.downloaded": {classEntity, entityRead},
	"incident.reported": {classFinding, findingCreate}, "incident.completed": {classFinding, findingUpdate}, "incident.decided": {classFinding, findingClose},
	"audit.forged": {classFinding, findingCreate}, "audit.vanished": {classFinding, findingCreate}, "audit.rolled_back": {classFinding, findingCreate},
}

type uid struct {
	UID  string `json:"uid"`
	Type string `json:"type,omitempty"`
}

type named struct {
	Name string `json:"name"`
}

type product struct {
	Name    string `json:"name"`
	Vendor  string `json:"vendor_name"`
	Version string `json:"version"`
}

type metadata struct {
	UID      string   `json:"uid"` // the entry's id
	Sequence int64    `json:"sequence"`
	Version  string   `json:"version"`
	Product  product  `json:"product"`
	Code     string   `json:"event_code"` // the entry's kind
	Profiles []string `json:"profiles"`   // "host" brings actor and device to every class
}

// pc is a device of the type Other.
type pc struct {
	UID    string `json:"uid"`
	TypeID int    `json:"type_id"`
	Type   string `json:"type"`
}

type finding struct {
	Title string `json:"title"`
	UID   string `json:"uid"`
}

type actor struct {
	User    *uid   `json:"user,omitempty"`
	Session *uid   `json:"session,omitempty"`
	App     string `json:"app_name,omitempty"`
}

// event is an OCSF event; what a class does not ask for is left out.
type event struct {
	Category int               `json:"category_uid"`
	Class    int               `json:"class_uid"`
	Activity int               `json:"activity_id"`
	Type     int64             `json:"type_uid"`
	Time     int64             `json:"time"` // ms since 1970
	Severity int               `json:"severity_id"`
	Status   int               `json:"status_id,omitempty"`
	Detail   string            `json:"status_detail,omitempty"`
	Message  string            `json:"message"`
	Metadata metadata          `json:"metadata"`
	Actor    *actor            `json:"actor,omitempty"`
	Device   *pc               `json:"device,omitempty"`
	User     *uid              `json:"user,omitempty"`    // 3001, 3002
	Service  *named            `json:"service,omitempty"` // 3002
	Session  *uid              `json:"session,omitempty"` // 3002
	Entity   *uid              `json:"entity,omitempty"`  // 3004
	Finding  *finding          `json:"finding_info,omitempty"`
	Unmapped map[string]string `json:"unmapped"`
}

// ocsf puts an entry into the schema. The leaf's hash and its detail stand under unmapped.
func ocsf(e audit.Entry) event {
	v, leaf := e.Event, tlog.RecordHash(e.Leaf)
	act, ok := activities[v.Kind]
	if !ok {
		act = activity{classBase, activityOther}
	}
	out := event{
		Category: act.class / 1000, Class: act.class, Activity: act.id, Type: int64(act.class)*100 + int64(act.id), Time: e.At.UnixMilli(),
		Severity: ocsfSeverity(v), Detail: v.Reason, Message: v.Kind,
		Metadata: metadata{UID: e.ID, Sequence: e.Seq, Version: ocsfVersion, Product: product{"Sekisho", "Sekisho", wire.Version}, Code: v.Kind, Profiles: []string{"host"}},
		Unmapped: map[string]string{"leaf": hex.EncodeToString(leaf[:]), "object": v.Object.Type, "object_id": v.Object.ID},
	}
	switch v.Decision {
	case audit.Allow:
		out.Status = statusSuccess
	case audit.Deny:
		out.Status = statusFailure
	}
	if v.Late {
		out.Unmapped["late"] = "true"
	}
	if v.Actor.Device != "" {
		out.Device = &pc{UID: string(v.Actor.Device), TypeID: 99, Type: "issued PC"}
	}
	out.Actor = actorOf(v)
	for name, id := range map[string]string{"customer": string(v.Customer), "call": string(v.Call)} {
		if id != "" {
			out.Unmapped[name] = id
		}
	}
	for name, value := range v.Detail {
		out.Unmapped["detail."+name] = value
	}
	out.ofClass(v)
	return out
}

func actorOf(v audit.Event) *actor {
	a := actor{App: v.Actor.Process}
	if v.Actor.Person != "" {
		a.User = &uid{UID: string(v.Actor.Person), Type: string(v.Actor.Role)}
	}
	if v.Session != "" {
		a.Session = &uid{UID: string(v.Session)}
	}
	if a == (actor{}) {
		return nil
	}
	return &a
}

// ofClass fills what the class requires.
func (out *event) ofClass(v audit.Event) {
	who := string(v.Actor.Person)
	if v.Object.Type == "person" {
		who = v.Object.ID
	}
	switch out.Class {
	case classAuth:
		out.User, out.Service = &uid{UID: orUnknown(who)}, &named{"Sekisho"}
		if v.Session != "" {
			out.Session = &uid{UID: string(v.Session)}
		}
	case classAccount:
		out.User = &uid{UID: orUnknown(who)}
	case classEntity:
		out.Entity = &uid{UID: orUnknown(v.Object.ID), Type: v.Object.Type}
	case classFinding:
		out.Finding = &finding{Title: strings.TrimSpace(v.Kind + " " + v.Detail["state"]), UID: orUnknown(v.Object.ID)}
	}
}

func orUnknown(id string) string {
	if id == "" {
		return "unknown"
	}
	return id
}

func ocsfSeverity(v audit.Event) int {
	switch severity(v) {
	case alert:
		return ocsfCritical
	case warning:
		return ocsfMedium
	}
	return ocsfInfo
}

// inEvent is a syslog message with the event as its text, in UTF-8.
func inEvent(s Settings, e audit.Entry) ([]byte, error) {
	out := ocsf(e)
	head := header(s, e) + "- "
	b, err := json.Marshal(out)
	if err != nil {
		return nil, err
	}
	if len(head)+len(b) > maxEvent {
		out.Unmapped = map[string]string{"leaf": out.Unmapped["leaf"], "cut": "true"}
		if b, err = json.Marshal(out); err != nil {
			return nil, err
		}
	}
	return append([]byte(head), b...), nil
}
