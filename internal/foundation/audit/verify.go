package audit

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/twin/checkpoint"
	"github.com/sekisho/sekisho/internal/wire"
)

// ErrTampered is returned beside a Report with findings.
var ErrTampered = sekisho.Fail(sekisho.KindConflict, "audit.tampered")

// Expect is what a verifier knows from elsewhere.
type Expect struct {
	Key   string              // the log's verifier key, as it was given to you
	Since []byte              // a checkpoint that you kept; without it a rollback cannot be seen
	Roots []ed25519.PublicKey // whose statements about restarts you believe
}

// walk recomputes the tree entry by entry and compares it, at the sizes where
// something was signed, with what was signed.
type walk struct {
	report   *Report
	verifier note.Verifier
	name     string // of the log
	edge     edge
	wanted   map[int64][]want

	restarts   []checkpoint.Epoch // that are believed
	statements map[int]string     // by epoch, SHA-256 of the roots' statement
	opened     map[int]string     // the same, as the entry says that opened the epoch
}

type want struct {
	root  tlog.Hash
	label string
	lost  bool // it was declared lost: fitting would be better than was said
}

func newWalk(key string) (*walk, error) {
	v, err := checkpoint.NewVerifier(key)
	if err != nil {
		return nil, err
	}
	return &walk{report: &Report{Rollback: RollbackNotChecked, Findings: []Finding{}, Restarts: []Restart{}, Alarmed: []Alarm{}},
		verifier: v, name: v.Name(), wanted: map[int64][]want{}, statements: map[int]string{}, opened: map[int]string{}}, nil
}

// head sets which tree is being verified.
func (w *walk) head(c checkpoint.Checkpoint, epoch int) {
	w.report.Origin, w.report.Epoch, w.report.Size = w.name, epoch, c.Size
}

// restart takes a statement of the roots. Where the verifier named roots, two
// of them must have signed it. Where none were named it is reported as not
// trusted, and taken at its word only if believe says so: a server has verified
// its own rows when they came.
func (w *walk) restart(number int, signed []wire.Signed, roots []ed25519.PublicKey, believe bool) {
	r := Restart{Number: number, Roots: []string{}}
	var e checkpoint.Epoch
	if len(signed) == 0 || json.Unmarshal(signed[0].Payload, &e) != nil || e.Number != number || len(e.Root) != tlog.HashSize {
		w.report.find(-1, "the statement of epoch %d is broken", number)
		w.report.Restarts = append(w.report.Restarts, r)
		return
	}
	sum := sha256.Sum256(signed[0].Payload)
	w.statements[number] = hex.EncodeToString(sum[:])
	_, who, err := checkpoint.OpenEpoch(signed, roots, w.name)
	for _, k := range who {
		r.Roots = append(r.Roots, wire.Fingerprint(k))
	}
	r.Size, r.Kept, r.Lost, r.At, r.Reason, r.Trusted = e.Size, e.Kept, e.Lost, e.At, e.Reason, err == nil
	w.report.Restarts = append(w.report.Restarts, r)
	if err != nil && len(roots) > 0 {
		w.report.find(-1, "the statement of epoch %d does not hold: %v", number, err)
		return
	}
	if err == nil || believe {
		w.restarts = append(w.restarts, e)
		w.want(e.Size, tlog.Hash(e.Root), fmt.Sprintf("the roots' statement of epoch %d", number))
	}
}

func (w *walk) want(size int64, root tlog.Hash, label string) {
	w.wanted[size] = append(w.wanted[size], want{root: root, label: label})
}

// survivors is how many entries of an epoch are still in the log, and whether
// statements that the verifier believes say so for every restart since.
func (w *walk) survivors(epoch int) (size int64, explained bool) {
	size, explained = w.report.Size, true
	for n := epoch + 1; n <= w.report.Epoch; n++ {
		i := slices.IndexFunc(w.restarts, func(e checkpoint.Epoch) bool { return e.Number == n })
		if i < 0 {
			return size, false
		}
		size = min(size, w.restarts[i].Kept)
	}
	return size, explained
}

