package console

import (
	"context"
	"encoding/json"
	"io"
	"net/netip"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/gate/approvals"
	"github.com/sekisho/sekisho/internal/gate/clients"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/grants"
	"github.com/sekisho/sekisho/internal/gate/networks"
	"github.com/sekisho/sekisho/internal/gate/operators"
	"github.com/sekisho/sekisho/internal/gate/passwords"
	"github.com/sekisho/sekisho/internal/gate/rules"
	"github.com/sekisho/sekisho/internal/gate/training"
	"github.com/sekisho/sekisho/internal/guard/presence"
	"github.com/sekisho/sekisho/internal/road/desktops"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
	"github.com/sekisho/sekisho/internal/wire"
)

// The rooms behind this door, each by what the door asks of it.

// SignIn is how people come in (gate/operators).
type SignIn interface {
	SetupNeeded(ctx context.Context) (bool, error)
	SetupBegin(ctx context.Context, rp operators.RP, token, name, login string, from netip.Addr) (operators.Ceremony, error)
	SetupFinish(ctx context.Context, rp operators.RP, token, key string, credential json.RawMessage, from netip.Addr) (operators.Login, error)
	InvitationBegin(ctx context.Context, rp operators.RP, token string, from netip.Addr) (operators.Ceremony, error)
	InvitationFinish(ctx context.Context, rp operators.RP, token, key string, credential json.RawMessage, from netip.Addr) (operators.Login, error)
	BeginLogin(ctx context.Context, rp operators.RP, id sekisho.PersonID, key string, from netip.Addr) (operators.Ceremony, error)
	FinishLogin(ctx context.Context, rp operators.RP, key string, credential json.RawMessage, from netip.Addr) (operators.Login, error)
	Demo(ctx context.Context) (bool, error)
	DemoPeople(ctx context.Context) ([]operators.Person, error)
	DemoLogin(ctx context.Context, id sekisho.PersonID, from netip.Addr) (operators.Login, error)
	Invited(ctx context.Context, token string, from netip.Addr) (operators.Person, error)
	SetPassword(ctx context.Context, token string, from netip.Addr, keep func(context.Context, storage.Tx, operators.Person) error) (operators.Login, error)
	OpenByPassword(ctx context.Context, tx storage.Tx, id sekisho.PersonID) (operators.Login, error)
	OpenByProvider(ctx context.Context, tx storage.Tx, id sekisho.PersonID) (operators.Login, error)
	BeginConfirm(ctx context.Context, rp operators.RP, id sekisho.PersonID, subject string, from netip.Addr) (operators.Ceremony, error)
	FinishConfirm(ctx context.Context, rp operators.RP, id sekisho.PersonID, subject, key string, credential json.RawMessage, from netip.Addr) error
	HomeCodeBegin(ctx context.Context, rp operators.RP, id sekisho.PersonID, from netip.Addr) (operators.Ceremony, error)
	HomeCode(ctx context.Context, rp operators.RP, id sekisho.PersonID, key string, credential json.RawMessage, from netip.Addr) (operators.HomeCode, error)
	HomeRegisterBegin(ctx context.Context, g operators.Guarded, code string, from netip.Addr) (operators.Ceremony, error)
	HomeRegisterFinish(ctx context.Context, g operators.Guarded, code, key string, credential json.RawMessage, from netip.Addr) (operators.Login, error)
	HomeLoginBegin(ctx context.Context, g operators.Guarded, from netip.Addr) (operators.Ceremony, error)
	HomeLogin(ctx context.Context, g operators.Guarded, key string, credential json.RawMessage, from netip.Addr) (operators.Login, error)
	HomeDemo(ctx context.Context, g operators.Guarded, id sekisho.PersonID) (operators.Login, error)
	HomeKeys(ctx context.Context, id sekisho.PersonID) (int, error)
	EndGuarded(ctx context.Context, g operators.Guarded) error
	// WhoamiIn gives whose bearer a token is within a guard session; "" is the console's own address.
	WhoamiIn(ctx context.Context, token string, guard sekisho.SessionID) (operators.Identity, error)
	Logout(ctx context.Context, token string) error
}

