package wire

import (
	"log/slog"
	"time"
)

// Self-checks of the room at the desk door. Its routes answer a live session alone.

// RoomQuestion is one statement about the room that the person says yes or no to.
type RoomQuestion struct {
	ID     string `json:"id"`
	Text   Words  `json:"text"`
	Needed bool   `json:"needed"` // without a yes the self-check is not accepted
}

// RoomAnswer is what was said to one question.
type RoomAnswer struct {
	Question string `json:"question"`
	Yes      bool   `json:"yes"`
}

// RoomCheck answers GET /room: what is asked of the caller, and how his newest self-check stands.
type RoomCheck struct {
	Rules       int            `json:"rules"` // version of the questions
	Photo       string         `json:"photo"` // "none", "optional", "required"
	ValidMonths int            `json:"valid_months"`
	KeepDays    int            `json:"keep_days"` // for which a photograph is kept
	Questions   []RoomQuestion `json:"questions"`
	Asked       bool           `json:"asked"` // the caller works at home
	Due         bool           `json:"due"`   // it is to be done now
	State       string         `json:"state"` // "none", "waiting", "accepted", "late", "over", "returned"
	Until       *time.Time     `json:"until"` // of the newest accepted one
	Last        *RoomDone      `json:"last"`  // null if there is none
}

// RoomDone is the newest self-check as its author sees it.
type RoomDone struct {
	At         time.Time    `json:"at"`
	Answers    []RoomAnswer `json:"answers"` // empty where the questions have changed since
	Remark     string       `json:"remark"`
	State      string       `json:"state"` // "waiting", "accepted", "returned"
	Ready      bool         `json:"ready"`
	Note       string       `json:"note"` // of whoever decided
	Decided    *time.Time   `json:"decided"`
	Photo      bool         `json:"photo"`       // one is kept
	PhotoUntil *time.Time   `json:"photo_until"` // until then, or when it was deleted
}

// LogValue keeps what somebody says of his home out of logs.
func (RoomDone) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// RoomAnswers is POST /room: the self-check, in the order of its questions.
type RoomAnswers struct {
	Rules   int          `json:"rules"` // version of the questions that were shown
	Answers []RoomAnswer `json:"answers"`
	Remark  string       `json:"remark"` // at most 500 characters
	Photo   Bytes        `json:"photo"`  // a JPEG of at most 40 KiB and 1280 pixels a side, or ""
}

// LogValue keeps answers and photograph out of logs.
func (RoomAnswers) LogValue() slog.Value { return slog.StringValue("[hidden]") }
