package training

import (
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Bounds of a rule document.
const (
	maxBody  = 10_000 // characters in one language; both, each of three bytes, fit into a request of 64 KiB
	maxLines = 600
	maxNote  = 300
)

// Levels of rule documents (規程).
const (
	LevelPolicy    = "policy"    // 基本方針
	LevelStandard  = "standard"  // 対策基準
	LevelProcedure = "procedure" // 実施手順
)

// Document is one rule document with its version in force.
type Document struct {
	ID       sekisho.DocumentID
	Level    string
	Required bool // acknowledged by everybody who works
	Version
}

// Version is one version of a rule document. It never changes.
type Version struct {
	Version   int // from 1
	Title     wire.Words
	Body      wire.Words // lines; "## " begins a heading, "3.1 " a rule with its number
	Note      string     // what was changed, in the publisher's words
	Published time.Time
	Publisher sekisho.PersonID // "" for the templates that come with the house
}

func (v Version) valid() error {
	switch {
	case !titled(v.Title):
		return errTitle
	case !readable(v.Body.JA) || !readable(v.Body.EN):
		return errBody
	case !wire.ValidText(v.Note, maxNote):
		return errNote
	}
	return nil
}

func readable(body string) bool {
	return written(body, maxBody) && strings.Count(body, "\n") < maxLines
}

// oneKindOfLine writes line ends as this room keeps them, so that a digest does
// not depend on who typed the text where.
func oneKindOfLine(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.TrimRight(s, "\n \t") + "\n"
}
