package console

import (
	"log/slog"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// TrainingView answers GET /training: who has what until when.
type TrainingView struct {
	Now    time.Time           `json:"now"`
	Rules  TrainingRulesView   `json:"rules"`
	Page   PageView            `json:"page"`
	People []TrainedPersonView `json:"people" nullable:"false"`
}

// TrainingRulesView says what is asked of everybody who works.
type TrainingRulesView struct {
	Version    int  `json:"version"`
	Required   bool `json:"required" doc:"false: nobody is refused for it"`
	GraceDays  int  `json:"grace_days" minimum:"0" maximum:"90"`
	RemindDays int  `json:"remind_days" minimum:"1" maximum:"90"`

	Practice       bool `json:"practice" doc:"the practice work is asked of everybody, too"`
	PracticeMonths int  `json:"practice_months" minimum:"0" maximum:"36" doc:"asked again after so many; 0 is once for all"`
}

// PersonTrainingView answers GET /training/people/{id}: everything that is asked of one operator.
type PersonTrainingView struct {
	Needs []NeedView `json:"needs" nullable:"false"`
}

// TrainedPersonView is one operator, and how much of what is asked of him is done.
type TrainedPersonView struct {
	Person sekisho.PersonID `json:"person"`
	Name   string           `json:"name"`
	Kana   string           `json:"kana"`
	State  string           `json:"state" enum:"done,soon,grace,overdue"`
	Due    *time.Time       `json:"due" doc:"refused from then on; null while nothing is open, or before he was first asked"`

	Courses       int `json:"courses" doc:"that are asked of him"`
	CoursesDone   int `json:"courses_done"`
	Documents     int `json:"documents"`
	DocumentsDone int `json:"documents_done"`

	Practice string `json:"practice" enum:"none,open,done" doc:"none where it is not asked"`
}

// LogValue hides the person.
func (TrainedPersonView) LogValue() slog.Value { return hidden }

// NeedView is one course or document, or the practice, that is asked of somebody.
type NeedView struct {
	Kind    string     `json:"kind" enum:"course,document,practice"`
	ID      string     `json:"id"`
	Title   wire.Words `json:"title"`
	Version int        `json:"version" doc:"of the document; 0 for a course"`
	State   string     `json:"state" enum:"done,soon,grace,overdue"`
	Done    *time.Time `json:"done"`
	Until   *time.Time `json:"until" doc:"a course's end of validity"`
	Due     *time.Time `json:"due"`
}

// CourseView is one course.
type CourseView struct {
	ID          sekisho.CourseID `json:"id"`
	Title       wire.Words       `json:"title"`
	Draw        int              `json:"draw" doc:"questions of one quiz"`
	PassPercent int              `json:"pass_percent"`
	PauseMin    int              `json:"pause_min" doc:"minutes after a failed attempt"`
	ValidMonths int              `json:"valid_months"`
	Required    bool             `json:"required"`
	Version     int              `json:"version"`
	Pool        int              `json:"pool" doc:"questions that can be drawn"`
}

// CoursesView answers GET /training/courses.
type CoursesView struct {
	Courses []CourseView `json:"courses" nullable:"false"`
}

// QuestionView is one question with its key.
type QuestionView struct {
	ID      sekisho.QuestionID `json:"id"`
	Text    wire.Words         `json:"text"`
	Options []OptionView       `json:"options" nullable:"false"`
	Explain wire.Words         `json:"explain"`
	Rule    string             `json:"rule" doc:"where the answer stands in the rule documents"`
}

// OptionView is one answer to choose.
type OptionView struct {
	Text  wire.Words `json:"text"`
	Right bool       `json:"right"`
}

// QuestionsView answers GET /training/courses/{id}/questions.
type QuestionsView struct {
	Course    CourseView     `json:"course"`
	Questions []QuestionView `json:"questions" nullable:"false"`
}

// ImportView says what became of a file, or would become of it.
type ImportView struct {
	Questions int         `json:"questions" doc:"stored, or to be stored; 0 with faults"`
	Stored    bool        `json:"stored"`
	Faults    []FaultView `json:"faults" nullable:"false"`
}

// FaultView is one thing that is wrong with a file.
type FaultView struct {
	Line   int    `json:"line"`
	Code   string `json:"code"`
	Title  string `json:"title"`
	Action string `json:"action"`
}

// RuleDocumentView is one rule document with its version in force.
type RuleDocumentView struct {
	ID        sekisho.DocumentID `json:"id"`
	Level     string             `json:"level" enum:"policy,standard,procedure"`
	Title     wire.Words         `json:"title"`
	Version   int                `json:"version"`
	Required  bool               `json:"required"`
	Published time.Time          `json:"published"`
}

// RuleDocumentsView answers GET /training/documents.
type RuleDocumentsView struct {
	Documents []RuleDocumentView `json:"documents" nullable:"false"`
}

// RuleVersionView is one version of a document, without its text.
type RuleVersionView struct {
	Version   int        `json:"version"`
	Title     wire.Words `json:"title"`
	Note      string     `json:"note"`
	Published time.Time  `json:"published"`
	Publisher string     `json:"publisher" doc:"name; empty for the templates that come with the house"`
}

// LogValue hides the name.
func (RuleVersionView) LogValue() slog.Value { return hidden }

// RuleTextView answers GET /training/documents/{id}.
type RuleTextView struct {
	Document RuleDocumentView  `json:"document"`
	Body     wire.Words        `json:"body"`
	Versions []RuleVersionView `json:"versions" nullable:"false" doc:"the newest first"`
}

// DifferenceView answers GET /training/documents/{id}/difference.
type DifferenceView struct {
	From int            `json:"from"`
	To   int            `json:"to"`
	JA   []RuleLineView `json:"ja" nullable:"false"`
	EN   []RuleLineView `json:"en" nullable:"false"`
}

// RuleLineView is one line of a difference.
type RuleLineView struct {
	Op   string `json:"op" enum:"same,added,removed"`
	Text string `json:"text"`
}
