package readiness

import (
	"regexp"
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Rules say what is asked of whoever works at home, and for how long it holds.
type Rules struct {
	Version     int    // 0: those that come with the house
	Photo       string // PhotoNone, PhotoOptional, PhotoRequired
	ValidMonths int    // 1–24: how long an accepted self-check is green
	LateDays    int    // 0–90: for how long after that it is amber; then it is red
	KeepDays    int    // 30–730: for how long a photograph is kept
	Questions   []wire.RoomQuestion
}

// Whether a photograph of the room goes with a self-check.
const (
	PhotoNone     = "none"
	PhotoOptional = "optional"
	PhotoRequired = "required"
)

// Bounds.
const (
	maxQuestions = 20
	maxQuestion  = 200 // characters, in each language
	maxRemark    = 500
)

var questionForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)

// Builtin are the rules of a centre that has made none. Each question is a
// statement about the room that the person says yes or no to.
func Builtin() Rules {
	ask := func(id, ja, en string, needed bool) wire.RoomQuestion {
		return wire.RoomQuestion{ID: id, Text: wire.Words{JA: ja, EN: en}, Needed: needed}
	}
	return Rules{Photo: PhotoOptional, ValidMonths: 6, LateDays: 30, KeepDays: 190, Questions: []wire.RoomQuestion{
		ask("private", "業務中は、個室か、家族などが出入りしない場所で働く。", "I work in a room of my own, or where nobody comes in while I work.", true),
		ask("behind", "画面は、窓や部屋の出入口から見えない向きにある。", "My screen cannot be seen from a window or from the door.", true),
		ask("voice", "通話の声は、部屋の外の人に聞き取れない。", "Nobody outside the room can make out what I say on a call.", true),
		ask("filter", "画面に、のぞき見防止フィルターを付けている。", "A privacy filter is on my screen.", true),
		ask("stored", "使わないときのPCは、鍵のかかる部屋か収納、またはワイヤーロックで守っている。", "When I do not use the PC, it is in a locked room or cupboard, or held by a wire lock.", true),
		ask("paper", "業務の書類やメモを、机のまわりに置いていない。", "No papers or notes of the work lie about my desk.", true),
		ask("listening", "スマートスピーカーなど、声を拾う機器を部屋で使っていない。", "No smart speaker or other device that listens is in use in the room.", true),
		ask("family", "業務中は部屋に入らず、画面や会話を見聞きしないよう、家族に説明した。", "I have told my family not to come in, look or listen while I work.", true),
	}}
}

// Check says what is wrong with rules, or nil.
func (r Rules) Check() error {
	switch {
	case r.Photo != PhotoNone && r.Photo != PhotoOptional && r.Photo != PhotoRequired,
		r.ValidMonths < 1 || r.ValidMonths > 24, r.LateDays < 0 || r.LateDays > 90, r.KeepDays < 30 || r.KeepDays > 730:
		return errRules
	case len(r.Questions) == 0 || len(r.Questions) > maxQuestions:
		return errQuestions
	}
	seen := map[string]bool{}
	for _, q := range r.Questions {
		if !questionForm.MatchString(q.ID) || seen[q.ID] || !line(q.Text.JA) || !line(q.Text.EN) {
			return errQuestions
		}
		seen[q.ID] = true
	}
	return nil
}

// line says whether s is one line that people can read.
func line(s string) bool {
	return strings.TrimSpace(s) != "" && wire.ValidText(s, maxQuestion) && !strings.ContainsAny(s, "\r\n\t")
}

// until is when an accepted self-check stops being green, and red when it begins to be that.
func (r Rules) until(at time.Time) (until, red time.Time) {
	until = at.AddDate(0, r.ValidMonths, 0)
	return until, until.AddDate(0, 0, r.LateDays)
}

var (
	errRules     = sekisho.Fail(sekisho.KindInvalid, "readiness.rules")
	errQuestions = sekisho.Fail(sekisho.KindInvalid, "readiness.questions")
	errChanged   = sekisho.Fail(sekisho.KindConflict, "readiness.rules_changed")
)
