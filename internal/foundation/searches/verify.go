package searches

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
)

// Verified is what a file of rows shows to whoever holds the log's key.
type Verified struct {
	Origin string    `json:"origin"`
	Seq    int64     `json:"seq"` // the entry that names the file
	At     time.Time `json:"at"`  // when the file was made
	By     string    `json:"by"`  // id of the person who took it
	Size   int64     `json:"size"`
	Root   string    `json:"root"`
	SHA256 string    `json:"sha256"`
	Rows   int       `json:"rows"`
	First  int64     `json:"first"`
	Last   int64     `json:"last"`
}

// Verify checks a file of rows offline: the file against the entry that names
// it, and each row against its own proof. There is nothing half proven: what
// does not hold is an error.
func Verify(file []byte, verifier note.Verifier) (v Verified, err error) {
	a, err := checkpoint.Detach(file)
	if err != nil {
		return v, err
	}
	claim, err := a.Verify(verifier, KindTaken)
	if err != nil {
		return v, err
	}
	var rows []Row
	var cells [][]string
	switch a.Form {
	case checkpoint.FormCSV:
		rows, cells, err = readCSV(a.Body)
	case checkpoint.FormJSON:
		rows, err = readJSON(a.Body)
	default:
		err = checkpoint.ErrMalformed
	}
	if err != nil {
		return v, err
	}
	if strconv.Itoa(len(rows)) != claim.Detail["rows"] {
		return v, fmt.Errorf("%w: %d rows", checkpoint.ErrChanged, len(rows))
	}
	for i, r := range rows {
		if err := checkRow(r, cellsOf(cells, i), verifier); err != nil {
			return v, fmt.Errorf("searches: row %d: %w", r.Seq, err)
		}
	}
	v = Verified{
		Origin: verifier.Name(), Seq: claim.Seq, At: claim.At, By: claim.Person, Size: claim.Checkpoint.Size, Root: claim.Checkpoint.Root.String(),
		SHA256: checkpoint.Digest(a.Body), Rows: len(rows),
	}
	if len(rows) > 0 {
		v.First, v.Last = rows[len(rows)-1].Seq, rows[0].Seq
	}
	return v, nil
}

func cellsOf(cells [][]string, i int) []string {
	if cells == nil {
		return nil
	}
	return cells[i]
}

// checkRow compares what a row says with the leaf that its proof holds.
func checkRow(r Row, cells []string, verifier note.Verifier) error {
	p, err := checkpoint.ParseProof([]byte(r.Proof))
	if err != nil {
		return err
	}
	if _, err := p.Verify(verifier, verifier.Name()); err != nil {
		return err
	}
	e, err := audit.ReadLeaf(p.Extra)
	if err != nil {
		return err
	}
	e.Seq = p.Index
	want := rowOf(e, r.Proof)
	if cells != nil {
		of := columns(len(cells))
		for i, cell := range want.cells() {
			at := slices.Index(of, Columns[i])
			if at < 0 && cell != "" {
				return fmt.Errorf("%w: no column %s", checkpoint.ErrChanged, Columns[i]) // left out, although the leaf has it
			}
			if at >= 0 && !free[Columns[i]] && cells[at] != strings.ReplaceAll(Neutral(cell), "\r\n", "\n") { // as a reader of tables gives line breaks back
				return fmt.Errorf("%w: %s", checkpoint.ErrChanged, Columns[i])
			}
		}
		return nil
	}
	want.PersonName, want.DeviceName, want.ObjectName, want.ReasonText, want.Personal = r.PersonName, r.DeviceName, r.ObjectName, r.ReasonText, r.Personal
	if !reflect.DeepEqual(want, r) {
		return checkpoint.ErrChanged
	}
	return nil
}

// free are the columns that do not stand in the leaf.
var free = map[string]bool{"person_name": true, "device_name": true, "object_name": true, "reason_text": true, "personal": true}
