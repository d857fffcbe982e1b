package training

import (
	"context"
	"database/sql"
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

// Records gives all of them, the newest first, to take away: its row is in the
// log before the first record leaves.
func (r *Training) Records(ctx context.Context, by sekisho.PersonID) (out []Record, err error) {
	err = r.db.Write(ctx, func(tx storage.Tx) error {
		if out, err = records(ctx, tx); err != nil {
			return err
		}
		return r.log.Append(ctx, tx, audit.Event{
			Kind: "training.exported", Actor: audit.Actor{Person: by}, Object: audit.Object{Type: "training", ID: "records"},
			Decision: audit.Allow, Detail: map[string]string{"records": strconv.Itoa(len(out))},
		})
	})
	if err != nil {
		return nil, fmt.Errorf("training: records: %w", err)
	}
	return out, nil
}

func records(ctx context.Context, tx storage.Tx) ([]Record, error) {
	return all(ctx, tx, scanRecord, `
		SELECT a.person, c.title_ja, c.title_en, 0, a.state, a.asked, a.correct, a.ended, a.until, a.device, a.session, a.class
			FROM training_attempts a JOIN training_courses c ON c.id = a.course WHERE a.state IN ('passed', 'failed')
		UNION ALL
		SELECT k.person, v.title_ja, v.title_en, k.version, 'acknowledged', 0, 0, k.at, 0, k.device, k.session, k.class
			FROM training_acknowledgements k JOIN training_versions v ON v.document = k.document AND v.version = k.version
		UNION ALL
		SELECT p.person, s.title_ja, s.title_en, p.version, 'practised', 0, 0, p.ended, 0, p.device, p.session, p.class
			FROM training_practices p JOIN training_scenarios s ON s.id = p.scenario AND s.version = p.version WHERE p.state = 'done'
		ORDER BY 8 DESC, 1, 2`)
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
