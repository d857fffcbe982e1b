package audit

import (
	"fmt"
	"time"
)

// What a Report says about rollback.
const (
	RollbackChecked    = "rollback checked"
	RollbackNotChecked = "rollback not checked"
	// RollbackDeclared is neither: what was pinned is not there any more, and a
	// statement that the verifier believes says that it was lost in a restart.
	RollbackDeclared = "the pinned entries were declared lost"
)

// Report is the outcome of a verification.
type Report struct {
	Origin      string    `json:"origin"`
	Epoch       int       `json:"epoch"`
	Size        int64     `json:"size"`
	Root        string    `json:"root"` // base64, as in the checkpoint
	First       time.Time `json:"first"`
	Last        time.Time `json:"last"`
	Checkpoints int       `json:"checkpoints"` // signed heads that the tree passes through
	Erased      int64     `json:"erased"`      // personal values that are gone; live verification only
	Dropped     int64     `json:"dropped"`     // closing acts that could not be kept anywhere and are known only by their number
	Alarms      int       `json:"alarms"`      // rows that a stranger put into the inbox, or took out of it: refused or missed, and recorded
	Alarmed     []Alarm   `json:"alarmed"`     // the first of them
	Rollback    string    `json:"rollback"`
	Restarts    []Restart `json:"restarts"`
	Findings    []Finding `json:"findings"`
	Cut         bool      `json:"cut"` // there were more findings than are listed
}

// OK says whether the log is as it was signed. It may be, and still tell of
// what nobody should pass over: see Quiet.
func (r Report) OK() bool { return len(r.Findings) == 0 }

// Quiet says whether nobody tried to change what was being written, and nothing
// of what the verifier pinned is gone.
func (r Report) Quiet() bool { return r.OK() && r.Alarms == 0 && r.Rollback != RollbackDeclared }

// Alarm is an entry by which the log tells that somebody worked against it.
type Alarm struct {
	Seq    int64     `json:"seq"`
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"`   // audit.forged or audit.vanished
	Row    string    `json:"row"`    // id of the entry that vanished
	SHA256 string    `json:"sha256"` // of what was forged, or is gone
}

// Restart is an epoch that roster roots opened after a restore.
type Restart struct {
	Number  int       `json:"number"`
	Size    int64     `json:"size"` // entries from which the epoch grew
	Kept    int64     `json:"kept"` // entries of which none was lost
	Lost    int64     `json:"lost"` // the largest size that was known
	At      time.Time `json:"at"`
	Reason  string    `json:"reason"`
	Roots   []string  `json:"roots"`   // fingerprints of the keys that signed
	Trusted bool      `json:"trusted"` // two of them are roots that the verifier knows
}

// Finding is one thing that is not as it was signed.
type Finding struct {
	Seq  int64  `json:"seq"` // entry; -1 where it is not about one
	What string `json:"what"`
}

const maxFindings = 100

func (r *Report) find(seq int64, format string, args ...any) {
	if len(r.Findings) >= maxFindings {
		r.Cut = true
		return
	}
	r.Findings = append(r.Findings, Finding{seq, fmt.Sprintf(format, args...)})
}

// err is the error that belongs to the report.
func (r *Report) err() error {
	if r.OK() {
		return nil
	}
	f := r.Findings[0]
	if f.Seq >= 0 {
		return ErrTampered.Because(fmt.Errorf("entry %d: %s (%d findings)", f.Seq, f.What, len(r.Findings)))
	}
	return ErrTampered.Because(fmt.Errorf("%s (%d findings)", f.What, len(r.Findings)))
}
