package disasters

import (
	"strings"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Longest is how long disaster mode lasts at most; after it two people say so anew.
const Longest = 72 * time.Hour

const (
	maxName      = 64     // characters
	maxText      = 16_384 // bytes
	maxReason    = 500    // characters
	maxWords     = 300    // characters of an announcement
	maxWidenings = 50
)

// Widening is what a disaster may widen.
type Widening struct {
	ID     sekisho.WideningID
	Name   string
	Text   string // Cedar, permits alone
	Author sekisho.PersonID
	Agreed time.Time
}

// Disaster is one time of disaster mode. The zero value is none.
type Disaster struct {
	ID           sekisho.DisasterID
	Widening     sekisho.WideningID
	Name         string // of the widening
	Text         string // as it was agreed on
	Reason       string
	Announcement string // to everybody
	Author       sekisho.PersonID
	Begins       time.Time
	Ends         time.Time
}

// In says whether it is in force at a moment.
func (d Disaster) In(now time.Time) bool {
	return d.ID != "" && !now.Before(d.Begins) && now.Before(d.Ends)
}

// Declaration is what is asked for when a disaster is declared.
type Declaration struct {
	Widening     sekisho.WideningID
	Reason       string
	Announcement string
	Ends         time.Time
}

func (d Declaration) valid(now time.Time) error {
	switch {
	case d.Widening == "":
		return errUnknown
	case !said(d.Reason, maxReason):
		return errReason
	case !said(d.Announcement, maxWords):
		return errAnnouncement
	case !d.Ends.After(now) || d.Ends.Sub(now) > Longest:
		return errEnd
	}
	return nil
}

// said says whether a text has words and is within its bound.
func said(text string, most int) bool {
	return strings.TrimSpace(text) != "" && wire.ValidText(text, most)
}

var (
	errName         = sekisho.Fail(sekisho.KindInvalid, "disaster.name")
	errText         = sekisho.Fail(sekisho.KindInvalid, "disaster.widening")
	errReason       = sekisho.Fail(sekisho.KindInvalid, "disaster.reason")
	errAnnouncement = sekisho.Fail(sekisho.KindInvalid, "disaster.announcement")
	errEnd          = sekisho.Fail(sekisho.KindInvalid, "disaster.end")
	errUnknown      = sekisho.Fail(sekisho.KindNotFound, "disaster.not_agreed")
	errAlready      = sekisho.Fail(sekisho.KindConflict, "disaster.already")
	errNone         = sekisho.Fail(sekisho.KindConflict, "disaster.none")
	errSecond       = sekisho.Fail(sekisho.KindDenied, "disaster.second_needed")
	errMany         = sekisho.Fail(sekisho.KindBusy, "disaster.too_many")
)
