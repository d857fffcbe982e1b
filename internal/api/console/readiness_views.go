package console

import (
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// ReadinessView answers GET /readiness: four blocks of measures.
type ReadinessView struct {
	Now      time.Time             `json:"now"`
	Client   sekisho.ClientID      `json:"client" doc:"whose part it is; empty for the whole centre"`
	Measures []MeasureView         `json:"measures" nullable:"false"`
	Clients  []ReadinessClientView `json:"clients" nullable:"false" doc:"whose part may be asked for"`
}

// ReadinessClientView names a client company.
type ReadinessClientView struct {
	ID   sekisho.ClientID `json:"id"`
	Name string           `json:"name"`
}

// MeasureView is one measure with what was found.
type MeasureView struct {
	ID      string      `json:"id" enum:"tpm,disk,posture,face,guard,addresses,log,siem,room,filter,lock,place,permit,accessories,due,training,contract,administrators,supervisors,passwords,reviews,documents,levels,access,shifts,roster,officers,undecided,evidence,disaster"`
	Block   string      `json:"block" enum:"technical,physical,human,rules"`
	Unit    string      `json:"unit" enum:"person,pc,thing"`
	Light   string      `json:"light" enum:"green,amber,red,unknown"`
	Trouble string      `json:"trouble" enum:",nothing,unreadable,untold" doc:"why it is unknown"`
	Green   int         `json:"green"`
	Amber   int         `json:"amber"`
	Red     int         `json:"red"`
	Unknown int         `json:"unknown"`
	At      time.Time   `json:"at" doc:"when it was found out"`
	Who     []NamedView `json:"who" nullable:"false" doc:"some of whom it concerns, for supervisors and administrators"`
}

// NamedView is a person by name.
type NamedView struct {
	ID   sekisho.PersonID `json:"id"`
	Name string           `json:"name"`
}

// LogValue hides the person.
func (NamedView) LogValue() slog.Value { return hidden }

// PersonReadinessView answers GET /readiness/people/{id}.
type PersonReadinessView struct {
	Now      time.Time        `json:"now"`
	Person   sekisho.PersonID `json:"person"`
	Name     string           `json:"name"`
	Measures []MeasureView    `json:"measures" nullable:"false" doc:"those that there is something of his to judge by"`
	Room     string           `json:"room" enum:"none,waiting,accepted,late,over,returned"`
	Until    *time.Time       `json:"until" doc:"end of validity of the newest accepted self-check"`
	Checks   []RoomCheckView  `json:"checks" nullable:"false" doc:"the newest first"`
}

// LogValue hides the person.
func (PersonReadinessView) LogValue() slog.Value { return hidden }

// RoomCheckRowView is one self-check as lists show it.
type RoomCheckRowView struct {
	ID         sekisho.RoomCheckID `json:"id"`
	Person     sekisho.PersonID    `json:"person"`
	Name       string              `json:"name"`
	At         time.Time           `json:"at"`
	Ready      bool                `json:"ready" doc:"yes wherever it is needed"`
	Photo      bool                `json:"photo" doc:"one is kept"`
	PhotoUntil *time.Time          `json:"photo_until" doc:"until then, or when it was deleted; null where none was given"`
	State      string              `json:"state" enum:"waiting,accepted,returned"`
	Decided    *time.Time          `json:"decided"`
	DecidedBy  string              `json:"decided_by"`
}

// LogValue hides the person.
func (RoomCheckRowView) LogValue() slog.Value { return hidden }

// RoomCheckView is one self-check in full, without its photograph.
type RoomCheckView struct {
	RoomCheckRowView
	Answers []RoomAnswerView `json:"answers" nullable:"false"`
	Remark  string           `json:"remark"`
	Note    string           `json:"note" doc:"of whoever decided"`
}

// RoomAnswerView is what was said to one question.
type RoomAnswerView struct {
	Text   wire.Words `json:"text"`
	Needed bool       `json:"needed"`
	Yes    bool       `json:"yes"`
}

// RoomChecksView answers GET /readiness/checks.
type RoomChecksView struct {
	Waiting []RoomCheckRowView `json:"waiting" nullable:"false" doc:"the oldest first"`
	Decided []RoomCheckRowView `json:"decided" nullable:"false" doc:"the newest first"`
}

// RoomPhotoView is a photograph.
type RoomPhotoView struct {
	JPEG []byte `json:"jpeg"`
}

// LogValue hides the picture.
func (RoomPhotoView) LogValue() slog.Value { return hidden }

// RoomRulesView says what a self-check asks.
type RoomRulesView struct {
	Version     int                `json:"version" minimum:"0" doc:"the one that was seen"`
	Photo       string             `json:"photo" enum:"none,optional,required"`
	ValidMonths int                `json:"valid_months" minimum:"1" maximum:"24"`
	LateDays    int                `json:"late_days" minimum:"0" maximum:"90" doc:"amber for so long after that"`
	KeepDays    int                `json:"keep_days" minimum:"30" maximum:"730" doc:"for so long a photograph is kept"`
	Questions   []RoomQuestionView `json:"questions" nullable:"false" minItems:"1" maxItems:"20"`
}

// RoomQuestionView is one statement that people say yes or no to.
type RoomQuestionView struct {
	ID     string     `json:"id" pattern:"^[a-z][a-z0-9_]{0,31}$"`
	Text   wire.Words `json:"text"`
	Needed bool       `json:"needed" doc:"without a yes the self-check is not accepted"`
}