// People are everybody who may pass (gate/operators).
type People interface {
	CreateSeconded(ctx context.Context, by sekisho.PersonID, p operators.Person, second storage.Second) (operators.Person, error)
	Get(ctx context.Context, id sekisho.PersonID) (operators.Person, error)
	List(ctx context.Context) ([]operators.Person, error)
	Outlines(ctx context.Context) ([]operators.Outline, error)
	Update(ctx context.Context, by, id sekisho.PersonID, c operators.Change) (operators.Person, error)
	Invite(ctx context.Context, by, id sekisho.PersonID, base string, second storage.Second) (operators.Invitation, error)
	Suspend(ctx context.Context, by, id sekisho.PersonID, reason string) (operators.Person, error)
	ResumeSeconded(ctx context.Context, by, id sekisho.PersonID, second storage.Second) (operators.Person, error)
	FourEyes(ctx context.Context) (bool, error)
	Gives(ctx context.Context, by, id sekisho.PersonID, c operators.Change) (old, next operators.Person, yes bool, err error)
	GivesNew(p operators.Person) (bool, error)
	GivesBack(ctx context.Context, id sekisho.PersonID) (old, next operators.Person, yes bool, err error)
	PlanList(ctx context.Context, by sekisho.PersonID, kind operators.ListKind, file []byte) (operators.Plan, error)
	ApplyList(ctx context.Context, by sekisho.PersonID, kind operators.ListKind, file []byte, seen string) (operators.Plan, error)
}

// Passwords are the second way into the console (gate/passwords).
type Passwords interface {
	Answer(ctx context.Context, p sekisho.PersonID, login string, request []byte) ([]byte, error)
	Keep(ctx context.Context, tx storage.Tx, p sekisho.PersonID, login string, record []byte) error
	Begin(ctx context.Context, login string, ke1 []byte) (passwords.Begun, error)
	Finish(ctx context.Context, id string, ke3 []byte, open func(context.Context, storage.Tx, sekisho.PersonID) error) error
	Locked(ctx context.Context) ([]passwords.Locked, error)
	Unlock(ctx context.Context, by, p sekisho.PersonID) error
	Forget(ctx context.Context, p sekisho.PersonID) error
}

// Devices is the inventory of PCs (gate/devices).
type Devices interface {
	Register(ctx context.Context, by audit.Actor, asset devices.Asset) (devices.Device, error)
	Code(ctx context.Context, by audit.Actor, id sekisho.DeviceID, server string, how devices.Handover) (wire.EnrolmentCode, error)
	Approve(ctx context.Context, by audit.Actor, id sekisho.DeviceID, fingerprint string) error
	Refuse(ctx context.Context, by audit.Actor, id sekisho.DeviceID, reason string) error
	Suspend(ctx context.Context, by audit.Actor, id sekisho.DeviceID, reason string) error
	Resume(ctx context.Context, by audit.Actor, id sekisho.DeviceID, reason string) error
	Return(ctx context.Context, by audit.Actor, id sekisho.DeviceID, reason string) error
	Revoke(ctx context.Context, by audit.Actor, id sekisho.DeviceID, reason string) error
	Get(ctx context.Context, id sekisho.DeviceID) (devices.Device, error)
	List(ctx context.Context) ([]devices.Device, error)
	Outlines(ctx context.Context) ([]devices.Outline, error)
	Several(ctx context.Context, ids []sekisho.DeviceID) (map[sekisho.DeviceID]devices.Device, error)
	Hosts(ctx context.Context) (map[sekisho.DeviceID]string, error)
	Keys(ctx context.Context) (map[sekisho.DeviceID]string, error)
	Received(ctx context.Context, by audit.Actor, id sekisho.DeviceID) error
}

// Approvals are questions that wait for a second person (gate/approvals).
type Approvals interface {
	Open(ctx context.Context) ([]approvals.Question, error)
	Ask(ctx context.Context, q approvals.Question) (approvals.Question, error)
	Get(ctx context.Context, id sekisho.ApprovalID, person sekisho.PersonID) (approvals.Question, error)
	UseInvitation(ctx context.Context, tx storage.Tx, id sekisho.ApprovalID, by, subject sekisho.PersonID) error
	Decide(ctx context.Context, by sekisho.PersonID, id sekisho.ApprovalID, approve bool, code string) (approvals.Question, error)
	NameDeputy(ctx context.Context, by, person sekisho.PersonID, begins, ends time.Time) (approvals.Deputy, error)
	EndDeputy(ctx context.Context, by sekisho.PersonID, id sekisho.DeputyID) error
	Deputies(ctx context.Context) ([]approvals.Deputy, error)
	StandsIn(ctx context.Context, by sekisho.PersonID) ([]sekisho.PersonID, error)

	Acts(ctx context.Context) (open, closed []approvals.Act, err error)
	Act(ctx context.Context, id sekisho.ActID) (approvals.Act, error)
	Propose(ctx context.Context, a approvals.Act) (approvals.Act, error)
	MayConfirm(ctx context.Context, by sekisho.PersonID, id sekisho.ActID, digest string) (approvals.Act, error)
	Confirm(ctx context.Context, by sekisho.PersonID, id sekisho.ActID, digest, proof string) (approvals.Act, error)
	Carry(ctx context.Context, tx storage.Tx, by sekisho.PersonID, id sekisho.ActID, digest, proof string) error
	Settle(ctx context.Context, by sekisho.PersonID, id sekisho.ActID, digest, proof string, failure error) error
	Usable(ctx context.Context, by sekisho.PersonID, kind string, payload []byte) (id sekisho.ActID, found bool, err error)
	UseAct(ctx context.Context, by sekisho.PersonID, id sekisho.ActID, kind string, payload []byte) error
	Turn(ctx context.Context, by sekisho.PersonID, id sekisho.ActID) (approvals.Act, error)
	Alone(ctx context.Context, by sekisho.PersonID, kind, object string) error
}

