// Package sekisho is the vocabulary of the whole house: identifiers, states,
// roles and kinds of error. It imports nothing of ours, does no I/O and reads
// no clock, so that every other package may import it.
//
// The zero value of every type here refuses: an unset state is Unknown and
// denies, an unset role holds no rights, an unset tier is not trusted.
package sekisho

// Identifiers are UUIDv7 in their canonical text form (RFC 9562 §5.7). Each
// kind has its own type, so that one cannot be passed for another. The courses
// and documents that come with the house have names in their place.
type (
	PersonID     string // one human being, whatever roles he holds
	DeviceID     string // one issued PC
	ConnectionID string // one binding of an issued PC: from 接続 to disconnection
	SessionID    string // one verified person on one connection, under one lease
	DesktopID    string // one virtual desktop named by an administrator
	IncidentID   string // one detection (検知), decided or not
	ApprovalID   string // one question that waits for a second person
	ActID        string // one dangerous act that waits for a second administrator
	DeputyID     string // one time for which somebody answers for a supervisor
	WideningID   string // what a disaster may widen, agreed on beforehand
	DisasterID   string // one time of disaster mode (災害モード)
	CustomerID   string // one customer of a client company: opaque, never a name, a number or a hash of one
	CallID       string // one telephone call
	TrunkID      string // one SIP trunk (回線) of a carrier or of a switch
	QueueID      string // one queue of the ACD (待ち呼の列)
	FlowID       string // one call flow (IVR), whatever its version
	PromptID     string // one announcement that flows play (ガイダンス)
	RecordingID  string // one recording of a call
	LineID       string // one operator's softphone for as long as its page keeps it open
	SearchID     string // one search of the audit log that somebody keeps
	ReportID     string // one report for a client company
	PolicyName   string // a guard policy, named in words: "home", "office"
	CourseID     string // one course of training with its pool of questions
	ScenarioID   string // one scenario of the practice work
	PracticeID   string // one run through a scenario
	QuestionID   string // one question of a course
	AttemptID    string // one person's try at a course's quiz
	DocumentID   string // one rule document, whatever its version
	ClientID     string // one client company (委託元)
	WorkID       string // one work (業務) of a client company
	AssignmentID string // one person on one work, for a time
	PoolID       string // one group of people and the PCs that they use together (共用PCグループ)
	PermitID     string // one leave to work with an issued PC outside the office (持ち出し許可)
	OwnRoleID    string // one role of the centre's own (独自の役割)
	RoomCheckID  string // one self-check (自己点検) of the room that somebody works in
)
