package wire

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/sekisho/sekisho"
)

// Training at the desk door: courses with their quiz, and rule documents to
// acknowledge. Its routes answer a live session, and in quarantine whoever still
// has something to do.

// Words is one text in both languages.
type Words struct {
	JA string `json:"ja"`
	EN string `json:"en"`
}

// In gives the text in a language, "ja" unless "en" is asked for.
func (w Words) In(language string) string {
	if language == "en" {
		return w.EN
	}
	return w.JA
}

// TrainingDue says how much a person has still to do, and since when he is refused.
type TrainingDue struct {
	Open int        `json:"open"` // courses and documents not done, or due again soon
	Due  *time.Time `json:"due"`  // the first of them is refused from then on; null while nothing is asked
}

// Training answers GET /training [quarantine]: everything that the rules ask of the caller.
type Training struct {
	Courses   []TrainingCourse   `json:"courses"`
	Documents []TrainingDocument `json:"documents"`
}

// TrainingCourse is one course as the person who takes it sees it.
type TrainingCourse struct {
	ID          sekisho.CourseID `json:"id"`
	Title       Words            `json:"title"`
	Questions   int              `json:"questions"`    // drawn for one attempt
	PassPercent int              `json:"pass_percent"` // 50–100
	PauseS      int              `json:"pause_s"`      // seconds after a failed attempt
	Done        bool             `json:"done"`         // passed, and still valid
	Soon        bool             `json:"soon"`         // valid, and to be taken again soon
	Until       *time.Time       `json:"until"`        // end of validity
	Due         *time.Time       `json:"due"`          // refused from then on
	RetryAt     *time.Time       `json:"retry_at"`     // while the pause lasts
	Attempt     *TrainingAttempt `json:"attempt"`      // one under way
}

// TrainingAttempt is one try at a quiz, at the question that is next. It never
// holds the key: what is right is told by TrainingAnswered alone.
type TrainingAttempt struct {
	ID       sekisho.AttemptID `json:"id"`
	Asked    int               `json:"asked"`    // questions of this attempt
	Answered int               `json:"answered"` // so far
	Right    int               `json:"right"`    // of those
	Question *TrainingQuestion `json:"question"` // the next one; null at the end
}

// TrainingQuestion is one question without its key.
type TrainingQuestion struct {
	Place   int     `json:"place"` // from 0
	Text    Words   `json:"text"`
	Options []Words `json:"options"` // in the order drawn for this attempt
	Several bool    `json:"several"` // more than one is right
}

// TrainingAnswer is POST /training/attempts/{id}/answers [quarantine].
type TrainingAnswer struct {
	Place  int   `json:"place"`
	Chosen []int `json:"chosen"` // places among the options
}

// TrainingAnswered is its answer: the key of the question that was answered, and what comes next.
type TrainingAnswered struct {
	Correct bool            `json:"correct"`
	Right   []int           `json:"right"`   // places of the right options
	Explain Words           `json:"explain"` // why
	Rule    string          `json:"rule"`    // where it stands in the rule documents, "" if nowhere
	Attempt TrainingAttempt `json:"attempt"`
	Result  *TrainingResult `json:"result"` // after the last question
}

// TrainingResult is how an attempt ended.
type TrainingResult struct {
	Passed  bool       `json:"passed"`
	Percent int        `json:"percent"`
	Until   *time.Time `json:"until"`    // passed: end of validity
	RetryAt *time.Time `json:"retry_at"` // failed: when the next attempt may begin
}

// TrainingDocument is one rule document as a list shows it.
type TrainingDocument struct {
	ID       sekisho.DocumentID `json:"id"`
	Level    string             `json:"level"` // policy, standard, procedure
	Title    Words              `json:"title"`
	Version  int                `json:"version"`
	Required bool               `json:"required"` // to be acknowledged
	Done     *time.Time         `json:"done"`     // this version was acknowledged then
	Due      *time.Time         `json:"due"`
}

// RuleDocument answers GET /training/documents/{id} [quarantine]: the version in
// force, with what changed since the one that the caller acknowledged last.
type RuleDocument struct {
	Document TrainingDocument `json:"document"`
	Body     Words            `json:"body"`
	Since    int              `json:"since"` // the version compared with; 0 if none
	Changes  RuleChange       `json:"changes"`
}

// RuleChange is the difference between two versions, line by line.
type RuleChange struct {
	JA []RuleLine `json:"ja"`
	EN []RuleLine `json:"en"`
}

// RuleLine is one line of a difference.
type RuleLine struct {
	Op   string `json:"op"` // "same", "added", "removed"
	Text string `json:"text"`
}

// Acknowledgement says that the person read one version of a rule document in
// one language: POST /acknowledgements [agent, quarantine].
type Acknowledgement struct {
	Connection sekisho.ConnectionID `json:"connection"`
	Person     sekisho.PersonID     `json:"person"`
	Document   sekisho.DocumentID   `json:"document"`
	Version    int                  `json:"version"`
	Language   string               `json:"language"` // "ja" or "en"
	Digest     string               `json:"digest"`   // RuleDigest of the text that was shown
}

// LocalAcknowledge is POST /local/v1/acknowledge: the page asks its agent to
// sign for the version that it shows. The agent reads the text itself.
type LocalAcknowledge struct {
	Document sekisho.DocumentID `json:"document"`
	Version  int                `json:"version"`
	Language string             `json:"language"`
}

// RuleDigest is SHA-256 of a rule text, in lowercase hex.
func RuleDigest(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}