// Clients are client companies, their works, and who belongs to which (gate/clients).
type Clients interface {
	Create(ctx context.Context, by sekisho.PersonID, name string) (clients.Client, error)
	Change(ctx context.Context, by sekisho.PersonID, id sekisho.ClientID, c clients.Change) (clients.Client, error)
	List(ctx context.Context) ([]clients.Client, error)
	Get(ctx context.Context, id sekisho.ClientID) (clients.File, error)
	AddWork(ctx context.Context, by sekisho.PersonID, client sekisho.ClientID, name string) (clients.Work, error)
	ChangeWork(ctx context.Context, by sekisho.PersonID, id sekisho.WorkID, c clients.Change) (clients.Work, error)
	Assign(ctx context.Context, by sekisho.PersonID, a clients.Assignment) (clients.Assignment, error)
	EndAssignment(ctx context.Context, by sekisho.PersonID, id sekisho.AssignmentID, until time.Time) (clients.Assignment, error)
	Withdraw(ctx context.Context, by sekisho.PersonID, id sekisho.AssignmentID) error
	BindAuditor(ctx context.Context, by sekisho.PersonID, client sekisho.ClientID, person sekisho.PersonID) error
	ReleaseAuditor(ctx context.Context, by sekisho.PersonID, client sekisho.ClientID, person sekisho.PersonID) error
	ClientOf(ctx context.Context, person sekisho.PersonID) (sekisho.ClientID, error)
	PlaceDesktop(ctx context.Context, by sekisho.PersonID, desktop sekisho.DesktopID, work sekisho.WorkID) error
	ScopeOf(ctx context.Context, id sekisho.ClientID) (clients.Scope, error)
	WorksOf(ctx context.Context, person sekisho.PersonID) (clients.Works, error)
	// Ever says whether somebody is, was or will be on any work.
	Ever(ctx context.Context, person sekisho.PersonID) (bool, error)
}

// Rules are the access policies (gate/rules).
type Rules interface {
	// MayManage is nil where the policies let somebody act as an administrator.
	MayManage(ctx context.Context, p operators.Person) error
	InForce(ctx context.Context) (rules.Version, error)
	Past(ctx context.Context, number int) (rules.Version, error)
	History(ctx context.Context) ([]rules.Version, error)
	Simulate(ctx context.Context, text string) (rules.Simulation, []rules.Fault, error)
	Loosens(ctx context.Context, by sekisho.PersonID, seen int, text, note string) ([]wire.Difference, error)
	PutSeconded(ctx context.Context, by sekisho.PersonID, seen int, text, note string, second storage.Second) (rules.Version, error)
	Who(ctx context.Context, d sekisho.DesktopID) ([]rules.Standing, error)
}

// Networks are the lists of addresses before the doors (gate/networks).
type Networks interface {
	// Allows is nil where an address may reach a door.
	Allows(ctx context.Context, door networks.Door, from netip.Addr) error
	Get(ctx context.Context, door networks.Door) (networks.List, error)
	Loosens(ctx context.Context, door networks.Door, seen int, ranges []string) ([]wire.Difference, error)
	PutSeconded(ctx context.Context, by sekisho.PersonID, door networks.Door, seen int, ranges []string, from netip.Addr, second storage.Second) (networks.List, error)
}

// Policies are the guard's rules (gate/policies).
type Policies interface {
	List(ctx context.Context) ([]wire.GuardPolicy, error)
	Loosens(ctx context.Context, p wire.GuardPolicy) ([]wire.Difference, error)
	PutSeconded(ctx context.Context, by sekisho.PersonID, p wire.GuardPolicy, second storage.Second) (wire.GuardPolicy, error)
}

// Book are the live connections, and who may reach what (gate/grants).
type Book interface {
	Live() []grants.Seat
	End(id sekisho.SessionID, state sekisho.State, reason string) bool
	Allow(ctx context.Context, by sekisho.PersonID, d sekisho.DesktopID, people []sekisho.PersonID) error
	Allowed(ctx context.Context, d sekisho.DesktopID) ([]sekisho.PersonID, error)
	MarkSeconded(ctx context.Context, by sekisho.PersonID, d sekisho.DesktopID, s grants.Step, second storage.Second) error
	LevelIn(ctx context.Context, tx storage.Tx, d sekisho.DesktopID) (grants.Level, error)
	LevelOf(ctx context.Context, d sekisho.DesktopID) (grants.Level, error)
	ForgetDesktop(ctx context.Context, by sekisho.PersonID, d sekisho.DesktopID) error
}

