package training

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/foundation/storage"
	"github.com/sekisho/sekisho/internal/wire"
)

// Results of a record.
const (
	ResultPassed       = "passed"
	ResultFailed       = "failed"
	ResultAcknowledged = "acknowledged"
	ResultPractised    = "practised"
)

// Record is one quiz that ended, one document that was acknowledged, or one
// scenario of the practice that was played to its end.
type Record struct {
	Person  sekisho.PersonID
	Title   wire.Words // of the course, or of the document's version
	Version int        // of the document; 0 for a course
	Result  string
	Percent int // of a quiz
	At      time.Time
	Until   time.Time // a passed quiz's end of validity
	Device  sekisho.DeviceID
	Session sekisho.SessionID  // of the login that confirmed who it was; "" if none has
	Class   sekisho.LeaseClass // how that login was made
}

// KindTaken is the entry that names a file of records.
const KindTaken = "training.exported"

// Taking is what somebody wants to take away of the records.
type Taking struct {
	By     sekisho.PersonID
	Person sekisho.PersonID // whose records; "" is everybody's
	Format string           // csv or pdf
	Write  func([]Record) ([]byte, error)

	// May is asked last, with how many records a file holds that is ready to leave:
	// what it refuses does not leave. nil asks nobody.
	May func(ctx context.Context, records int) error
}

// Take gives the file of records, the newest first. Its row, with the file's
// hash, is in the log before the file leaves.
func (r *Training) Take(ctx context.Context, t Taking) (file []byte, err error) {
	var found []Record
	err = r.db.Read(ctx, func(tx storage.Tx) error {
		found, err = records(ctx, tx, t.Person)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("training: take records: %w", err)
	}
	if file, err = t.Write(found); err != nil {
		return nil, fmt.Errorf("training: take records: %w", err)
	}
	if t.May != nil {
		if err := t.May(ctx, len(found)); err != nil {
			return nil, err
		}
	}
	err = r.db.Write(ctx, func(tx storage.Tx) error { return r.log.Append(ctx, tx, takenRow(t, len(found), file)) })
	if err != nil {
		return nil, fmt.Errorf("training: take records: %w", err)
	}
	return file, nil
}

func takenRow(t Taking, n int, file []byte) audit.Event {
	sum := sha256.Sum256(file)
	about := audit.Object{Type: "training", ID: "records"}
	if t.Person != "" {
		about = audit.Object{Type: "person", ID: string(t.Person)}
	}
	return audit.Event{
		Kind: KindTaken, Actor: audit.Actor{Person: t.By}, Object: about, Decision: audit.Allow,
		Detail: map[string]string{"records": strconv.Itoa(n), "format": t.Format, "sha256": hex.EncodeToString(sum[:])},
	}
}

// records are one person's, or everybody's.
func records(ctx context.Context, tx storage.Tx, of sekisho.PersonID) ([]Record, error) {
	whose, args := "", []any(nil)
	if of != "" {
		whose, args = "WHERE person = ?", []any{string(of)}
	}
	return all(ctx, tx, scanRecord, `SELECT * FROM (
		SELECT a.person, c.title_ja, c.title_en, 0, a.state, a.asked, a.correct, a.ended, a.until, a.device, a.session, a.class
			FROM training_attempts a JOIN training_courses c ON c.id = a.course WHERE a.state IN ('passed', 'failed')
		UNION ALL
		SELECT k.person, v.title_ja, v.title_en, k.version, 'acknowledged', 0, 0, k.at, 0, k.device, k.session, k.class
			FROM training_acknowledgements k JOIN training_versions v ON v.document = k.document AND v.version = k.version
		UNION ALL
		SELECT p.person, s.title_ja, s.title_en, p.version, 'practised', 0, 0, p.ended, 0, p.device, p.session, p.class
			FROM training_practices p JOIN training_scenarios s ON s.id = p.scenario AND s.version = p.version WHERE p.state = 'done'
		) AS r `+whose+` ORDER BY 8 DESC, 1, 2`, args...)
}

func scanRecord(rows *sql.Rows) (r Record, err error) {
	var person, device, session, class string
	var asked, correct int
	var at, until int64
	err = rows.Scan(&person, &r.Title.JA, &r.Title.EN, &r.Version, &r.Result, &asked, &correct, &at, &until, &device, &session, &class)
	r.Person, r.Device = sekisho.PersonID(person), sekisho.DeviceID(device)
	r.Session, r.Class = sekisho.SessionID(session), sekisho.LeaseClass(class)
	r.Percent, r.At, r.Until = percent(correct, asked), storage.Time(at), storage.Time(until)
	return r, err
}
