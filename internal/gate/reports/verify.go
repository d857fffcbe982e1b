package reports

import (
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

// Verified is what a report shows to whoever holds the log's key.
type Verified struct {
	Origin   string    `json:"origin"`
	Report   string    `json:"report"` // its id
	Seq      int64     `json:"seq"`    // the entry that names it
	At       time.Time `json:"at"`     // when it was made
	From     string    `json:"from"`   // days in Japan, both inclusive
	To       string    `json:"to"`
	Language string    `json:"language"`
	SHA256   string    `json:"sha256"`
	Size     int64     `json:"size"` // entries of the signed log
	Root     string    `json:"root"`
}

// Verify checks a report offline. What does not hold is an error.
func Verify(file []byte, verifier note.Verifier) (v Verified, err error) {
	a, err := checkpoint.Detach(file)
	if err != nil {
		return v, err
	}
	if a.Form != checkpoint.FormHTML && a.Form != checkpoint.FormPDF {
		return v, checkpoint.ErrMalformed
	}
	c, err := a.Verify(verifier, KindMade)
	if err != nil {
		return v, err
	}
	return Verified{
		Origin: verifier.Name(), Report: c.ObjectID, Seq: c.Seq, At: c.At, From: c.Detail["from"], To: c.Detail["until"], Language: c.Detail["language"],
		SHA256: checkpoint.Digest(a.Body), Size: c.Checkpoint.Size, Root: c.Checkpoint.Root.String(),
	}, nil
}