// Training is what people must know: courses and rule documents (gate/training).
type Training interface {
	Practising
	Rules(ctx context.Context) (training.Rules, error)
	Loosens(ctx context.Context, r training.Rules) ([]wire.Difference, error)
	SetRulesSeconded(ctx context.Context, by sekisho.PersonID, r training.Rules, second storage.Second) (training.Rules, error)
	People(ctx context.Context, people []sekisho.PersonID) (map[sekisho.PersonID]training.Standing, error)
	Everybody(ctx context.Context) (func(sekisho.PersonID) training.Standing, error)
	Take(ctx context.Context, t training.Taking) ([]byte, error)
	Courses(ctx context.Context) ([]training.Course, error)
	LoosensCourse(ctx context.Context, c training.Course) ([]wire.Difference, error)
	PutCourseSeconded(ctx context.Context, by sekisho.PersonID, c training.Course, second storage.Second) (training.Course, error)
	Questions(ctx context.Context, id sekisho.CourseID) (training.Course, []training.Question, error)
	Import(ctx context.Context, by sekisho.PersonID, id sekisho.CourseID, text string, dry bool) (int, []training.Fault, error)
	Retire(ctx context.Context, by sekisho.PersonID, q sekisho.QuestionID) error
	Documents(ctx context.Context) ([]training.Document, error)
	Document(ctx context.Context, id sekisho.DocumentID) (training.Document, []training.Version, error)
	Publish(ctx context.Context, by sekisho.PersonID, id sekisho.DocumentID, v training.Version) (training.Document, error)
}

// Faces lets a supervisor clear a person whose face check failed too often (gate/faces).
type Faces interface {
	Clear(ctx context.Context, by, p sekisho.PersonID) error
}

// Incidents are the guard's detections (guard/presence).
type Incidents interface {
	Incidents(ctx context.Context, f presence.Filter) ([]presence.Incident, error)
	Incident(ctx context.Context, id sekisho.IncidentID) (presence.Incident, error)
	Decide(ctx context.Context, by sekisho.PersonID, id sekisho.IncidentID, decision, note string) (presence.Incident, error)
}

// Evidence are sealed records: ciphertext, and what is known of it (guard/evidence).
type Evidence interface {
	Facts(ctx context.Context, id sekisho.IncidentID) (presence.Facts, error)
	// KeptOf lists the sealed records of an incident that are kept now, by hash.
	KeptOf(ctx context.Context, id sekisho.IncidentID) ([]string, error)
	Download(ctx context.Context, by sekisho.PersonID, hash, reason string) (io.ReadCloser, error)
	// Hold keeps an incident's records beyond their time, Release lets them go.
	Hold(ctx context.Context, by sekisho.PersonID, id sekisho.IncidentID, reason string) error
	Release(ctx context.Context, by sekisho.PersonID, id sekisho.IncidentID, reason string) error
}

// Desktops are the virtual desktops that administrators name (road/desktops).
type Desktops interface {
	List(ctx context.Context) ([]Desktop, error)
	Create(ctx context.Context, by sekisho.PersonID, d Desktop, secret string) (Desktop, error)
	// Move changes a desktop; moving is asked in its transaction where the address does.
	Move(ctx context.Context, by sekisho.PersonID, d Desktop, secret *string, moving storage.Second) (Desktop, error)
	In(ctx context.Context, tx storage.Tx, id sekisho.DesktopID) (Desktop, error)
	Delete(ctx context.Context, by sekisho.PersonID, id sekisho.DesktopID) error
}

// Desktop is one named desktop.
type Desktop = desktops.Desktop

// Audit is the log, as it is read, and as the door writes its few own rows:
// after a closing act without waiting, before an opening one with Flush.
type Audit interface {
	Page(ctx context.Context, f audit.Filter) (audit.Found, error)
	Entry(ctx context.Context, seq int64) (audit.Entry, error)
	Prove(ctx context.Context, seq int64) (checkpoint.Proof, error)
	Head(ctx context.Context) (note []byte, size int64, err error)
	Export(ctx context.Context, w io.Writer) error
	VerifierKey() string
	Opened() bool
	Afterwards(e audit.Event)
	Attest(ctx context.Context, e audit.Event, also func(tx storage.Tx) error) (checkpoint.Proof, error)
}

// Changes tells what has changed, to every open page; cancel must be called.
type Changes interface {
	Changes() (<-chan wire.Event, func())
}