// remembered takes a signed checkpoint of this log that the tree must pass
// through, and returns it. It says whether it can be compared at all, and
// whether it is among the entries that were declared lost.
func (w *walk) remembered(signed []byte, label string) (c checkpoint.Checkpoint, comparable, lost bool) {
	c, err := checkpoint.Open(signed, w.verifier, w.name)
	if err != nil {
		w.report.find(-1, "%s: %v", label, err)
		return c, false, false
	}
	epoch, err := checkpoint.EpochOf(c.Origin, w.name)
	if err != nil {
		w.report.find(-1, "%s: %v", label, err)
		return c, false, false
	}
	survivors, explained := w.survivors(epoch)
	switch {
	case epoch > w.report.Epoch:
		w.report.find(-1, "%s is of epoch %d, the log of epoch %d: it was rolled back", label, epoch, w.report.Epoch)
	case !explained && c.Size > w.report.Size:
		w.report.find(-1, "%s has %d entries, the log %d, and no statement of roots you named explains it", label, c.Size, w.report.Size)
	case c.Size > survivors && epoch < w.report.Epoch && explained:
		return c, true, true
	case c.Size > w.report.Size:
		w.report.find(-1, "%s has %d entries, the log %d: it was rolled back", label, c.Size, w.report.Size)
	case !explained && epoch < w.report.Epoch:
		// It may have been among the lost ones, or not; comparing decides.
		w.want(c.Size, c.Root, label+" (of an epoch whose end no roots you named explain)")
	default:
		w.want(c.Size, c.Root, label)
	}
	return c, true, false
}

// since takes the verifier's own pin.
func (w *walk) since(pin []byte) {
	if len(pin) == 0 {
		return
	}
	const label = "the pinned checkpoint"
	c, comparable, lost := w.remembered(pin, label)
	switch {
	case lost:
		// A statement draws its line at the last checkpoint that is known to fit,
		// so a pin beyond it may be of the entries that are still there.
		w.report.Rollback = RollbackDeclared
		w.wanted[c.Size] = append(w.wanted[c.Size], want{c.Root, label, true})
	case comparable:
		w.report.Rollback = RollbackChecked
	}
}

// check compares the present root with what is wanted at this size.
func (w *walk) check() error {
	wants, ok := w.wanted[w.edge.size]
	if !ok {
		return nil
	}
	delete(w.wanted, w.edge.size)
	root, err := w.edge.root()
	if err != nil {
		return err
	}
	for _, x := range wants {
		if root != x.root && x.lost {
			continue
		}
		if x.lost {
			w.report.Rollback = RollbackChecked
		}
		if root != x.root {
			w.report.find(-1, "the tree of %d entries is not that of %s", w.edge.size, x.label)
			continue
		}
		w.report.Checkpoints++
	}
	return nil
}

// entry adds one entry and returns the hashes that became complete.
func (w *walk) entry(leaf []byte) (first int64, hashes []tlog.Hash, err error) {
	if err := w.check(); err != nil {
		return 0, nil, err
	}
	return w.edge.add(leaf)
}

// look reads what the report wants to know from an entry.
func (w *walk) look(seq int64, l leafJSON) {
	if w.report.First.IsZero() {
		w.report.First = l.At
	}
	w.report.Last = l.At
	switch l.Kind {
	case "audit.forged", "audit.vanished":
		if w.report.Alarms++; w.report.Alarms <= maxFindings {
			w.report.Alarmed = append(w.report.Alarmed, Alarm{Seq: seq, At: l.At, Kind: l.Kind, Row: l.Object.ID, SHA256: l.Detail["sha256"]})
		}
	case "audit.dropped":
		if n, err := strconv.ParseInt(l.Detail["events"], 10, 64); err == nil && n > 0 {
			w.report.Dropped += n
		}
	case "audit.epoch_opened":
		if n, err := strconv.Atoi(l.Detail["number"]); err == nil {
			w.opened[n] = l.Detail["statement"]
		}
	}
}

// checkEpochs compares the roots' statements with the entries that opened epochs.
func (w *walk) checkEpochs() {
	for n := 2; n <= w.report.Epoch; n++ {
		if w.statements[n] == "" || w.statements[n] != w.opened[n] {
			w.report.find(-1, "the statement of epoch %d is not the one that opened it", n)
		}
	}
	if extra := max(len(w.statements), len(w.opened)); extra > max(w.report.Epoch-1, 0) {
		w.report.find(-1, "the log is in epoch %d, and %d were opened", w.report.Epoch, extra+1)
	}
}

// finish compares the last root and reports it as it was computed.
func (w *walk) finish() error {
	if w.edge.size != w.report.Size {
		return errors.New("audit: verification ended early")
	}
	if err := w.check(); err != nil {
		return err
	}
	root, err := w.edge.root()
	w.report.Root = root.String()
	return err
}
